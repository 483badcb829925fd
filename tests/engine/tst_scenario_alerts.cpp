// Every scenario raises exactly the alerts it names, with the rules as they come. Those that need minutes:
// tst_scenario_alerts_long.
#include "monitor/load/catalog.h"
#include "tests/engine/scenario_trial.h"

#include <QTest>

#include <memory>
#include <set>
#include <string>

using namespace std::chrono_literals;
using support::ScenarioPlan;
using support::ScenarioTrials;

namespace {

// Each as short as its alerts' `after` allows.
const std::vector<ScenarioPlan> kLongest{{"exhaustion", {{"duration", 66}}}};
const std::vector<ScenarioPlan> kQuiet{{"normal", {{"duration", 20}}},
                                       {"slow_query", {{"duration", 17}}},
                                       {"long_connection", {{"duration", 13}}},
                                       {"leak", {{"duration", 13}}},
                                       {"dirty_returns", {{"duration", 11}}},
                                       {"slow_network", {{"duration", 17}}},
                                       {"backends_terminated", {{"duration", 30}}},
                                       // What is not due yet is not named and does not fire.
                                       {"exhaustion", {{"duration", 30}}},
                                       {"leak", {{"duration", 14}, {"leak_after", 25}}},
                                       {"long_connection", {{"duration", 15}, {"hold", 5}}},
                                       {"burst", {{"duration", 15}, {"rate", 20}, {"work", 20}}}};
const std::vector<ScenarioPlan> kBusy{{"burst", {{"duration", 20}}}, {"mixed_priorities", {{"duration", 20}}}};
const std::vector<ScenarioPlan> kOwnServer{{"server_restart", {{"duration", 20}}}};
const std::vector<ScenarioPlan> kHost{{"cpu_load", {{"duration", 5}, {"load", 50}}}};

} // namespace

class ScenarioAlertsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<support::PgServer>(support::PgServerOptions{.maxConnections = 300});
        QVERIFY2(m_server->ok(), m_server->error());
    }
    void cleanupTestCase() { m_server.reset(); }

    void everyScenarioIsTried()
    {
        std::set<std::string> tried;
        for (const auto* plans : {&kLongest, &kQuiet, &kBusy, &kOwnServer, &kHost}) {
            for (const ScenarioPlan& plan : *plans) {
                tried.insert(plan.name);
            }
        }
        for (const load::ScenarioSpec& spec : load::loadCatalog({}).scenarios) {
            QVERIFY2(tried.contains(spec.name), spec.name.c_str());
        }
    }
    // Side by side where they take little of the machine; the longest runs beside the others.
    void exactlyTheNamedAlertsFire()
    {
        QString wrong;
        ScenarioTrials longest;
        wrong += support::startAll(longest, kLongest, m_server.get());
        {
            ScenarioTrials quiet;
            wrong += support::startAll(quiet, kQuiet, m_server.get()) + support::verdictsOf(quiet, 60s);
        }
        {
            ScenarioTrials own;
            ScenarioTrials busy;
            wrong += support::startAll(own, kOwnServer, nullptr) + support::startAll(busy, kBusy, m_server.get());
            wrong += support::verdictsOf(busy, 60s) + support::verdictsOf(own, 60s);
        }
        wrong += support::verdictsOf(longest, 90s);
        longest.clear();
        ScenarioTrials host;
        wrong += support::startAll(host, kHost, m_server.get()) + support::verdictsOf(host, 60s);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
};

QTEST_GUILESS_MAIN(ScenarioAlertsTest)
#include "tst_scenario_alerts.moc"
