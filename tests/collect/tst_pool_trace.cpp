// What is kept of the pool's past: life-lines, heat maps, events with the request itself, culprits.
#include "monitor/collect/self/pool_trace.h"
#include "monitor/metrics/log_linear.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <array>
#include <cmath>
#include <random>
#include <set>
#include <string>

using namespace std::chrono_literals;

namespace {

using metrics::SlotState;

constexpr std::size_t kStates = static_cast<std::size_t>(SlotState::Closing) + 1;

core::WallTime at(double seconds)
{
    return core::WallTime(std::chrono::microseconds(1'795'183'200'000'000 + std::llround(seconds * 1e6)));
}

metrics::PoolView randomPool(std::mt19937& random, int places)
{
    metrics::PoolView pool;
    for (int slot = 0; slot < places; ++slot) {
        metrics::SlotRow row;
        row.slot = slot;
        row.state = static_cast<SlotState>(random() % kStates);
        row.backendPid = row.state == SlotState::NotOpened ? 0 : 100 + slot;
        row.uses = random() % 50;
        if (row.state == SlotState::Active || row.state == SlotState::Held) {
            row.heldFor = std::chrono::milliseconds(1 + random() % 5000);
            row.tag = "tag" + std::to_string(random() % 5);
            row.site = "site.cpp:" + std::to_string(random() % 3);
        }
        pool.slots.push_back(row);
    }
    return pool;
}

template <class Cells, class StateOf>
std::array<int, kStates> byState(const Cells& cells, StateOf stateOf)
{
    std::array<int, kStates> counts{};
    for (const auto& cell : cells) {
        ++counts[static_cast<std::size_t>(stateOf(cell))];
    }
    return counts;
}

pool::PoolEvent eventOf(pool::EventKind kind, core::SteadyTime when)
{
    pool::PoolEvent event;
    event.kind = kind;
    event.at = when;
    event.lease = 7;
    event.tag = "orders";
    event.site = std::source_location::current();
    return event;
}

} // namespace

class PoolTraceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theLanesOfAMomentSumUpToItsGauges()
    {
        std::mt19937 random(20260101);
        collect::LifeLines lines;
        std::vector<std::array<int, kStates>> gauges;
        for (int tick = 0; tick < 200; ++tick) {
            const metrics::PoolView pool = randomPool(random, 1 + static_cast<int>(random() % 40));
            gauges.push_back(byState(pool.slots, [](const metrics::SlotRow& row) { return row.state; }));
            lines.take(pool, at(tick), 1s);
        }
        const auto columns = lines.columns();
        QCOMPARE(columns.size(), gauges.size());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            QCOMPARE(columns[i]->number, i + 1);
            QVERIFY(byState(columns[i]->cells, [](const metrics::LaneCell& cell) { return cell.state; }) == gauges[i]);
        }
    }

    void aLaneKnowsWhoHeldItAndHowOftenItWasUsed()
    {
        collect::LifeLines lines;
        metrics::PoolView pool;
        pool.slots.resize(1);
        metrics::SlotRow& row = pool.slots[0];
        row.state = SlotState::Held;
        row.backendPid = 42;
        row.heldFor = 2500ms;
        row.tag = "orders";
        row.site = "orders.cpp:7 load";
        row.uses = 10;
        lines.take(pool, at(0), 1s);
        row.uses = 13;
        lines.take(pool, at(1), 1s);
        row.backendPid = 43; // another connection counts from the beginning
        row.uses = 2;
        lines.take(pool, at(2), 1s);
        const auto columns = lines.columns();
        const metrics::LaneCell& cell = columns[1]->cells[0];
        QCOMPARE(int(cell.uses), 3);
        QCOMPARE(cell.heldSeconds, 2.5F);
        QVERIFY((columns[1]->owners->at(cell.owner) == metrics::LaneOwner{"orders", "orders.cpp:7 load"}));
        QCOMPARE(int(columns[2]->cells[0].uses), 2);
    }

    void anHourOfAThousandPlacesStaysBounded()
    {
        std::mt19937 random(3);
        collect::LifeLines lines;
        metrics::PoolView pool = randomPool(random, 20);
        pool.slots[0].backendPid = 5;
        std::uint64_t uses = 0;
        for (int tick = 0; tick < 5000; ++tick) {
            pool.slots[0].uses = uses += 2;
            lines.take(pool, at(tick), 1s);
        }
        const auto columns = lines.columns();
        QCOMPARE(columns.size(), collect::LifeLines::kFine + collect::LifeLines::kCoarse);
        const double covered =
            std::chrono::duration<double>(columns.back()->at - columns.front()->at).count() +
            core::seconds(columns.front()->span);
        QVERIFY2(covered >= 3600, qPrintable(QString::number(covered)));
        // Each begins where the one before ends, and no use is lost by thinning.
        std::uint64_t counted = 0;
        for (std::size_t i = 1; i < columns.size(); ++i) {
            const auto begins = columns[i]->at - std::chrono::floor<std::chrono::microseconds>(columns[i]->span);
            QVERIFY(std::abs((begins - columns[i - 1]->at).count()) <= 3'000'000);
            counted += columns[i]->cells[0].uses;
        }
        const auto between = static_cast<std::uint64_t>((columns.back()->at - columns.front()->at) / 1s);
        QVERIFY(counted >= 2 * between - 8 && counted <= 2 * between + 8);
    }

    void ticksCloserThanASecondShareAColumn()
    {
        collect::LifeLines lines;
        metrics::PoolView pool;
        pool.slots.resize(1);
        for (int tick = 0; tick < 50; ++tick) {
            lines.take(pool, at(tick * 0.1), 100ms);
        }
        QVERIFY2(lines.columns().size() <= 6, qPrintable(QString::number(lines.columns().size())));
    }

    void aSilenceIsAGapAndAClockThatWasSetIsNone()
    {
        collect::LifeLines lines;
        metrics::PoolView pool;
        pool.slots.resize(1);
        lines.take(pool, at(0), 1s);
        lines.take(pool, at(100), 1s);  // 99 s of silence
        lines.take(pool, at(-3600), 1s); // an hour back
        const auto columns = lines.columns();
        QCOMPARE(columns.size(), std::size_t{3});
        QVERIFY(columns[1]->span == core::Nanos(1s));
        QVERIFY(columns[2]->span == core::Nanos(1s));
    }

    void callersWithoutEndDoNotFillTheMemory()
    {
        collect::LifeLines lines;
        metrics::PoolView pool;
        pool.slots.resize(1);
        pool.slots[0].state = SlotState::Held;
        pool.slots[0].heldFor = 1s;
        for (int tick = 0; tick < 3000; ++tick) {
            pool.slots[0].tag = "request-" + std::to_string(tick);
            lines.take(pool, at(tick), 1s);
        }
        QVERIFY(lines.columns().back()->owners->size() <= collect::LifeLines::kOwners + 1);
        std::vector<metrics::PoolEventRow> marks(30'000);
        for (std::size_t i = 0; i < marks.size(); ++i) {
            marks[i].number = i + 1;
        }
        lines.mark(marks);
        QCOMPARE(lines.marks(0).size(), collect::LifeLines::kMarks);
        QCOMPARE(lines.marks(29'990).size(), std::size_t{10});
    }

    void heatRowsAreMadeOfWholeBuckets()
    {
        using metrics::HeatLayout;
        using metrics::LogLinearLayout;
        for (std::size_t bucket = 1; bucket + 1 < LogLinearLayout::kBuckets; ++bucket) {
            const std::uint64_t low = LogLinearLayout::lowest(bucket);
            const std::uint64_t high = LogLinearLayout::lowest(bucket + 1) - 1;
            QCOMPARE(HeatLayout::row(low), HeatLayout::row(high));
        }
        for (std::size_t row = 1; row < HeatLayout::kRows; ++row) {
            const auto nanos = static_cast<std::uint64_t>(std::llround(HeatLayout::lowest(row) * 1e9));
            QCOMPARE(HeatLayout::row(nanos), row);
            QCOMPARE(HeatLayout::row(nanos - 1), row - 1);
        }
        QCOMPARE(HeatLayout::row(0), std::size_t{0});
        QCOMPARE(HeatLayout::row(~std::uint64_t{0}), HeatLayout::kRows - 1);
    }

    void everyObservationIsInExactlyOneColumn()
    {
        std::mt19937 random(11);
        std::array<metrics::LogLinearCounts, metrics::kStages> counts;
        collect::HeatMaps maps;
        counts[0].add(metrics::LogLinearLayout::index(1000), 5); // before the first look: not of this time
        maps.take(counts, at(0), 1s);
        std::array<std::uint64_t, metrics::kStages> expected{};
        for (int tick = 1; tick <= 60; ++tick) {
            for (std::size_t stage = 0; stage < metrics::kStages; ++stage) {
                const std::uint64_t many = random() % 100;
                counts[stage].add(random() % metrics::LogLinearLayout::kBuckets, many);
                expected[stage] += many;
            }
            maps.take(counts, at(tick), 1s);
        }
        std::array<std::uint64_t, metrics::kStages> seen{};
        for (const auto& column : maps.columns()) {
            QVERIFY(column->to - column->from == 1s);
            for (std::size_t stage = 0; stage < metrics::kStages; ++stage) {
                for (const std::uint32_t count : column->counts[stage]) {
                    seen[stage] += count;
                }
            }
        }
        QVERIFY(seen == expected);
        maps.take(counts, at(500), 1s); // what was before the silence's last second is not known
        QVERIFY(maps.columns().back()->to - maps.columns().back()->from == 1s);
        for (int tick = 0; tick < 4000; ++tick) {
            maps.take(counts, at(600 + tick), 1s);
        }
        QCOMPARE(maps.columns().size(), collect::HeatMaps::kColumns);
    }

    void theRequestItselfIsAnEvent()
    {
        support::FakeClock clock;
        collect::PoolInstruments instruments;
        const collect::PoolTrace trace(instruments, {}, clock);
        pool::PoolEvent granted = eventOf(pool::EventKind::Granted, clock.steadyNow());
        granted.slot = 3;
        granted.backendPid = 4711;
        instruments.onAcquired(250ms, pool::Outcome::Ok, granted);
        instruments.onReturned(2s, eventOf(pool::EventKind::Returned, clock.steadyNow()));
        const auto rows = trace.events(0, 100);
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(std::string(rows[0].kind), std::string("requested"));
        QCOMPARE(std::string(rows[1].kind), std::string("granted"));
        QCOMPARE(std::string(rows[2].kind), std::string("returned"));
        QVERIFY(rows[1].at - rows[0].at == 250ms);
        QCOMPARE(rows[0].lease, rows[1].lease);
        QCOMPARE(rows[0].tag, std::string("orders"));
        QVERIFY(rows[0].number < rows[1].number && rows[1].number < rows[2].number);
    }

    void aRequestThatQueuesIsToldWhenItQueuesAndOnce()
    {
        support::FakeClock clock;
        collect::PoolInstruments instruments;
        const collect::PoolTrace trace(instruments, {}, clock);
        instruments.onEvent(eventOf(pool::EventKind::Queued, clock.steadyNow()));
        clock.advance(5s);
        pool::PoolEvent end = eventOf(pool::EventKind::TimedOut, clock.steadyNow());
        end.waited = true;
        end.duration = 5s;
        instruments.onEvent(end);
        const auto rows = trace.events(0, 100);
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(std::string(rows[0].kind), std::string("requested"));
        QCOMPARE(std::string(rows[1].kind), std::string("queued"));
        QCOMPARE(std::string(rows[2].kind), std::string("timed_out"));
        QVERIFY(rows[0].at == rows[1].at && rows[2].at - rows[0].at == 5s);
    }

    void afterANumberOnlyTheNewerOnesAreTold()
    {
        support::FakeClock clock;
        collect::PoolInstruments instruments;
        const collect::PoolTrace trace(instruments, {}, clock);
        std::uint64_t last = 0;
        std::size_t told = 0;
        std::set<std::uint64_t> numbers;
        for (int round = 0; round < 50; ++round) {
            for (int i = 0; i < round % 4; ++i) {
                instruments.onAcquired(1ms, pool::Outcome::Ok, eventOf(pool::EventKind::Granted, clock.steadyNow()));
                instruments.onEvent(eventOf(pool::EventKind::Queued, clock.steadyNow()));
            }
            for (const metrics::PoolEventRow& row : trace.events(last, 1000)) {
                QVERIFY(row.number > last);
                QVERIFY(numbers.insert(row.number).second);
                last = row.number;
                ++told;
            }
        }
        QCOMPARE(told, trace.events(0, 10'000).size());
        QCOMPARE(trace.events(0, 10).size(), std::size_t{10});
        QVERIFY(trace.events(last, 10).empty());
    }

    void aLongDetailSurvivesWhole()
    {
        support::FakeClock clock;
        collect::PoolInstruments instruments;
        const collect::PoolTrace trace(instruments, {}, clock);
        const std::string detail = "pool_size 10 → 12, max_overflow 20 → 30, pool_timeout 30 s → 5 s, slow_query 0.1 s "
                                   "→ 0.5 s, leak_after 60 s → 30 s";
        pool::PoolEvent event = eventOf(pool::EventKind::Configured, clock.steadyNow());
        event.detail = detail;
        instruments.onEvent(event);
        QCOMPARE(trace.events(0, 10).back().detail, detail);
    }

    void closingsAndLongResetsAreMarksOnALine()
    {
        support::FakeClock clock;
        collect::PoolInstruments instruments;
        collect::PoolTrace trace(instruments, {}, clock);
        metrics::Snapshot snapshot;
        snapshot.at = clock.wallNow();
        snapshot.interval = 1s;
        pool::PoolEvent closed = eventOf(pool::EventKind::Closed, clock.steadyNow());
        closed.slot = 2;
        closed.detail = "lifetime";
        instruments.onEvent(closed);
        pool::PoolEvent reset = eventOf(pool::EventKind::ResetDone, clock.steadyNow());
        reset.duration = 10us; // routine
        instruments.onEvent(reset);
        reset.duration = 30ms;
        instruments.onEvent(reset);
        instruments.onAcquired(1ms, pool::Outcome::Ok, eventOf(pool::EventKind::Granted, clock.steadyNow()));
        trace.takePool(snapshot);
        const auto marks = trace.laneMarks(0);
        QCOMPARE(marks.size(), std::size_t{2});
        QCOMPARE(marks[0].detail, std::string("lifetime"));
        QVERIFY(marks[1].duration == core::Nanos(30ms));
        trace.takePool(snapshot);
        QCOMPARE(trace.laneMarks(0).size(), std::size_t{2}); // none twice
    }

    void aBucketKeepsItsLastCulprits()
    {
        support::FakeClock clock;
        collect::PoolInstruments instruments;
        const collect::PoolTrace trace(instruments, {}, clock);
        for (int i = 0; i < 20; ++i) {
            clock.advance(10ms);
            pool::PoolEvent event = eventOf(pool::EventKind::Returned, clock.steadyNow());
            event.slot = i;
            instruments.onReturned(std::chrono::milliseconds(200 + i), event);
        }
        clock.advance(10ms);
        instruments.onReturned(20s, eventOf(pool::EventKind::Returned, clock.steadyNow()));
        const auto some = trace.culprits(metrics::Stage::Usage, 0.1, 0.5);
        QCOMPARE(some.size(), collect::Culprits::kKept);
        QVERIFY(some.front().value > 0.2185 && some.front().value < 0.2195); // the newest first
        QVERIFY(std::is_sorted(some.begin(), some.end(), [](const auto& a, const auto& b) { return a.at > b.at; }));
        QCOMPARE(trace.culprits(metrics::Stage::Usage, 10, 30).size(), std::size_t{1});
        QVERIFY(trace.culprits(metrics::Stage::Wait, 0, 1e9).empty());
    }
};

QTEST_GUILESS_MAIN(PoolTraceTest)
#include "tst_pool_trace.moc"
