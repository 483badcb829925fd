// Secrets in a real key ring: a session bus and a gnome-keyring of their own, and the file when there is
// none.
#include "tests/notify/events.h"
#include "tests/support/http_catcher.h"

#include "monitor/notify/service.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace std::chrono_literals;

namespace {

const std::string kToken = "quite-a-secret-token";

metrics::ChannelSetup webhook(const std::string& name, const std::string& url)
{
    metrics::ChannelSetup setup;
    setup.name = name;
    setup.kind = "webhook";
    setup.groupWait = 0s;
    setup.settings["url"] = {url};
    return setup;
}

core::Result<void> outcomeOf(const std::function<void(notify::Service::Done)>& begin)
{
    auto promise = std::make_shared<std::promise<core::Result<void>>>();
    auto outcome = promise->get_future();
    begin([promise](const core::Result<void>& result) { promise->set_value(result); });
    return outcome.wait_for(60s) == std::future_status::ready ? outcome.get()
                                                              : core::Result<void>(core::fail("no answer"));
}

core::Result<void> saved(notify::Service& service, const metrics::ChannelSetup& setup,
                         const std::map<std::string, std::string>& secrets)
{
    return outcomeOf([&](const notify::Service::Done& done) {
        if (auto checked = service.save(setup, secrets, done); !checked) {
            done(checked);
        }
    });
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// Refuses everything, as a ring whose owner dismissed the prompt.
class LockedRing final : public notify::KeyRing {
public:
    core::Result<void> reachable() override { return {}; }
    core::Result<std::string> lookup(const std::string&) override { return locked(); }
    core::Result<void> store(const std::string&, const std::string&) override { return locked(); }
    core::Result<void> remove(const std::string&) override { return locked(); }

private:
    static core::Unexpected<core::Error> locked() { return core::fail("the key ring is locked", "locked"); }
};

} // namespace

class TstKeyRing final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
        QDir(m_home.path()).mkpath(QStringLiteral("run"));
        QFile::setPermissions(m_home.filePath(QStringLiteral("run")),
                              QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("HOME", m_home.path().toUtf8());
        qputenv("XDG_DATA_HOME", m_home.filePath(QStringLiteral("share")).toUtf8());
        qputenv("XDG_RUNTIME_DIR", m_home.filePath(QStringLiteral("run")).toUtf8());
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    }

    void cleanupTestCase()
    {
        for (QProcess* process : {&m_daemon, &m_bus}) {
            process->kill();
            process->waitForFinished(30'000);
        }
    }

    void withoutABusThereIsNoRing()
    {
        const auto ring = notify::sessionKeyRing("here");
        QCOMPARE(ring->reachable().error().code, std::string("unreachable"));
        QCOMPARE(ring->lookup("x").error().code, std::string("unreachable"));
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
        QCOMPARE(ring->reachable().error().code, std::string("unreachable"));
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    }

    void withoutARingTheFileKeepsThem()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        notify::ServiceOptions options;
        options.folder = folder.path().toStdString();
        options.keyRing = notify::sessionKeyRing(options.folder.string());
        notify::Service service(std::move(options));
        QTRY_COMPARE_WITH_TIMEOUT(service.secretPlace(), metrics::SecretPlace::File, 30'000);
        QVERIFY(saved(service, webhook("mine", catcher.url()), {{"token", kToken}}));
        QCOMPARE(service.setups().at(0).settings.at("token").at(0), std::string("secret:mine.token"));
        const QString file = folder.filePath(QStringLiteral("secrets.yml"));
        QVERIFY(contentOf(file).contains(kToken.c_str()));
        QVERIFY((QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther)) == QFile::Permissions());
        QVERIFY(outcomeOf([&](const auto& done) { service.remove("mine", done); }));
        QTRY_VERIFY_WITH_TIMEOUT(!contentOf(file).contains(kToken.c_str()), 30'000);
    }

    void aRingThatRefusesIsAnErrorAndWritesNoFile()
    {
        QTemporaryDir folder;
        notify::ServiceOptions options;
        options.folder = folder.path().toStdString();
        options.keyRing = std::make_shared<LockedRing>();
        notify::Service service(std::move(options));
        const auto outcome = saved(service, webhook("mine", "http://localhost/"), {{"token", kToken}});
        QCOMPARE(outcome.error().message, std::string("the key ring is locked"));
        QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("secrets.yml"))));
        QVERIFY(service.setups().empty());
    }

    void aRealRingKeepsThemAndNothingElseDoes()
    {
        startRing();
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        {
            notify::ServiceOptions options;
            options.folder = folder.path().toStdString();
            options.keyRing = notify::sessionKeyRing(options.folder.string());
            notify::Service service(std::move(options));
            QTRY_COMPARE_WITH_TIMEOUT(service.secretPlace(), metrics::SecretPlace::KeyRing, 30'000);
            const auto outcome = saved(service, webhook("mine", catcher.url()), {{"token", kToken}});
            QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
            QCOMPARE(service.setups().at(0).settings.at("token").at(0), std::string("keyring:mine.token"));
        }
        QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("secrets.yml"))));
        for (const QString& name : QDir(folder.path()).entryList(QDir::Files)) {
            QVERIFY2(!contentOf(folder.filePath(name)).contains(kToken.c_str()), qPrintable(name));
        }
        notify::ServiceOptions options;
        options.folder = folder.path().toStdString();
        options.keyRing = notify::sessionKeyRing(options.folder.string());
        notify::Service service(std::move(options));
        const auto tested = outcomeOf([&](const auto& done) { service.test("mine", done); });
        QVERIFY2(tested, tested ? "" : tested.error().message.c_str());
        QCOMPARE(catcher.requests().at(0).headers.at("authorization"), "Bearer " + kToken);
        // Another installation of the same user has its own.
        const auto other = notify::sessionKeyRing("elsewhere");
        QCOMPARE(other->lookup("mine.token").error().code, std::string("missing"));
        const auto mine = notify::sessionKeyRing(folder.path().toStdString());
        QCOMPARE(*mine->lookup("mine.token"), kToken);
        QVERIFY(outcomeOf([&](const auto& done) { service.remove("mine", done); }));
        QTRY_COMPARE_WITH_TIMEOUT(mine->lookup("mine.token").has_value(), false, 30'000);
    }

    void aLockedRingIsSaidAndTheMessageWaits()
    {
        startRing();
        const auto ring = notify::sessionKeyRing("locking");
        QVERIFY(ring->store("p", "pässword with \"quotes\"\nand lines"));
        QCOMPARE(*ring->lookup("p"), std::string("pässword with \"quotes\"\nand lines"));
        QVERIFY(ring->store("p", "another"));
        QCOMPARE(*ring->lookup("p"), std::string("another"));
        QProcess lock;
        lock.start(QStringLiteral("dbus-send"),
                   {QStringLiteral("--session"), QStringLiteral("--print-reply"),
                    QStringLiteral("--dest=org.freedesktop.secrets"),
                    QStringLiteral("/org/freedesktop/secrets"),
                    QStringLiteral("org.freedesktop.Secret.Service.Lock"),
                    QStringLiteral("array:objpath:/org/freedesktop/secrets/collection/login")});
        QVERIFY(lock.waitForFinished(30'000));
        QCOMPARE(lock.exitCode(), 0);
        QCOMPARE(ring->lookup("p").error().code, std::string("locked"));
    }

private:
    void startRing()
    {
        if (m_daemon.state() != QProcess::NotRunning) {
            return;
        }
        // Without the system's service files: nobody else's ring is started for whoever asks first.
        QFile config(m_home.filePath(QStringLiteral("bus.conf")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
            "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">"
            "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">"
            "<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>"
            "<allow own=\"*\"/></policy></busconfig>");
        config.close();
        m_bus.start(QStringLiteral("dbus-daemon"),
                    {QStringLiteral("--config-file=") + config.fileName(), QStringLiteral("--nofork"),
                     QStringLiteral("--print-address")});
        QVERIFY2(m_bus.waitForStarted(30'000) && m_bus.waitForReadyRead(30'000),
                 "dbus-daemon (package dbus-daemon) is needed");
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
        m_daemon.start(QStringLiteral("gnome-keyring-daemon"),
                       {QStringLiteral("--foreground"), QStringLiteral("--unlock"),
                        QStringLiteral("--components=secrets")});
        QVERIFY2(m_daemon.waitForStarted(30'000), "gnome-keyring-daemon (package gnome-keyring) is needed");
        m_daemon.write("password of the ring");
        m_daemon.closeWriteChannel();
        const auto ring = notify::sessionKeyRing("starting");
        std::string why;
        const auto well = [&](const core::Result<void>& outcome) {
            why = outcome ? std::string() : outcome.error().message;
            return outcome.has_value();
        };
        QTRY_VERIFY2_WITH_TIMEOUT(well(ring->reachable()), why.c_str(), 15'000);
        // Its collection comes a moment later.
        QTRY_VERIFY2_WITH_TIMEOUT(well(ring->store("first", "value")), why.c_str(), 15'000);
    }

    QTemporaryDir m_home;
    QProcess m_bus;
    QProcess m_daemon;
};

QTEST_GUILESS_MAIN(TstKeyRing)
#include "tst_key_ring.moc"
