// Threads that do one thing over and over for a while, and what they measured.
#pragma once

#include "tests/bench/bench_line.h"

#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <time.h>
#include <vector>

namespace bench {

// Of one thread; a cache line and more of its own.
struct alignas(128) Tally {
    std::uint64_t ops = 0;
    std::uint64_t held = 0;    // nanoseconds, of the sampled ones
    std::vector<double> waits; // nanoseconds
    std::vector<double> whole; // nanoseconds from request to return
};

struct CrewResult {
    std::uint64_t ops = 0;
    double wallSeconds = 0;
    double cpuSeconds = 0;
    int starved = 0; // threads that got at most one
    std::uint64_t held = 0;
    std::vector<double> waits;
    std::vector<double> whole;
};

[[nodiscard]] inline double processCpuSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

inline void rest(double seconds)
{
    const auto whole = static_cast<time_t>(seconds);
    const timespec span{whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
    ::clock_nanosleep(CLOCK_MONOTONIC, 0, &span, nullptr);
}

// Each of `threads` threads calls work(thread, tally, measuring) until the time is over; what happens during
// the warm-up is not counted. `work` counts its ops itself.
[[nodiscard]] inline CrewResult runCrew(int threads, const Options& options,
                                        const std::function<void(int, Tally&)>& work)
{
    std::vector<Tally> tallies(static_cast<std::size_t>(threads));
    std::atomic<int> phase{0}; // 0 warm-up, 1 measuring, 2 over
    std::barrier together(threads + 1);
    CrewResult result;
    {
        std::vector<std::jthread> all;
        for (int t = 0; t < threads; ++t) {
            all.emplace_back([&, t] {
                Tally& mine = tallies[static_cast<std::size_t>(t)];
                Tally warm;
                mine.waits.reserve(1U << 16U);
                mine.whole.reserve(1U << 16U);
                together.arrive_and_wait();
                while (phase.load(std::memory_order_relaxed) == 0) {
                    work(t, warm);
                }
                while (phase.load(std::memory_order_relaxed) == 1) {
                    work(t, mine);
                }
            });
        }
        together.arrive_and_wait();
        rest(options.warm);
        const auto begin = std::chrono::steady_clock::now();
        const double cpu = processCpuSeconds();
        phase = 1;
        rest(options.seconds);
        phase = 2;
        result.wallSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        result.cpuSeconds = processCpuSeconds() - cpu;
    }
    for (Tally& tally : tallies) {
        result.ops += tally.ops;
        result.held += tally.held;
        result.starved += tally.ops <= 1 ? 1 : 0;
        result.waits.insert(result.waits.end(), tally.waits.begin(), tally.waits.end());
        result.whole.insert(result.whole.end(), tally.whole.begin(), tally.whole.end());
    }
    if (result.waits.empty()) {
        result.waits.push_back(0);
    }
    if (result.whole.empty()) {
        result.whole.push_back(0);
    }
    return result;
}

} // namespace bench
