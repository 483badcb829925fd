// Checkout + checkin without a database: the pool's own desk and core over a stub connection, its looks
// included, with the program's real instruments as observer or without any.
//   pool_bench [--cells threads:pool[:none|yield|sleep],…] [--secs S] [--warm W] [--metrics on|off|both]
//   [--floors on|off]
#include "monitor/collect/self/pool_defs.h"
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/core/fast_clock.h"
#include "monitor/pool/desk.h"
#include "monitor/pool/resource_pool.h"
#include "tests/bench/cells.h"
#include "tests/bench/crew.h"
#include "tests/bench/floor_pool.h"

#include <memory>

namespace {

// In the place of a connection: always well, always clean.
struct Stub {
    std::atomic<int> backendPid{4711};
    std::atomic<core::SteadyTime::rep> since{0};
};

struct StubCore {
    explicit StubCore(const pool::PoolConfig& config)
        : places(config, core::FastClock::instance())
    {
    }
    pool::ResourcePool<Stub> places;
};

class StubDesk final : StubCore, public pool::Desk {
public:
    StubDesk(const pool::PoolConfig& config, pool::PoolObserver* observer)
        : StubCore(config)
        , Desk(places, observer)
    {
        while (pool::Slot* slot = places.beginOpening()) {
            pool::Circuit::Turn turn = pool::Circuit::Turn::None;
            (void)places.opened(*slot, places.clock().steadyNow(), turn);
        }
    }
    [[nodiscard]] std::string brokenRule() { return places.brokenRule(); }

private:
    bool looksGood(pool::Slot&) noexcept override { return true; }
    bool proves(pool::Request&, core::Nanos&) override { return true; }
    void lent(pool::Slot& slot, core::SteadyTime now) noexcept override
    {
        pool::ResourcePool<Stub>::valueOf(slot).since.store(now.time_since_epoch().count(),
                                                            std::memory_order_relaxed);
    }
    pool::Returned lookOver(pool::Slot&) override { return pool::Returned::Clean; }
    void clean(pool::Slot&) override {}
    void closeResource(pool::Slot& slot) noexcept override { places.closed(slot); }
    int backendOf(const pool::Slot& slot) const noexcept override
    {
        return pool::ResourcePool<Stub>::valueOf(slot).backendPid.load(std::memory_order_relaxed);
    }
};

void hold(const std::string& how)
{
    if (how == "yield") {
        std::this_thread::yield();
    } else if (how == "sleep") {
        bench::rest(0.001);
    }
}

void print(const char* peer, const char* metrics, const bench::CellSpec& cell,
           const bench::CrewResult& result)
{
    std::vector<double> waits = result.waits;
    const auto ops = static_cast<double>(result.ops);
    const double util = static_cast<double>(result.held) / 1e9 / result.wallSeconds / cell.pool;
    bench::lineOf(peer, {{"bench", "pool"}, {"metrics", metrics}, {"hold", cell.hold.c_str()}},
                  {{"threads", cell.threads},
                   {"pool", cell.pool},
                   {"ns_op", result.wallSeconds * 1e9 / ops},
                   {"cpu_ns_op", result.cpuSeconds * 1e9 / ops},
                   {"wait_p50", bench::percentile(waits, 0.5)},
                   {"wait_p99", bench::percentile(waits, 0.99)},
                   {"wait_max", bench::percentile(waits, 1)},
                   {"util", util},
                   {"starved", result.starved},
                   {"ops", ops}});
}

void measure(const bench::CellSpec& cell, const bench::Options& options, bool metrics)
{
    pool::PoolConfig config;
    config.size = cell.pool;
    config.maxOverflow = 0;
    config.minIdle = cell.pool;
    config.recycle = core::Nanos(0);
    config.validateAfter = std::chrono::hours(1); // a look, never a round trip
    collect::PoolInstruments instruments;
    StubDesk desk(config, metrics ? &instruments : nullptr);
    const bool holds = cell.hold != "none";
    const bench::CrewResult result = bench::runCrew(cell.threads, options, [&](int, bench::Tally& tally) {
        pool::Request request;
        request.tag = "bench";
        request.site = std::source_location::current();
        if (desk.serve(request, {}) != pool::Step::Granted) {
            return;
        }
        if (holds) {
            hold(cell.hold);
        }
        const core::SteadyTime asked = request.requestedAt;
        const core::SteadyTime granted = request.endedAt;
        desk.takeBack(*request.slot, request.number);
        if (holds || tally.ops % 64 == 0) {
            tally.waits.push_back(static_cast<double>(core::Nanos(granted - asked).count()));
        }
        if (holds) {
            tally.held += static_cast<std::uint64_t>(
                core::Nanos(core::FastClock::instance().steadyNow() - granted).count());
        }
        ++tally.ops;
    });
    if (const std::string rule = desk.brokenRule(); !rule.empty()) {
        std::fprintf(stderr, "broken: %s\n", rule.c_str());
        std::exit(1);
    }
    print("poolscope", metrics ? "on" : "off", cell, result);
}

// The same over a mutex and a queue: fair, and with the histograms but without anything else that ours tells.
void measureFloor(const bench::CellSpec& cell, const bench::Options& options)
{
    bench::FloorPool places(cell.pool);
    collect::Timing wait(collect::defs::kWaitBounds);
    collect::Timing usage(collect::defs::kUsageBounds);
    const core::Clock& clock = core::SystemClock::instance();
    const bool holds = cell.hold != "none";
    const bench::CrewResult result = bench::runCrew(cell.threads, options, [&](int, bench::Tally& tally) {
        const core::SteadyTime asked = clock.steadyNow();
        const int place = places.take();
        const core::SteadyTime granted = clock.steadyNow();
        wait.fine.record(granted - asked);
        wait.buckets.observe(granted - asked);
        if (holds) {
            hold(cell.hold);
        }
        places.giveBack(place);
        const core::Nanos used = clock.steadyNow() - granted;
        usage.fine.record(used);
        usage.buckets.observe(used);
        if (holds || tally.ops % 64 == 0) {
            tally.waits.push_back(static_cast<double>(core::Nanos(granted - asked).count()));
        }
        tally.held += holds ? static_cast<std::uint64_t>(used.count()) : 0;
        ++tally.ops;
    });
    print("floor_fifo", "histograms", cell, result);
}

// What nothing can be faster than, on this machine in this run: a clock, a lock, a histogram.
template <class Work>
void floorOf(const char* what, const bench::Options& options, Work work)
{
    constexpr std::uint64_t kBatch = 1000;
    const bench::CrewResult result = bench::runCrew(1, options, [&](int, bench::Tally& tally) {
        for (std::uint64_t i = 0; i < kBatch; ++i) {
            work();
        }
        tally.ops += kBatch;
    });
    const auto ops = static_cast<double>(result.ops);
    bench::line({{"bench", "pool_floor"}, {"what", what}},
                {{"ns_op", result.wallSeconds * 1e9 / ops}, {"cpu_ns_op", result.cpuSeconds * 1e9 / ops}});
}

void floors(const bench::Options& options)
{
    std::atomic<core::SteadyTime::rep> sink{0};
    const auto keep = [&sink](core::SteadyTime time) {
        sink.store(time.time_since_epoch().count(), std::memory_order_relaxed);
    };
    floorOf("steady_clock", options, [&] { keep(core::SystemClock::instance().steadyNow()); });
    floorOf("fast_clock", options, [&] { keep(core::FastClock::instance().steadyNow()); });
    core::Mutex mutex;
    floorOf("mutex", options, [&] {
        const core::MutexLock lock(mutex);
        keep(core::SteadyTime{});
    });
    const auto shared = std::make_shared<int>(0);
    floorOf("shared_ptr", options, [&] {
        const std::shared_ptr<int> mine = shared;
        sink.store(*mine, std::memory_order_relaxed);
    });
}

} // namespace

int main(int argc, char** argv)
{
    const bench::Options options = bench::parse(argc, argv);
    const std::string metrics = bench::argument(argc, argv, "--metrics", "both");
    const bool withFloors = bench::argument(argc, argv, "--floors", "on") == "on";
    if (withFloors) {
        floors(options);
    }
    const std::string cells = bench::argument(argc, argv, "--cells",
                                              "1:10,2:10,8:10,32:10,32:32,32:10:yield,32:10:sleep,4:2:sleep");
    for (const bench::CellSpec& cell : bench::parseCells(cells)) {
        for (const bool on : {true, false}) {
            if (metrics == "both" || metrics == (on ? "on" : "off")) {
                measure(cell, options, on);
            }
        }
        if (withFloors) {
            measureFloor(cell, options);
        }
    }
    return 0;
}
