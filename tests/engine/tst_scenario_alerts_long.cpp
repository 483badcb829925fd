// The alerts that need minutes, with the rules as they come: eight minutes, so run by ./tests/run --all only.
#include "tests/engine/scenario_trial.h"

#include <QCoreApplication>
#include <QTest>

#include <memory>

using namespace std::chrono_literals;
using support::ScenarioTrials;

class ScenarioAlertsLongTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void alertsOfMinutesFireToo()
    {
        support::PgServer server({.maxConnections = 300});
        QVERIFY2(server.ok(), server.error());
        ScenarioTrials trials;
        QString wrong = support::startAll(trials,
                                          {{"exhaustion", {{"duration", 310}}},    // CriticalPoolUsage, HighPoolUsage
                                           {"burst", {{"duration", 335}}},         // both, and HighSlowQueryRate
                                           {"slow_query", {{"duration", 455}}},    // HighSlowQueryRate
                                           {"slow_network", {{"duration", 455}}}}, // HighSlowQueryRate
                                          &server);
        wrong += support::verdictsOf(trials, 500s);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
};

// As QTEST_GUILESS_MAIN, with more patience than Qt's five minutes for a function.
int main(int argc, char** argv)
{
    qputenv("QTEST_FUNCTION_TIMEOUT", "600000");
    QCoreApplication application(argc, argv);
    ScenarioAlertsLongTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_scenario_alerts_long.moc"
