#include "monitor/collect/self/pool_instruments.h"
#include "tests/collect/pool_fixture.h"

#include <QTest>

#include <thread>

using namespace std::chrono_literals;
using collect::PoolErrorKind;
using collect::PoolInstruments;
using core::Lang;
using pool::EventKind;
using pool::Outcome;
using Lines = std::vector<std::string>;

namespace {

pool::PoolEvent eventOf(EventKind kind, core::Nanos duration = {}, std::string_view detail = {}) {
    pool::PoolEvent event;
    event.kind = kind;
    event.at = core::SteadyTime(1h);
    event.slot = 3;
    event.backendPid = 4711;
    event.duration = duration;
    event.tag = "orders";
    event.site = std::source_location::current();
    event.detail = detail;
    return event;
}

pool::StatementInfo statement(std::string_view sql, core::Nanos duration, std::string_view sqlstate = {}) {
    pool::StatementInfo info;
    info.sql = sql;
    info.duration = duration;
    info.failed = !sqlstate.empty();
    info.sqlstate = sqlstate == "lost" ? std::string_view() : sqlstate;
    info.slot = 3;
    info.backendPid = 4711;
    return info;
}

} // namespace

class PoolInstrumentsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWaitIsObservedForEveryOutcome() {
        PoolInstruments instruments;
        instruments.onAcquired(2ms, Outcome::Ok, eventOf(EventKind::Granted));
        instruments.onAcquired(30s, Outcome::Timeout, eventOf(EventKind::TimedOut));
        instruments.onAcquired(1us, Outcome::Down, eventOf(EventKind::Refused));
        const metrics::HistogramValue wait = instruments.wait().buckets.value();
        QCOMPARE(wait.count, std::uint64_t{3});
        QCOMPARE(wait.counts, (std::vector<std::uint64_t>{1, 1, 0, 0, 0, 0, 0, 0, 0, 1}));
        QCOMPARE(instruments.wait().fine.counts().count(), std::uint64_t{3});
        QCOMPARE(instruments.checkouts(), std::uint64_t{1});
        QCOMPARE(instruments.errors(PoolErrorKind::Timeout), std::uint64_t{1});
        QCOMPARE(instruments.errors(),
                 std::uint64_t{1}); // a refusal is no error of its own: what made it was
    }
    void waitsInVainAreToldApartByHowTheyEnded() {
        PoolInstruments instruments;
        instruments.onAcquired(2ms, Outcome::Ok, eventOf(EventKind::Granted));
        instruments.onAcquired(30s, Outcome::Timeout, eventOf(EventKind::TimedOut));
        instruments.onAcquired(20s, Outcome::Timeout, eventOf(EventKind::TimedOut));
        instruments.onAcquired(1us, Outcome::Down, eventOf(EventKind::Refused));
        const auto inVain = instruments.inVain().values();
        QCOMPARE(inVain.size(), std::size_t{2}); // who was served did not wait in vain
        QCOMPARE(inVain[0].first, std::string("down"));
        QCOMPARE(inVain[1].first, std::string("timeout"));
        QCOMPARE(inVain[1].second.count, std::uint64_t{2});
        QCOMPARE(inVain[1].second.sum, 50.0);
        QCOMPARE(inVain[1].second.counts.back(), std::uint64_t{0}); // the default pool_timeout is within the bounds
    }
    void whatProvedAndWhatDidNotIsCountedByHowItWasAsked() {
        PoolInstruments instruments;
        instruments.onEvent(eventOf(EventKind::Validated, 1ms));
        instruments.onEvent(eventOf(EventKind::Validated, 1ms));
        instruments.onEvent(eventOf(EventKind::ValidationFailed, 2s, pool::kNoAnswer));
        instruments.onEvent(eventOf(EventKind::ValidationFailed, 1us, pool::kHungUp));
        const PoolInstruments::Validations validations = instruments.validations();
        QCOMPARE(validations.proven, std::uint64_t{2});
        QCOMPARE(validations.silent, std::uint64_t{1});
        QCOMPARE(validations.hungUp, std::uint64_t{1});
        QCOMPARE(instruments.validating(), core::Nanos(2s + 2ms + 1us));
        QCOMPARE(instruments.errors(PoolErrorKind::Broken), std::uint64_t{2});
    }
    void fifteenSecondsOfUseFallIntoTheBucketOfThirty() {
        PoolInstruments instruments;
        instruments.onReturned(15s, eventOf(EventKind::Returned));
        const metrics::HistogramValue use = instruments.usage().buckets.value();
        QCOMPARE(use.counts[7], std::uint64_t{1});
        QCOMPARE(use.bounds[7], 30.0);
        QCOMPARE(instruments.checkins(), std::uint64_t{1});
    }
    void contractLinesInChinese() {
        const support::Log log;
        PoolInstruments instruments(log.logger, Lang::Chinese);
        instruments.onEvent(eventOf(EventKind::Connected, 5ms));
        instruments.onAcquired(233ms, Outcome::Ok, eventOf(EventKind::Granted));
        instruments.onAcquired(100ms, Outcome::Ok, eventOf(EventKind::Granted)); // on the line: not slow
        instruments.onEvent(eventOf(EventKind::LongUse, 10'504ms));
        instruments.onReturned(15'123ms, eventOf(EventKind::Returned));
        instruments.onReturned(10s, eventOf(EventKind::Returned));
        instruments.onStatement(statement("SELECT *\nFROM users WHERE id = 42", 205ms));
        QCOMPARE(log.sink->take(),
                 (Lines{"info 新连接创建: 4711", "warning 连接获取慢: 0.233s",
                        "warning 连接长时间占用: 10.504s", "warning 连接长时间占用: 15.123s",
                        "warning 慢查询 (0.205s): SELECT * FROM users WHERE id = ?"}));
    }
    void theSameLinesInEnglishAndBack() {
        const support::Log log;
        PoolInstruments instruments(log.logger, Lang::English);
        instruments.onEvent(eventOf(EventKind::Connected, 5ms));
        instruments.setLang(Lang::Chinese);
        instruments.onEvent(eventOf(EventKind::Connected, 5ms));
        QCOMPARE(log.sink->take(), (Lines{"info New connection: 4711", "info 新连接创建: 4711"}));
    }
    void everyStatementIsLoggedAtDebugOnly() {
        const support::Log log;
        PoolInstruments instruments(log.logger, Lang::Chinese);
        instruments.onStatement(statement("SELECT 1", 3ms));
        QVERIFY(log.sink->take().empty());
        log.logger->set_level(spdlog::level::debug);
        instruments.onStatement(statement("SELECT 'secret'", 3ms));
        const Lines lines = log.sink->take();
        QCOMPARE(lines.size(), std::size_t{1});
        QVERIFY(lines[0].starts_with("debug 查询 (0.003s): SELECT "));
        QCOMPARE(lines[0].find("secret"), std::string::npos);
    }
    void aStatementCannotForgeALineNorShowItsValues() {
        const support::Log log;
        PoolInstruments instruments(log.logger, Lang::Chinese);
        const std::string sql =
            "SELECT 'top secret'\n2026-11-20 09:00:00 - x - ERROR - forged " + std::string(5000, 'a');
        instruments.onStatement(statement(sql, 1s, "42601"));
        const Lines lines = log.sink->take();
        QCOMPARE(lines.size(), std::size_t{1});
        QCOMPARE(lines[0].find('\n'), std::string::npos);
        QCOMPARE(lines[0].find("top secret"), std::string::npos);
        QVERIFY(lines[0].size() < 300);
    }
    void failedStatementsAreTimedSlowAndErrors() {
        PoolInstruments instruments;
        instruments.onStatement(statement("SELECT pg_sleep(1)", 700ms, "57014"));
        QCOMPARE(instruments.slowQueries(), std::uint64_t{1});
        QCOMPARE(instruments.query().buckets.value().count, std::uint64_t{1});
        QCOMPARE(instruments.errors(PoolErrorKind::Statement), std::uint64_t{1});
        instruments.onStatement(statement("SELECT 1", 100ms)); // exactly on the line: not slow
        QCOMPARE(instruments.slowQueries(), std::uint64_t{1});
    }
    void eachFailureIsCountedOnce() {
        PoolInstruments instruments;
        instruments.onEvent(eventOf(EventKind::ConnectFailed, 1ms, "connection refused"));
        instruments.onEvent(eventOf(EventKind::ValidationFailed));
        instruments.onEvent(eventOf(EventKind::Closed, {}, "invalid")); // the same one
        QCOMPARE(instruments.errors(PoolErrorKind::Connect), std::uint64_t{1});
        QCOMPARE(instruments.errors(PoolErrorKind::Broken), std::uint64_t{1});
        instruments.onStatement(statement("SELECT 1", 1ms, "57P01"));
        instruments.onEvent(eventOf(EventKind::Closed, {}, "broken")); // its statement has said so
        QCOMPARE(instruments.errors(), std::uint64_t{3});
        pool::PoolEvent other =
            eventOf(EventKind::Closed, {}, "broken"); // broken in a transaction, between statements
        other.backendPid = 4712;
        instruments.onEvent(other);
        QCOMPARE(instruments.errors(PoolErrorKind::Broken), std::uint64_t{2});
        instruments.onEvent(eventOf(EventKind::Closed, {}, "overflow"));
        instruments.onEvent(eventOf(EventKind::TimedOut)); // came by onAcquired
        QCOMPARE(instruments.errors(), std::uint64_t{4});
    }
    void thresholdsFollowTheConfiguration() {
        const support::Log log;
        PoolInstruments instruments(log.logger);
        pool::PoolConfig config;
        config.slowQuery = 1s;
        config.slowAcquire = 2s;
        config.longUse = 3s;
        instruments.setThresholds(config);
        instruments.onStatement(statement("SELECT 1", 900ms));
        instruments.onAcquired(1900ms, Outcome::Ok, eventOf(EventKind::Granted));
        instruments.onReturned(2900ms, eventOf(EventKind::Returned));
        QVERIFY(log.sink->take().empty());
        QCOMPARE(instruments.slowQueries(), std::uint64_t{0});
    }
    void eachBucketRemembersItsNewestCulprit() {
        PoolInstruments instruments;
        pool::PoolEvent event = eventOf(EventKind::Granted);
        instruments.onAcquired(300ms, Outcome::Ok, event);
        event.at += 2s;
        event.tag = "reports";
        event.slot = 7;
        instruments.onAcquired(400ms, Outcome::Ok, event);
        const core::WallTime wall{std::chrono::seconds(1'800'000'000)};
        const auto exemplars = instruments.wait().culprits.exemplars(event.at + 5s, wall);
        QCOMPARE(exemplars.size(), std::size_t{1});
        QCOMPARE(exemplars[0].value, 0.4);
        QCOMPARE(exemplars[0].at, wall - 5s);
        QCOMPARE(exemplars[0].labels.size(), std::size_t{3});
        QVERIFY(exemplars[0].labels[0].second.starts_with("tst_pool_instruments.cpp:"));
        QCOMPARE(exemplars[0].labels[1], (std::pair<std::string, std::string>{"slot", "7"}));
        QCOMPARE(exemplars[0].labels[2], (std::pair<std::string, std::string>{"tag", "reports"}));
    }
    void slowStatementsCarryTheirFingerprint() {
        PoolInstruments instruments;
        instruments.onStatement(statement("SELECT pg_sleep(0.5)", 500ms));
        const auto exemplars =
            instruments.query().culprits.exemplars(core::SystemClock::instance().steadyNow(), {});
        QCOMPARE(exemplars.size(), std::size_t{1});
        QCOMPARE(exemplars[0].labels[0].first, std::string("fingerprint"));
        QCOMPARE(exemplars[0].labels[0].second.size(), std::size_t{16});
    }
    void theRingKeepsTheNewestTenThousandInOrder() {
        collect::EventRing ring(10'000);
        for (int i = 0; i < 40'000; ++i) {
            pool::PoolEvent event = eventOf(EventKind::Closed, core::Nanos(i), "broken");
            event.slot = i;
            ring.push(event);
        }
        const auto rows = ring.newest(10'000);
        QCOMPARE(rows.size(), std::size_t{10'000});
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(rows[i].number, std::uint64_t{30'000 + i});
            QCOMPARE(rows[i].slot, static_cast<int>(30'000 + i));
        }
        QCOMPARE(rows[0].detail, std::string("broken"));
        QCOMPARE(rows[0].tag, std::string("orders"));
        QVERIFY(rows[0].site.find("tst_pool_instruments.cpp:") == 0);
        QCOMPARE(ring.pushed(), std::uint64_t{40'000});
    }
    void longTextsAreCutBetweenCharacters() {
        collect::EventRing ring(4);
        std::string longText = "a";
        std::string whole = "a"; // 1 + 60 · 3 bytes; one more character would not fit into 183
        for (int i = 0; i < 80; ++i) {
            longText += "连";
            whole += i < 60 ? "连" : "";
        }
        pool::PoolEvent event = eventOf(EventKind::ConnectFailed, {}, longText.c_str());
        event.tag = "a tag that is longer than what fits";
        ring.push(event);
        const auto rows = ring.newest(1);
        QCOMPARE(rows[0].detail, whole);
        QCOMPARE(rows[0].tag, std::string("a tag that is longer th"));
    }
    void theRingsMemoryIsBounded() {
        collect::EventRing ring(10'000);
        const std::size_t before = ring.bytes();
        QVERIFY(before < 7U << 20U); // 16 384 events with their texts, and what 64 threads have begun
        for (int i = 0; i < 200'000; ++i) {
            ring.push(eventOf(EventKind::Closed, core::Nanos(i), "broken"));
        }
        QCOMPARE(ring.newest(1'000'000).size(), ring.capacity());
        QCOMPARE(ring.bytes(), before);
    }
    void whatThreadsDidIsNumberedByTime() {
        collect::EventRing ring(1024);
        const auto pushAt = [&ring](int first) {
            for (int i = first; i < 100; i += 2) {
                pool::PoolEvent event = eventOf(EventKind::Closed);
                event.at += std::chrono::milliseconds(i);
                event.slot = i;
                ring.push(event);
            }
        };
        pushAt(1);
        std::jthread(pushAt, 0).join();
        const auto rows = ring.newest(100);
        QCOMPARE(rows.size(), std::size_t{100});
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(rows[i].slot, static_cast<int>(i));
            QCOMPARE(rows[i].number, std::uint64_t{i});
        }
        ring.push(eventOf(EventKind::Leaked)); // earlier by its clock, but told later
        QCOMPARE(ring.newest(1).at(0).kind, EventKind::Leaked);
        QCOMPARE(ring.newest(1).at(0).number, std::uint64_t{100});
        QCOMPARE(ring.since(100, 10).size(), std::size_t{1});
    }
    void whatWasOverwrittenUnseenIsAGapInTheNumbers() {
        collect::EventRing ring(64);
        (void)ring.pushed();
        std::vector<std::jthread> writers;
        for (int i = 0; i < 4; ++i) {
            writers.emplace_back([&ring] {
                for (int n = 0; n < 5'000; ++n) {
                    ring.push(eventOf(EventKind::Closed));
                }
            });
        }
        writers.clear();
        QCOMPARE(ring.pushed(), std::uint64_t{20'000});
        std::uint64_t last = 0;
        std::size_t read = 0;
        const std::uint64_t end = ring.visit(0, [&](const collect::EventView& event) {
            QVERIFY(event.number >= last);
            last = event.number;
            ++read;
        });
        QCOMPARE(end, std::uint64_t{20'000});
        QVERIFY(read > 0 && read <= 64);
        QCOMPARE(last, end - 1);
    }
    void theRingIsReadWhileManyWrite() {
        collect::EventRing ring(64);
        std::atomic<bool> stop{false};
        std::vector<std::jthread> writers;
        for (int i = 0; i < 4; ++i) {
            writers.emplace_back([&ring, &stop, i] {
                pool::PoolEvent event = eventOf(EventKind::Closed);
                event.slot = i;
                event.backendPid = i * 1000;
                event.lease = static_cast<std::uint64_t>(i) * 77;
                while (!stop) {
                    ring.push(event);
                }
            });
        }
        std::size_t read = 0;
        bool torn = false;
        while (read < 20'000) {
            for (const collect::EventRow& row : ring.newest(64)) {
                ++read;
                torn = torn || row.backendPid != row.slot * 1000 ||
                       row.lease != static_cast<std::uint64_t>(row.slot) * 77;
            }
        }
        stop = true;
        QVERIFY(!torn);
    }
    void useIsToldByTagAndTagsAreBounded() {
        PoolInstruments instruments;
        pool::PoolEvent event = eventOf(EventKind::Returned);
        for (int i = 0; i < 100; ++i) {
            const std::string tag = "tag" + std::to_string(1000 + i);
            event.tag = tag;
            instruments.onReturned(3ms, event);
            instruments.onReturned(3ms, event); // known to the thread by now
        }
        event.tag = "\xff\xfe"; // somebody's idea of a name
        instruments.onReturned(3ms, event);
        const auto values = instruments.usageByTag().values();
        QCOMPARE(values.size(), collect::TagTimings::kMostTags + 1);
        std::uint64_t count = 0;
        for (const auto& [tag, value] : values) {
            count += value.count;
            QVERIFY(tag == "other" || value.count == 2U);
            QVERIFY(tag == "other" || tag < "tag1032");
        }
        QCOMPARE(count, 201U);
    }
    void theOpeningIsAPartOfTheWait() {
        PoolInstruments instruments;
        pool::PoolEvent event = eventOf(EventKind::Granted);
        event.connecting = 150ms;
        instruments.onAcquired(170ms, Outcome::Ok, event);
        instruments.onAcquired(1ms, Outcome::Ok, eventOf(EventKind::Granted));
        QCOMPARE(instruments.connecting(), core::Nanos(150ms));
    }
    void grantsAndReturnsAreInTheRingOnce() {
        PoolInstruments instruments;
        instruments.onAcquired(1ms, Outcome::Ok, eventOf(EventKind::Granted));
        instruments.onReturned(2ms, eventOf(EventKind::Returned));
        instruments.onAcquired(3ms, Outcome::Timeout, eventOf(EventKind::TimedOut));
        instruments.onEvent(eventOf(EventKind::TimedOut)); // the pool tells both ways
        const auto rows = instruments.events().newest(100);
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].kind, EventKind::Granted);
        QCOMPARE(rows[1].kind, EventKind::Returned);
        QCOMPARE(rows[1].duration, core::Nanos(2ms));
        QCOMPARE(rows[2].kind, EventKind::TimedOut);
    }
};

QTEST_GUILESS_MAIN(PoolInstrumentsTest)
#include "tst_pool_instruments.moc"
