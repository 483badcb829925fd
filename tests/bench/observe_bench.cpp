// What recording costs: a counter, a histogram, a log-linear recorder, and the pool's whole observer; and the
// same of prometheus-cpp, the best known C++ library for it.
#include "monitor/collect/self/pool_instruments.h"
#include "tests/bench/bench_line.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>

#include <array>
#include <barrier>
#include <chrono>
#include <ctime>
#include <functional>
#include <thread>

namespace {

constexpr std::array kBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0};
constexpr std::size_t kBatch = 1024;

double cpuSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Nanoseconds per call, all threads together, as in performance.md: on the wall, and of processor time (which
// a busy machine does not change).
struct Cost {
    double wall = 0;
    double cpu = 0;
};

// Calls `work` from all threads for the time.
Cost costPerCall(int threads, double seconds, const std::function<void(std::size_t)>& work)
{
    std::barrier together(threads);
    std::vector<std::uint64_t> calls(static_cast<std::size_t>(threads));
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    const double cpuBefore = cpuSeconds();
    {
        std::vector<std::jthread> all;
        for (std::uint64_t& mine : calls) {
            all.emplace_back([&] {
                together.arrive_and_wait();
                std::uint64_t done = 0;
                while (std::chrono::steady_clock::now() < end) {
                    work(kBatch);
                    done += kBatch;
                }
                mine = done;
            });
        }
    }
    std::uint64_t sum = 0;
    for (const std::uint64_t mine : calls) {
        sum += mine;
    }
    const double perCall = 1e9 / static_cast<double>(sum);
    return {seconds * perCall, (cpuSeconds() - cpuBefore) * perCall};
}

void report(const char* peer, const char* what, int threads, const Cost& cost)
{
    bench::lineOf(peer, {{"bench", "observe"}, {"what", what}},
                  {{"threads", threads}, {"ns_op", cost.wall}, {"cpu_ns_op", cost.cpu}});
}

double valueOf(std::size_t i)
{
    return static_cast<double>(i & 15) * 0.002;
}

void measurePeer(int threads, const bench::Options& options)
{
    prometheus::Counter counter;
    report("prometheus-cpp", "counter", threads,
           costPerCall(threads, options.seconds, [&](std::size_t times) {
               for (std::size_t i = 0; i < times; ++i) {
                   counter.Increment();
               }
           }));
    prometheus::Histogram histogram({kBounds.begin(), kBounds.end()});
    report("prometheus-cpp", "histogram", threads,
           costPerCall(threads, options.seconds, [&](std::size_t times) {
               for (std::size_t i = 0; i < times; ++i) {
                   histogram.Observe(valueOf(i));
               }
           }));
}

} // namespace

int main(int argc, char** argv)
{
    const bench::Options options = bench::parse(argc, argv);
    for (const int threads : {1, 2, 8, 32}) {
        measurePeer(threads, options);
        metrics::Counter counter;
        report("poolscope", "counter", threads, costPerCall(threads, options.seconds, [&](std::size_t times) {
                   for (std::size_t i = 0; i < times; ++i) {
                       counter.inc();
                   }
               }));
        metrics::Histogram histogram{kBounds};
        report("poolscope", "histogram", threads,
               costPerCall(threads, options.seconds, [&](std::size_t times) {
                   for (std::size_t i = 0; i < times; ++i) {
                       histogram.observe(valueOf(i));
                   }
               }));
        metrics::LogLinear recorder;
        report("poolscope", "log_linear", threads,
               costPerCall(threads, options.seconds, [&](std::size_t times) {
                   for (std::size_t i = 0; i < times; ++i) {
                       recorder.record(core::Nanos(static_cast<core::Nanos::rep>(i) * 1000));
                   }
               }));
        collect::PoolInstruments instruments;
        report("poolscope", "acquired_and_returned", threads,
               costPerCall(threads, options.seconds, [&](std::size_t times) {
                   pool::PoolEvent event;
                   event.tag = "bench";
                   event.at = std::chrono::steady_clock::now();
                   for (std::size_t i = 0; i < times; ++i) {
                       instruments.onAcquired(core::Nanos(800), pool::Outcome::Ok, event);
                       instruments.onReturned(core::Nanos(4000), event);
                   }
               }));
    }
    return 0;
}
