#include "monitor/collect/self/pool_collector.h"
#include "monitor/collect/self/latency_collector.h"
#include "monitor/collect/self/pool_defs.h"
#include "monitor/collect/self/pool_reporter.h"
#include "monitor/metrics/exposition.h"
#include "tests/collect/host_root.h"
#include "tests/collect/pool_fixture.h"

#include <QTest>

#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

using namespace std::chrono_literals;
using collect::PoolCollector;
using collect::PoolInstruments;
using support::collectInto;
using support::statsWith;
using Lines = std::vector<std::string>;

namespace {

metrics::Snapshot collected(const pool::PoolStats& stats, int serverMaxConnections = 0)
{
    PoolInstruments instruments;
    PoolCollector collector([&stats] { return stats; }, instruments);
    metrics::Snapshot snapshot;
    snapshot.server.maxConnections = serverMaxConnections;
    metrics::SampleBuilder out(snapshot);
    return collector.collect(out) ? snapshot : metrics::Snapshot{};
}

std::string percent(const metrics::Snapshot& snapshot)
{
    return fmt::format("{:.1f}%", snapshot.value("db_pool_usage") * 100);
}

} // namespace

class PoolCollectorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTableOfTheContract_data()
    {
        QTest::addColumn<int>("leased");
        QTest::addColumn<QString>("usage");
        QTest::addColumn<int>("overflow");
        const struct {
            int leased;
            const char* usage;
        } rows[] = {{0, "0.0%"},   {1, "3.3%"},   {5, "16.7%"},  {10, "33.3%"},
                    {17, "56.7%"}, {18, "60.0%"}, {19, "63.3%"}, {24, "80.0%"},
                    {25, "83.3%"}, {27, "90.0%"}, {28, "93.3%"}, {30, "100.0%"}};
        for (const auto& row : rows) {
            QTest::addRow("%d taken", row.leased) << row.leased << row.usage << std::max(0, row.leased - 10);
        }
    }
    void theTableOfTheContract()
    {
        QFETCH(int, leased);
        QFETCH(QString, usage);
        QFETCH(int, overflow);
        const metrics::Snapshot snapshot = collected(statsWith(leased));
        QCOMPARE(QString::fromStdString(percent(snapshot)), usage);
        QCOMPARE(snapshot.value("db_pool_overflow"), double(overflow));
        QCOMPARE(snapshot.value("db_pool_checked_out"), double(leased));
        QCOMPARE(snapshot.value("db_pool_size"), 10.0);
        QCOMPARE(snapshot.value("db_pool_max_connections"), 30.0);
        QCOMPARE(snapshot.pool.checkedOut, leased);
        QCOMPARE(snapshot.pool.slots.size(), std::size_t{30});
    }
    void exactlyOnTheLineIsNotYetOverIt()
    {
        QVERIFY(!(collected(statsWith(24)).value("db_pool_usage") > 0.8));
        QVERIFY(collected(statsWith(25)).value("db_pool_usage") > 0.8);
        QVERIFY(!(collected(statsWith(27)).value("db_pool_usage") > 0.9));
    }
    void everyDeclaredMetricIsThereAndNoOther()
    {
        pool::PoolStats stats = statsWith(2, 3);
        stats.lastFault = {"connection refused", "08001", core::WallTime(std::chrono::seconds(5))};
        stats.slots[0].heldFor = std::chrono::seconds(1);
        PoolInstruments instruments;
        pool::PoolEvent failed;
        failed.kind = pool::EventKind::ConnectFailed;
        failed.sqlstate = "08001";
        instruments.onEvent(failed);
        instruments.onAcquired(std::chrono::seconds(30), pool::Outcome::Timeout, {});
        instruments.onReturned(std::chrono::seconds(1), {.kind = pool::EventKind::Returned, .tag = "orders"});
        PoolCollector collector([&stats] { return stats; }, instruments);
        metrics::Snapshot snapshot;
        metrics::SampleBuilder out(snapshot);
        QVERIFY(collector.collect(out));
        QCOMPARE(snapshot.families.size(), collect::defs::pool().size());
        for (const metrics::MetricDef& def : collect::defs::pool()) {
            const metrics::Family* family = snapshot.find(def.name);
            QVERIFY2(family && !family->series.empty(), def.name.data());
            for (const metrics::Series& series : family->series) {
                QCOMPARE(series.labels.size(), def.labels.size());
                QCOMPARE(static_cast<bool>(series.histogram), def.kind == metrics::Kind::Histogram);
            }
        }
    }
    void statesSumToTheOpenConnections()
    {
        pool::PoolStats stats = statsWith(3, 2);
        stats.slots[0].leaked = true;
        stats.slots[1].activity = pool::LeaseActivity::IdleInTransaction;
        stats.slots[2].activity = pool::LeaseActivity::Held;
        const metrics::Snapshot snapshot = collected(stats);
        double sum = 0;
        for (const metrics::Series& series : snapshot.find("db_pool_connections")->series) {
            sum += series.value;
        }
        QCOMPARE(sum, 5.0);
        QCOMPARE(snapshot.value("db_pool_connections", {{"state", "leaked"}}), 1.0);
        QCOMPARE(snapshot.value("db_pool_connections", {{"state", "idle_in_tx"}}), 1.0);
        QCOMPARE(snapshot.value("db_pool_connections", {{"state", "idle_held"}}), 1.0);
        QCOMPARE(snapshot.value("db_pool_connections", {{"state", "idle"}}), 2.0);
        QCOMPARE(snapshot.value("db_pool_state", {{"state", "up"}}), 1.0);
        QCOMPARE(snapshot.value("db_pool_state", {{"state", "down"}}), 0.0);
    }
    void aPoolWithoutLimitIsMeasuredAgainstTheServer()
    {
        pool::PoolStats stats = statsWith(25);
        stats.config.maxOverflow = -1;
        stats.counts.maxConnections = -1;
        const metrics::Snapshot known = collected(stats, 100);
        QCOMPARE(known.value("db_pool_usage"), 0.25);
        QCOMPARE(known.value("db_pool_max_connections"), 100.0);
        QCOMPARE(known.pool.slots.size(), std::size_t{25});
        const metrics::Snapshot unknown = collected(stats);
        QVERIFY(std::isnan(unknown.value("db_pool_usage"))); // absent, not zero
        QVERIFY(std::isnan(unknown.value("db_pool_max_connections")));
    }
    void placesKeepTheirNumbers()
    {
        pool::PoolStats stats = statsWith(2);
        stats.slots[1].slot = 12;
        const metrics::PoolView view = collect::poolView(stats, 0);
        QCOMPARE(view.slots.size(), std::size_t{30});
        for (std::size_t i = 0; i < view.slots.size(); ++i) {
            QCOMPARE(view.slots[i].slot, static_cast<int>(i));
        }
        QCOMPARE(view.slots[12].state, metrics::SlotState::Active);
        QVERIFY(!view.slots[12].overflow); // the second of ten that are kept
        QCOMPARE(view.slots[11].state, metrics::SlotState::NotOpened);
        QVERIFY(view.slots[11].overflow);
    }
    void autopsiesAreRowsMadeOnceAndShared()
    {
        pool::Autopsy autopsy;
        autopsy.number = 7;
        autopsy.outcome = pool::Outcome::QueueFull;
        autopsy.tag = "late";
        autopsy.waited = 30s;
        pool::PoolStats stats = statsWith(30);
        autopsy.counts = stats.counts;
        autopsy.holders = stats.slots;
        autopsy.waiters.resize(2);
        stats.autopsies.push_back(std::make_shared<const pool::Autopsy>(autopsy));
        PoolInstruments instruments;
        PoolCollector collector([&stats] { return stats; }, instruments);
        metrics::Snapshot first;
        metrics::Snapshot second;
        metrics::SampleBuilder into(first);
        metrics::SampleBuilder again(second);
        QVERIFY(collector.collect(into) && collector.collect(again));
        QCOMPARE(first.pool.autopsies.size(), std::size_t{1});
        const metrics::AutopsyRow& row = *first.pool.autopsies.front();
        QCOMPARE(row.outcome, std::string("queue_full"));
        QCOMPARE(row.tag, std::string("late"));
        QCOMPARE(row.checkedOut, 30);
        QCOMPARE(row.holders.size(), std::size_t{30});
        QCOMPARE(row.holders[3].backendPid, 1003);
        QCOMPARE(row.waiters.back().position, 2);
        QCOMPARE(second.pool.autopsies.front().get(), &row);
    }
    void asManyCellsAreOverflowAsTheFigureSays()
    {
        const metrics::PoolView view = collect::poolView(statsWith(13), 0);
        const auto marked =
            std::count_if(view.slots.begin(), view.slots.end(), [](const metrics::SlotRow& row) {
                return row.overflow && row.state != metrics::SlotState::NotOpened;
            });
        QCOMPARE(static_cast<int>(marked), view.overflow);
    }
    void aHugePoolHasAThousandRowsAtMost()
    {
        pool::PoolStats stats = statsWith(1500);
        stats.config.size = 2000;
        QCOMPARE(collect::poolView(stats, 0).slots.size(), std::size_t{1000});
    }
    void verdictsTellWhatIsWrong()
    {
        const auto verdict = [](const pool::PoolStats& stats) { return collect::poolView(stats, 0).verdict; };
        QCOMPARE(verdict(statsWith(10)), std::string("ok"));
        QCOMPARE(verdict(statsWith(25)), std::string("busy"));
        QCOMPARE(verdict(statsWith(30)), std::string("busy"));
        pool::PoolStats queued = statsWith(30);
        queued.counts.waiting = 4;
        QCOMPARE(verdict(queued), std::string("exhausted"));
        for (pool::SlotInfo& slot : queued.slots) {
            slot.activity = pool::LeaseActivity::Held;
        }
        QCOMPARE(verdict(queued), std::string("held"));
        pool::PoolStats away = statsWith(0);
        away.counts.state = pool::PoolState::Down;
        QCOMPARE(verdict(away), std::string("down"));
        away.counts.state = pool::PoolState::Suspended;
        QCOMPARE(verdict(away), std::string("suspended"));
    }
    void whatTheProbeKnowsIsHeededUntilThePoolKnowsItself()
    {
        metrics::Snapshot snapshot;
        snapshot.server.state = metrics::ServerView::State::Down;
        snapshot.server.error = "no answer";
        snapshot.server.sqlstate = "08001";
        const auto seen = [&snapshot](const pool::PoolStats& stats) {
            PoolInstruments instruments;
            PoolCollector collector([&stats] { return stats; }, instruments);
            metrics::Snapshot copy = snapshot;
            metrics::SampleBuilder out(copy);
            (void)collector.collect(out);
            return copy.pool;
        };
        pool::PoolStats stats = statsWith(0);
        QCOMPARE(seen(stats).verdict, std::string("down")); // idle, and nobody asks
        QCOMPARE(seen(stats).state, std::string("up"));
        QCOMPARE(seen(stats).lastError, std::string("no answer"));
        stats.counts.state = pool::PoolState::Suspended;
        QCOMPARE(seen(stats).verdict, std::string("suspended"));
        stats.counts.state = pool::PoolState::Down;
        stats.lastFault = {"refused", "08006", core::WallTime(std::chrono::seconds(5))};
        QCOMPARE(seen(stats).lastError, std::string("refused"));
        snapshot.server.state = metrics::ServerView::State::Up;
        QCOMPARE(seen(statsWith(0)).verdict, std::string("ok"));
    }
    void aRampingPoolIsUpForPeople()
    {
        pool::PoolStats stats = statsWith(1);
        stats.counts.state = pool::PoolState::Ramp;
        QCOMPARE(collect::poolView(stats, 0).state, std::string("up"));
        QCOMPARE(collected(stats).value("db_pool_state", {{"state", "ramp"}}), 1.0);
    }
    void aPoolThatCannotBeAskedLeavesNothingAndIsLoggedOnce()
    {
        const support::Log log;
        PoolInstruments instruments(log.logger, core::Lang::Chinese);
        bool broken = true;
        PoolCollector collector(
            [&broken] { return broken ? throw std::runtime_error("no\nmemory") : statsWith(1); },
            instruments);
        metrics::Snapshot snapshot;
        QVERIFY(!collectInto(collector, snapshot));
        QVERIFY(!collectInto(collector, snapshot));
        QVERIFY(snapshot.families.empty());
        QVERIFY(!snapshot.pool.present);
        QCOMPARE(log.sink->take(), Lines{"error 更新连接池指标失败: no memory"});
        broken = false;
        QVERIFY(collectInto(collector, snapshot));
        QVERIFY(snapshot.pool.present);
    }
    void helpTextsAreTheReferences()
    {
        const metrics::Snapshot snapshot = collected(statsWith(1));
        const std::string page = metrics::expose(snapshot, metrics::Format::Text, core::Lang::English);
        for (const char* line :
             {"# HELP db_pool_size 连接池大小\n# TYPE db_pool_size gauge\ndb_pool_size 10.0\n",
              "# HELP db_pool_checked_in 空闲连接数\n", "# HELP db_pool_checked_out 正在使用的连接数\n",
              "# HELP db_pool_overflow 溢出连接数\n", "# HELP db_pool_usage 连接池使用率\n",
              "# HELP db_connection_checkout_total 连接获取次数\n",
              "# HELP db_connection_checkin_total 连接归还次数\n",
              "# HELP db_connection_connect_total 连接创建次数\n",
              "# HELP db_connection_error_total 连接错误次数\n",
              "# HELP db_connection_wait_seconds 连接等待时间（秒）\n# TYPE db_connection_wait_seconds "
              "histogram\n"
              "db_connection_wait_seconds_bucket{le=\"0.001\"} 0.0\n",
              "# HELP db_connection_usage_seconds 连接使用时间（秒）\n",
              "# HELP db_query_duration_seconds 查询耗时（秒）\n",
              "# HELP db_slow_query_total 慢查询次数\n# TYPE db_slow_query_total counter\n",
              "db_query_duration_seconds_bucket{le=\"1.0\"} 0.0\n",
              "db_connection_usage_seconds_bucket{le=\"60.0\"} 0.0\n"}) {
            QVERIFY2(page.find(line) != std::string::npos, line);
        }
    }
    void percentilesComeFromTheLastMinutes()
    {
        PoolInstruments instruments;
        collect::LatencyCollector latency(instruments);
        for (int i = 1; i <= 100; ++i) {
            instruments.onReturned(core::Millis(i), pool::PoolEvent{});
        }
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(latency, snapshot));
        QCOMPARE(snapshot.latency.size(), std::size_t{3});
        QCOMPARE(snapshot.latency[1].name, std::string("usage"));
        QCOMPARE(snapshot.latency[1].count, std::uint64_t{100});
        QVERIFY(std::fabs(snapshot.latency[1].p50 - 0.050) <= 0.0005);
        QVERIFY(std::fabs(snapshot.latency[1].p99 - 0.099) <= 0.001);
        QVERIFY(std::fabs(snapshot.latency[1].max - 0.100) <= 0.001);
        QVERIFY(std::isnan(snapshot.latency[0].p50));
    }

    void theReporterWritesItsLineOnceAMinute()
    {
        const support::Log log;
        collect::PoolReporter reporter({log.logger, [] { return core::Lang::Chinese; }});
        const metrics::PoolView view = collect::poolView(statsWith(2, 8), 0);
        for (int second = 0; second <= 120; ++second) {
            reporter.look(view, core::SteadyTime(std::chrono::seconds(second)));
        }
        const std::string line =
            "info 连接池状态: size=10, checked_in=8, checked_out=2, overflow=0, usage=6.7%";
        QCOMPARE(log.sink->take(), (Lines{line, line, line}));
    }
    void aRiseIsCriedOutOnceAndItsEndToo()
    {
        const support::Log log;
        collect::PoolReporter reporter({log.logger, [] { return core::Lang::Chinese; }});
        core::SteadyTime now{};
        const auto look = [&](int leased, int seconds) {
            for (int i = 0; i < seconds; ++i) {
                now += 1s;
                reporter.look(collect::poolView(statsWith(leased, leased == 0 ? 1 : 0), 0), now);
            }
        };
        look(27, 1); // 90 %, not over it; writes the line of the minute
        QCOMPARE(log.sink->take().size(), std::size_t{1});
        look(28, 20);
        look(27, 5); // a dip shorter than the calm ends nothing
        look(28, 10);
        QCOMPARE(log.sink->take(), Lines{"error 🚨 连接池使用率过高: 93.3%"});
        look(1, 15);
        QCOMPARE(log.sink->take(), Lines{"info 连接池使用率恢复正常: 3.3%"});
    }
    void noneLeftMeansThatNoPlaceIsLeft()
    {
        const support::Log log;
        collect::PoolReporter reporter({log.logger, [] { return core::Lang::Chinese; }});
        reporter.look(collect::poolView(statsWith(10), 0), core::SteadyTime(1s)); // none idle, 20 places left
        static_cast<void>(log.sink->take());
        reporter.look(collect::poolView(statsWith(30), 0), core::SteadyTime(2s));
        reporter.look(collect::poolView(statsWith(30), 0), core::SteadyTime(3s));
        QCOMPARE(log.sink->take(), (Lines{"error 🚨 连接池使用率过高: 100.0%", "error 🚨 无空闲连接"}));
        reporter.look(collect::poolView(statsWith(5), 0), core::SteadyTime(20s));
        QCOMPARE(log.sink->take(), (Lines{"info 连接池使用率恢复正常: 16.7%", "info 已有可用连接"}));
    }
};

QTEST_GUILESS_MAIN(PoolCollectorTest)
#include "tst_pool_collector.moc"
