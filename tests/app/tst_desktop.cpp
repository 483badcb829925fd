// Notes on a session bus of the test's own, and when the bell rings.
#include "app/alarm_sound.h"
#include "app/desktop_notes.h"

#include <QDBusConnection>
#include <QDBusError>
#include <QProcess>
#include <QTest>
#include <QTemporaryDir>
#include <QVariantMap>

#include <future>

using metrics::Severity;
using notify::Sound;
using namespace std::chrono_literals;

namespace {

metrics::AlertRow firing(const std::string& incident, Severity severity)
{
    metrics::AlertRow row;
    row.name = incident;
    row.incidentId = incident;
    row.state = metrics::AlertState::Firing;
    row.severity = severity;
    return row;
}

constexpr core::SteadyTime kStart{std::chrono::hours(1)};

constexpr widgets::SoundChoice kOff{};
constexpr widgets::SoundChoice kOnce{widgets::SoundChoice::When::Once, Severity::Info};
constexpr widgets::SoundChoice kRepeat{widgets::SoundChoice::When::UntilAcknowledged, Severity::Info};

} // namespace

// What a desktop's own service is to its callers.
class FakeDesktop final : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Note {
        QString app;
        uint replaces;
        QString summary;
        QString body;
        QVariantMap hints;
        int timeout;
    };
    std::vector<Note> notes;

public Q_SLOTS:
    uint Notify(const QString& app, uint replaces, const QString&, const QString& summary, const QString& body,
                const QStringList&, const QVariantMap& hints, int timeout)
    {
        notes.push_back({app, replaces, summary, body, hints, timeout});
        return replaces != 0 ? replaces : static_cast<uint>(notes.size()) + 40;
    }
};

class TstDesktop final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNoteReachesTheDesktopAndReplacesTheOneBefore()
    {
        QProcess bus;
        bus.start("dbus-daemon", {"--session", "--nofork", "--print-address=1"});
        QVERIFY2(bus.waitForStarted(30000) && bus.waitForReadyRead(30000), "dbus-daemon is needed");
        const QString address = QString::fromUtf8(bus.readLine()).trimmed();
        FakeDesktop desktop;
        {
            QDBusConnection own = QDBusConnection::connectToBus(address, "desktop");
            QVERIFY(own.registerObject("/org/freedesktop/Notifications", &desktop, QDBusConnection::ExportAllSlots));
            const auto show = app::makeDesktopNotes(address);
            const auto send = [&](const notify::DesktopNote& note) {
                auto sent = std::async(std::launch::async, [&] { return show(note); });
                (void)QTest::qWaitFor([&] { return sent.wait_for(0s) == std::future_status::ready; }, 30000);
                return sent.get();
            };
            // Nobody shows notes yet: worth another try.
            QCOMPARE(send({"k", Severity::Critical, true, "t", "x"}).outcome, notify::Delivery::Outcome::Retry);
            QVERIFY(own.registerService("org.freedesktop.Notifications"));
            const auto first = send({"k", Severity::Critical, true, "HighPoolUsage", "92.3 % <b> & more"});
            QVERIFY2(first.outcome == notify::Delivery::Outcome::Sent, first.error.c_str());
            QCOMPARE(send({"k", Severity::Critical, false, "over", ""}).outcome, notify::Delivery::Outcome::Sent);
        }
        QCOMPARE(desktop.notes.size(), 2U);
        QCOMPARE(desktop.notes[0].app, "Poolscope");
        QCOMPARE(desktop.notes[0].summary, "HighPoolUsage");
        QCOMPARE(desktop.notes[0].body, "92.3 % &lt;b&gt; &amp; more");
        QCOMPARE(desktop.notes[0].hints["urgency"].toInt(), 2);
        QCOMPARE(desktop.notes[0].timeout, 0); // stays
        QCOMPARE(desktop.notes[1].replaces, 41U);
        QCOMPARE(desktop.notes[1].hints["urgency"].toInt(), 0);
        QDBusConnection::disconnectFromBus("desktop");
        bus.kill();
        bus.waitForFinished(30000);
    }

    void withoutABusItSaysSo()
    {
        const auto show = app::makeDesktopNotes("unix:path=/nowhere/bus");
        const auto sent = show({"k", Severity::Info, true, "t", "x"});
        QCOMPARE(sent.outcome, notify::Delivery::Outcome::Retry);
        QVERIFY(sent.error.find("no session bus") != std::string::npos);
    }

    void theBellRingsForNewsAndAgainUntilAcknowledged()
    {
        app::AlarmBell bell;
        std::vector rows{firing("a", Severity::Warning)};
        QCOMPARE(bell.ring(rows, kRepeat, kStart), Severity::Warning);
        QVERIFY(!bell.ring(rows, kRepeat, kStart + 29s));
        QCOMPARE(bell.ring(rows, kRepeat, kStart + 30s), Severity::Warning);
        rows.push_back(firing("b", Severity::Critical));
        QCOMPARE(bell.ring(rows, kRepeat, kStart + 31s), Severity::Critical);
        rows[1].ackedBy = "me";
        QVERIFY(!bell.ring(rows, kRepeat, kStart + 32s));
        rows[0].silencedBy = {"s"};
        QVERIFY(!bell.ring(rows, kRepeat, kStart + 10min));
    }

    void onceIsOnceAndOffIsOff()
    {
        app::AlarmBell bell;
        std::vector rows{firing("a", Severity::Info)};
        QCOMPARE(bell.ring(rows, kOnce, kStart), Severity::Info);
        QVERIFY(!bell.ring(rows, kOnce, kStart + 1h));
        rows[0].severity = Severity::Critical; // it rose
        QCOMPARE(bell.ring(rows, kOnce, kStart + 2h), Severity::Critical);
        app::AlarmBell quiet;
        QVERIFY(!quiet.ring(rows, kOff, kStart));
    }

    void onlyTheChosenSeveritiesSound()
    {
        app::AlarmBell bell;
        const widgets::SoundChoice grave{widgets::SoundChoice::When::UntilAcknowledged, Severity::Critical};
        std::vector rows{firing("a", Severity::Warning)};
        QVERIFY(!bell.ring(rows, grave, kStart));
        rows.push_back(firing("b", Severity::Critical));
        QCOMPARE(bell.ring(rows, grave, kStart + 1s), Severity::Critical);
        QVERIFY(!bell.ring({rows[0]}, grave, kStart + 1h));
    }

    void theChoiceOfTheWindowIsRememberedAndWinsOverTheFile()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath("window.ini");
        const widgets::SoundChoice chosen{widgets::SoundChoice::When::Once, Severity::Warning};
        {
            app::AlarmSound sound(Sound::Repeat, file);
            QCOMPARE(sound.choice().when, widgets::SoundChoice::When::UntilAcknowledged);
            sound.choose(chosen);
        }
        QVERIFY(app::AlarmSound(Sound::Off, file).choice() == chosen);
        QFile broken(file);
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("[sound]\nwhen=77\nfrom=x\n");
        broken.close();
        QVERIFY(app::AlarmSound(Sound::Off, file).choice().from == Severity::Info);
    }

    void theSoundIsAWaveFile()
    {
        for (const Severity severity : {Severity::Info, Severity::Warning, Severity::Critical}) {
            const QByteArray wav = app::alarmWav(severity);
            QVERIFY(wav.startsWith("RIFF"));
            QCOMPARE(wav.mid(8, 8), "WAVEfmt ");
            QVERIFY(wav.size() > 10000);
            QVERIFY(wav.size() < 200000);
        }
    }

    void thePlayerIsGivenTheFile()
    {
        QTemporaryDir folder;
        QFile script(folder.filePath("player"));
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/bin/sh\ncp \"$1\" \"" + folder.filePath("heard.wav").toUtf8() + "\"\n");
        script.close();
        script.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        app::AlarmSound sound(Sound::Once);
        sound.setPlayer(script.fileName());
        sound.show({firing("a", Severity::Critical)});
        QTRY_COMPARE_WITH_TIMEOUT(QFile(folder.filePath("heard.wav")).size(), app::alarmWav(Severity::Critical).size(), 30000);
    }
};

QTEST_GUILESS_MAIN(TstDesktop)
#include "tst_desktop.moc"
