#include "monitor/collect/sampler.h"

#include <QTest>

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;
using metrics::Kind;
using metrics::MetricDef;

namespace {

constexpr std::array kLiveDefs{MetricDef{"live_value", Kind::Gauge, core::Unit::None, "live", {}}};
constexpr std::array kSlowDefs{MetricDef{"a_slow_value", Kind::Gauge, core::Unit::None, "slow", {}}};

// Says how often it was asked.
class Counting final : public collect::Collector {
public:
    Counting(std::atomic<int>& calls, bool isLive)
        : m_calls(calls)
        , m_live(isLive) {}
    std::string_view name() const noexcept override { return m_live ? "live" : "slow"; }
    std::span<const MetricDef> metrics() const noexcept override {
        return m_live ? std::span<const MetricDef>(kLiveDefs) : std::span<const MetricDef>(kSlowDefs);
    }
    core::Result<void> collect(metrics::SampleBuilder& out) override {
        const int calls = ++m_calls;
        out.push(metrics()[0], calls);
        if (m_live) {
            out.snapshot().pool.checkedOut = calls;
        }
        return {};
    }
    bool live() const noexcept override { return m_live; }

private:
    std::atomic<int>& m_calls;
    const bool m_live;
};

// Fails or throws as told.
class Failing final : public collect::Collector {
public:
    explicit Failing(std::atomic<int>& mode)
        : m_mode(mode) {}
    std::string_view name() const noexcept override { return "failing"; }
    std::span<const MetricDef> metrics() const noexcept override { return {}; }
    core::Result<void> collect(metrics::SampleBuilder&) override {
        if (m_mode == 1) {
            return core::fail("broken\nfor good");
        }
        if (m_mode == 2) {
            throw std::runtime_error("thrown");
        }
        return {};
    }

private:
    std::atomic<int>& m_mode;
};

// Holds up the tick until it is let go.
class Gate final : public collect::Collector {
public:
    std::string_view name() const noexcept override { return "gate"; }
    std::span<const MetricDef> metrics() const noexcept override { return {}; }
    core::Result<void> collect(metrics::SampleBuilder&) override {
        std::unique_lock lock(s_mutex);
        s_inside = true;
        s_changed.notify_all();
        s_changed.wait(lock, [] { return s_open; });
        return {};
    }
    static void set(bool open) {
        const std::lock_guard lock(s_mutex);
        s_open = open;
        s_inside = false;
        s_changed.notify_all();
    }
    static bool waitInside() {
        std::unique_lock lock(s_mutex);
        return s_changed.wait_for(lock, 10s, [] { return s_inside; });
    }

private:
    static inline std::mutex s_mutex;
    static inline std::condition_variable s_changed;
    static inline bool s_open = true;
    static inline bool s_inside = false;
};

struct Bench {
    std::atomic<int> liveCalls{0};
    std::atomic<int> slowCalls{0};
    std::atomic<int> mode{0};
    std::atomic<std::uint64_t> version{1};

    std::vector<std::unique_ptr<collect::Collector>> collectors() {
        std::vector<std::unique_ptr<collect::Collector>> all;
        all.push_back(std::make_unique<Counting>(slowCalls, false));
        all.push_back(std::make_unique<Counting>(liveCalls, true));
        all.push_back(std::make_unique<Failing>(mode));
        return all;
    }
    collect::SamplerOptions options(core::Nanos interval = 100ms) {
        collect::SamplerOptions all;
        all.interval = interval;
        all.liveVersion = [this] { return version.load(); };
        return all;
    }
};

const metrics::SourceStatus& source(const metrics::Snapshot& snapshot, std::string_view name) {
    for (const metrics::SourceStatus& status : snapshot.sources) {
        if (status.name == name) {
            return status;
        }
    }
    throw std::runtime_error("no such source");
}

} // namespace

class SamplerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { Gate::set(true); }

    void eachTickIsOneWholeSnapshot() {
        Bench bench;
        std::mutex mutex;
        std::vector<metrics::SnapshotPtr> published;
        collect::SamplerOptions options = bench.options();
        options.enrich = [](metrics::Snapshot& snapshot) { snapshot.endpoint = "enriched"; };
        options.publish = [&](const metrics::SnapshotPtr& snapshot) {
            const std::lock_guard lock(mutex);
            published.push_back(snapshot);
        };
        collect::Sampler sampler(bench.collectors(), options);
        QVERIFY(!sampler.latest());
        sampler.start();
        QTRY_VERIFY(bench.slowCalls >= 3);
        sampler.stop();
        QVERIFY(published.size() >= 3);
        for (std::size_t i = 0; i < published.size(); ++i) {
            QCOMPARE(published[i]->tick, std::uint64_t{i});
            QCOMPARE(published[i]->value("a_slow_value"), static_cast<double>(i + 1));
            QCOMPARE(published[i]->endpoint, std::string("enriched"));
            QCOMPARE(published[i]->interval, core::Nanos(100ms));
            QVERIFY(std::is_sorted(published[i]->families.begin(), published[i]->families.end(),
                                   [](const auto& a, const auto& b) { return a.def->name < b.def->name; }));
        }
        QCOMPARE(sampler.latest(), published.back());
        QCOMPARE(published.back()->value("poolscope_ticks_total"), static_cast<double>(published.size()));
        QCOMPARE(published.back()->value("poolscope_collector_up", {{"collector", "slow"}}), 1.0);
    }
    void aFailureIsAStatusAndNoEnd() {
        Bench bench;
        collect::Sampler sampler(bench.collectors(), bench.options());
        bench.mode = 1;
        sampler.start();
        QTRY_VERIFY(sampler.latest());
        const metrics::SourceStatus never = source(*sampler.latest(), "failing");
        QCOMPARE(never.state, metrics::SourceState::Unavailable);
        QCOMPARE(never.text, std::string("broken for good"));
        QCOMPARE(sampler.latest()->value("poolscope_collector_up", {{"collector", "failing"}}), 0.0);
        bench.mode = 0;
        QTRY_COMPARE(source(*sampler.latest(), "failing").state, metrics::SourceState::Ok);
        bench.mode = 2;
        QTRY_COMPARE(source(*sampler.latest(), "failing").state, metrics::SourceState::Failed);
        QVERIFY(source(*sampler.latest(), "failing").age > core::Nanos(0));
        QCOMPARE(source(*sampler.latest(), "failing").text, std::string("thrown"));
        QCOMPARE(source(*sampler.latest(), "slow").state, metrics::SourceState::Ok);
    }
    void aScrapeAsksOnlyTheLiveOnesAndOnlyWhenSomethingChanged() {
        Bench bench;
        collect::Sampler sampler(bench.collectors(), bench.options(60s));
        sampler.start();
        QTRY_VERIFY(sampler.latest());
        QTRY_COMPARE(sampler.fresh(), sampler.latest()); // nothing has changed
        QCOMPARE(bench.liveCalls, 1);
        ++bench.version;
        const metrics::SnapshotPtr fresh = sampler.fresh();
        QVERIFY(fresh != sampler.latest());
        QCOMPARE(fresh->value("live_value"), 2.0);
        QCOMPARE(fresh->find("live_value")->series.size(), std::size_t{1});
        QCOMPARE(fresh->pool.checkedOut, 2);
        QCOMPARE(fresh->value("a_slow_value"), 1.0);
        QCOMPARE(bench.slowCalls, 1);
        QCOMPARE(sampler.fresh(), fresh);
        ++bench.version;
        QCOMPARE(sampler.fresh()->value("live_value"), 3.0);
        QCOMPARE(sampler.latest()->value("live_value"), 1.0); // the tick's own stays as it was
    }
    void aScrapeDoesNotWaitForATickInProgress() {
        Bench bench;
        auto collectors = bench.collectors();
        collectors.insert(collectors.begin(), std::make_unique<Gate>());
        collectors.push_back(std::make_unique<Gate>());
        collect::Sampler sampler(std::move(collectors), bench.options());
        sampler.start();
        QTRY_VERIFY(sampler.latest());
        Gate::set(false);
        QVERIFY(Gate::waitInside()); // the tick hangs, before or after the live collector
        ++bench.version;
        const auto begin = std::chrono::steady_clock::now();
        const int before = bench.liveCalls;
        const metrics::SnapshotPtr fresh = sampler.fresh();
        QVERIFY(std::chrono::steady_clock::now() - begin < 2s);
        QCOMPARE(fresh->value("live_value"), static_cast<double>(before + 1));
        QVERIFY(fresh->find("a_slow_value"));
        Gate::set(true);
        sampler.stop();
    }
    void aScrapeBeforeTheFirstTickHasTheLiveOnes() {
        Bench bench;
        collect::Sampler sampler(bench.collectors(), bench.options());
        const metrics::SnapshotPtr fresh = sampler.fresh();
        QVERIFY(fresh);
        QCOMPARE(fresh->value("live_value"), 1.0);
        QVERIFY(!fresh->find("a_slow_value"));
    }
    void manyScrapersAndAChangingIntervalAreFine() {
        Bench bench;
        collect::Sampler sampler(bench.collectors(), bench.options());
        sampler.start();
        QTRY_VERIFY(sampler.latest());
        std::atomic<bool> wrong{false};
        {
            std::vector<std::jthread> scrapers;
            for (int i = 0; i < 4; ++i) {
                scrapers.emplace_back([&] {
                    for (int n = 0; n < 500; ++n) {
                        ++bench.version;
                        const metrics::SnapshotPtr fresh = sampler.fresh();
                        wrong = wrong || fresh->find("live_value")->series.size() != 1;
                        sampler.setInterval(n % 2 == 0 ? 100ms : 150ms);
                    }
                });
            }
        }
        QVERIFY(!wrong);
        sampler.setInterval(1ns);
        QCOMPARE(sampler.interval(), core::Nanos(100ms));
        sampler.setInterval(1h);
        QCOMPARE(sampler.interval(), core::Nanos(60s));
    }
    void theCatalogueIsSortedAndNamesEachOnce() {
        Bench bench;
        const collect::Sampler sampler(bench.collectors(), bench.options());
        const auto catalog = sampler.catalog();
        QVERIFY(catalog.size() > 2);
        QCOMPARE(catalog.front()->name, std::string_view("a_slow_value"));
        for (std::size_t i = 1; i < catalog.size(); ++i) {
            QVERIFY(catalog[i - 1]->name < catalog[i]->name);
        }
    }
};

QTEST_GUILESS_MAIN(SamplerTest)
#include "tst_sampler.moc"
