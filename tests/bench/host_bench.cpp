// What one look at the host costs: each collector, and all of them with the snapshot they fill.
#include "monitor/collect/catalog.h"
#include "tests/bench/bench_line.h"

#include <chrono>
#include <ctime>
#include <string>

namespace {

double cpuMicros() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

template <class Work>
void measure(const char* what, const bench::Options& options, Work work) {
    std::vector<double> micros;
    const auto begin = std::chrono::steady_clock::now();
    const auto warmEnd = begin + std::chrono::duration<double>(options.warm);
    const auto end = warmEnd + std::chrono::duration<double>(options.seconds);
    double cpu = 0;
    for (auto now = begin; now < end;) {
        const double cpuBefore = cpuMicros();
        work();
        const double cpuAfter = cpuMicros();
        const auto after = std::chrono::steady_clock::now();
        if (now >= warmEnd) {
            micros.push_back(std::chrono::duration<double, std::micro>(after - now).count());
            cpu += cpuAfter - cpuBefore;
        }
        now = after;
    }
    const double us = bench::mean(micros);
    const double runs = static_cast<double>(micros.size());
    bench::line({{"bench", "host"}, {"what", what}}, {{"us", us},
                                                      {"us_p50", bench::percentile(micros, 0.5)},
                                                      {"us_p99", bench::percentile(micros, 0.99)},
                                                      {"cpu_us", cpu / runs}});
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv);
    const collect::Collectors collectors = collect::makeHostCollectors();
    const auto look = [](collect::Collector& collector, metrics::SampleBuilder& out) {
        static_cast<void>(collector.collect(out).has_value());
    };
    measure("snapshot", options, [&] {
        metrics::Snapshot snapshot;
        snapshot.steady = std::chrono::steady_clock::now();
        metrics::SampleBuilder out(snapshot);
        for (const auto& collector : collectors) {
            look(*collector, out);
        }
    });
    for (const auto& collector : collectors) {
        measure(std::string(collector->name()).c_str(), options, [&] {
            metrics::Snapshot snapshot;
            snapshot.steady = std::chrono::steady_clock::now();
            metrics::SampleBuilder out(snapshot);
            look(*collector, out);
        });
    }
    return 0;
}
