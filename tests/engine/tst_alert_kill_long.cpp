// kill -9 of the whole program at random moments, many times (tst_alert_kill: a few).
#include "tests/engine/alert_victim.h"

class TstAlertKillLong final : public QObject, AlertVictim {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void init() { moveIn(); }
    void cleanup() { moveOut(); }

    void killedAtAnyMomentEachIncidentIsToldOnceAndEndedOnce() { killAtAnyMoment(6); }
};

QTEST_GUILESS_MAIN(TstAlertKillLong)
#include "tst_alert_kill_long.moc"
