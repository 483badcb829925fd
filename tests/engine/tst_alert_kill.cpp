// kill -9 of the whole program in every state an alert can be in: no incident is lost, nobody is told twice.
#include "tests/engine/alert_victim.h"

class TstAlertKill final : public QObject, AlertVictim {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void init() { moveIn(); }
    void cleanup() { moveOut(); }

    void whatWaitsGoesOnWhereItWas()
    {
        start();
        setTrouble(true);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(QStringLiteral("Later")), QStringLiteral("pending"), kPatience);
        const QJsonValue since = instanceOf(QStringLiteral("Later"))[QLatin1String("active")];
        kill();
        start();
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Later")).size(), 1U, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(QStringLiteral("Later")), QStringLiteral("firing"), kPatience);
        QCOMPARE(instanceOf(QStringLiteral("Later"))[QLatin1String("active")], since);
        QCOMPARE(told(QStringLiteral("Now")).size(), 1U);
    }

    void whatFiresIsNotToldTwiceAndItsEndIsTold()
    {
        start();
        setTrouble(true);
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Later")).size(), 1U, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(QStringLiteral("Later")), QStringLiteral("firing"), kPatience);
        kill();
        start();
        liveOn();
        QCOMPARE(told(QStringLiteral("Later")).size(), 1U);
        setTrouble(false);
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Later")).size(), 2U, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), 2U, kPatience);
        const auto all = told(QStringLiteral("Later"));
        QVERIFY(all[0].firing && !all[1].firing);
        QCOMPARE(all[1].startsAt, all[0].startsAt);
    }

    void whatIsOverWhileNobodyLooksIsToldAfterTheStart()
    {
        start();
        setTrouble(true);
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), 1U, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(QStringLiteral("Now")), QStringLiteral("firing"), kPatience);
        kill();
        setTrouble(false);
        start();
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), 2U, kPatience);
        QVERIFY(!told(QStringLiteral("Now"))[1].firing);
    }

    void whatIsAcknowledgedStaysSo()
    {
        start();
        setTrouble(true);
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), 1U, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(QStringLiteral("Now")), QStringLiteral("firing"), kPatience);
        QCOMPARE(say("ack"), "done");
        kill(); // at once
        start();
        liveOn();
        QTRY_VERIFY_WITH_TIMEOUT(say("said").startsWith("by=ann"), kPatience);
        QCOMPARE(told(QStringLiteral("Now")).size(), 1U);
        setTrouble(false);
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), 2U, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(read(QStringLiteral("incidents.jsonl")).contains("\"ann\""), kPatience);
    }

    // Each word, the moment it is taken: nothing that was called done is taken back.
    void whatIsSaidHoldsFromTheMomentItIsDone()
    {
        start();
        setTrouble(true);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(QStringLiteral("Now")), QStringLiteral("firing"), kPatience);
        const std::pair<const char*, const char*> words[] = {{"ack", "by=ann snoozed=0 silences=0"},
                                                             {"silence", "by=ann snoozed=0 silences=1"},
                                                             {"unsilence", "by=ann snoozed=0 silences=0"},
                                                             {"snooze", "by=ann snoozed=1 silences=0"}};
        for (const auto& [word, holds] : words) {
            QTRY_VERIFY_WITH_TIMEOUT(say("said") != "nothing fires", kPatience);
            QCOMPARE(say(word), "done");
            kill();
            start();
            QTRY_COMPARE_WITH_TIMEOUT(say("said"), QByteArray(holds), kPatience);
        }
    }

    void whatIsSilencedStaysSoAndIsToldWhenTheSilenceEnds()
    {
        start();
        QCOMPARE(say("silence"), "done");
        setTrouble(true);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(QStringLiteral("Now")), QStringLiteral("firing"), kPatience);
        kill();
        start();
        liveOn();
        QCOMPARE(told(QStringLiteral("Now")).size(), 0U);
        QCOMPARE(say("unsilence"), "done");
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), 1U, kPatience);
        QVERIFY(told(QStringLiteral("Now"))[0].firing);
    }

    void whatIsOverButNotYetToldIsTold()
    {
        start();
        setTrouble(true);
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), 1U, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(QStringLiteral("Now")), QStringLiteral("firing"), kPatience);
        m_catcher->answer([](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, 503};
        });
        setTrouble(false);
        QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), 2U, kPatience); // tried, and refused
        kill();
        const std::size_t before = m_catcher->requests().size();
        m_catcher->answer([](std::size_t) { return support::CatcherAnswer{}; });
        start();
        QVERIFY(m_catcher->waitFor(before + 1, std::chrono::milliseconds(kPatience)));
        liveOn();
        QCOMPARE(told(QStringLiteral("Now")).size(), 2U); // the same id again
        QVERIFY(!told(QStringLiteral("Now"))[1].firing);
    }

    void killedAtAnyMomentEachIncidentIsToldOnceAndEndedOnce() { killAtAnyMoment(1); }
};

QTEST_GUILESS_MAIN(TstAlertKill)
#include "tst_alert_kill.moc"
