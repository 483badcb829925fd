// kill -9 in every state of the outbox: nothing is lost, and no message gets a second id. What a server took
// but could not confirm in time is sent again under the same id.
#include "tests/support/http_catcher.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <map>
#include <set>

namespace {

class Victim {
public:
    Victim(const QTemporaryDir& folder, const support::HttpCatcher& catcher, int first, int last, int waitMs)
    {
        m_process.start(QStringLiteral(POOLSCOPE_BINARY_DIR "/tests/notify/outbox_victim"),
                        {folder.path(), QString::fromStdString(catcher.url("/hook")), QString::number(first),
                         QString::number(last), QString::number(waitMs)});
        if (!m_process.waitForStarted(30000)) {
            qFatal("outbox_victim does not start");
        }
    }
    ~Victim() { kill(); }
    [[nodiscard]] bool told() { return m_process.waitForReadyRead(60000); }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    void kill()
    {
        m_process.kill(); // SIGKILL
        m_process.waitForFinished(30000);
    }

private:
    QProcess m_process;
};

// By alert: the ids of the messages that told of it.
std::map<QString, std::set<std::string>> idsByAlert(const support::HttpCatcher& catcher)
{
    std::map<QString, std::set<std::string>> ids;
    for (const support::CaughtRequest& request : catcher.requests()) {
        const auto body = QJsonDocument::fromJson(QByteArray::fromStdString(request.body)).object();
        for (const auto alert : body["alerts"].toArray()) {
            ids[alert.toObject()["labels"].toObject()["alertname"].toString()].insert(
                request.headers.at("x-poolscope-message-id"));
        }
    }
    return ids;
}

void compareOneIdEach(const support::HttpCatcher& catcher, std::size_t alerts)
{
    const auto ids = idsByAlert(catcher);
    QCOMPARE(ids.size(), alerts);
    for (const auto& [alert, messages] : ids) {
        QVERIFY2(messages.size() == 1, qPrintable(alert));
    }
}

} // namespace

class TstKill final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEventThatWaitsForItsGroupIsNotLost()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        {
            Victim victim(folder, catcher, 1, 3, 4000);
            QVERIFY(victim.told());
            QTRY_VERIFY_WITH_TIMEOUT(QFile(folder.filePath("notify.journal")).size() > 1000, 30000);
        }
        Victim again(folder, catcher, 1, 0, 4000); // tells nothing itself
        QTRY_COMPARE_WITH_TIMEOUT(idsByAlert(catcher).size(), 3U, 60000);
        compareOneIdEach(catcher, 3);
    }

    void aMessageThatIsTriedAgainIsNotLost()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, 500};
        });
        {
            Victim victim(folder, catcher, 1, 1, 0);
            QVERIFY(catcher.waitFor(2, std::chrono::seconds(60)));
        }
        catcher.answer([](std::size_t) { return support::CatcherAnswer{}; });
        const std::size_t before = catcher.requests().size();
        Victim again(folder, catcher, 1, 1, 0); // the rules tell it again: the same event
        QVERIFY(catcher.waitFor(before + 1, std::chrono::seconds(60)));
        compareOneIdEach(catcher, 1);
    }

    void whatArrivedUnconfirmedComesAgainUnderItsOldId()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        std::atomic<qint64> pid{0};
        catcher.answer([&](std::size_t) { // the server has it; the sender dies before it hears so
            ::kill(static_cast<pid_t>(pid.load()), SIGKILL);
            return support::CatcherAnswer{};
        });
        {
            Victim victim(folder, catcher, 1, 0, 0);
            pid = victim.pid();
        }
        Victim victim(folder, catcher, 1, 1, 0);
        pid = victim.pid();
        QVERIFY(catcher.waitFor(1, std::chrono::seconds(60)));
        victim.kill();
        catcher.answer([](std::size_t) { return support::CatcherAnswer{}; });
        Victim again(folder, catcher, 1, 1, 0);
        QVERIFY(catcher.waitFor(2, std::chrono::seconds(60)));
        const auto requests = catcher.requests();
        QCOMPARE(requests[0].headers.at("x-poolscope-message-id"),
                 requests[1].headers.at("x-poolscope-message-id"));
        QCOMPARE(requests[0].body, requests[1].body);
    }

    void whatIsDoneIsNotSaidAgain()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        {
            Victim victim(folder, catcher, 1, 1, 0);
            QVERIFY(catcher.waitFor(1, std::chrono::seconds(60)));
            QVERIFY(victim.told());
            // A second alert behind it: once that arrived, the end of the first is on disk.
            Q_UNUSED(victim)
        }
        Victim again(folder, catcher, 1, 2, 0);
        QTRY_COMPARE_WITH_TIMEOUT(idsByAlert(catcher).size(), 2U, 60000);
        compareOneIdEach(catcher, 2);
    }

    void killedAtAnyMomentNothingIsLostAndNothingDoubled()
    {
        constexpr int kAlerts = 25; // with the lives below fewer tries than a webhook bears in a minute
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t number) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, number % 7 == 3 ? 503 : 200};
        });
        QRandomGenerator random(20261126);
        for (int life = 0; life < 8; ++life) {
            Victim victim(folder, catcher, 1, kAlerts, 0);
            const int delay = random.bounded(20, 400);
            QElapsedTimer timer;
            timer.start();
            (void)QTest::qWaitFor([&] { return timer.elapsed() >= delay; }, 1000);
            victim.kill();
        }
        Victim last(folder, catcher, 1, kAlerts, 0);
        QTRY_COMPARE_WITH_TIMEOUT(idsByAlert(catcher).size(), std::size_t(kAlerts), 60000);
        compareOneIdEach(catcher, kAlerts);
    }
};

QTEST_GUILESS_MAIN(TstKill)
#include "tst_kill.moc"
