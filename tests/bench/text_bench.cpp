// What writing a page costs: the 50 metrics of a small program, and 5,000 series.
#include "monitor/metrics/exposition.h"
#include "tests/bench/bench_line.h"

#include <array>
#include <chrono>
#include <deque>
#include <string>

namespace {

constexpr std::array kBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0};
constexpr std::array<std::string_view, 2> kLabels{"device", "mountpoint"};

// Defs and names live as long as the page.
struct Page {
    metrics::Snapshot snapshot;
    std::deque<std::string> names;
    std::deque<metrics::MetricDef> defs;

    const metrics::MetricDef& define(std::string name, metrics::Kind kind) {
        names.push_back(std::move(name));
        defs.push_back({names.back(),
                        kind,
                        core::Unit::None,
                        "What this metric tells about the pool or the host",
                        {"title", "title"},
                        kind == metrics::Kind::Histogram ? std::span<const double>(kBounds)
                                                         : std::span<const double>()});
        return defs.back();
    }
};

void addHistogram(Page& page, const std::string& name) {
    auto value = std::make_shared<metrics::HistogramValue>();
    value->bounds.assign(kBounds.begin(), kBounds.end());
    value->counts = {12345, 2345, 345, 45, 5, 4, 3, 2, 1, 0};
    value->count = 15095;
    value->sum = 1234.5678;
    metrics::SampleBuilder(page.snapshot).push(page.define(name, metrics::Kind::Histogram), value);
}

Page small() {
    Page page;
    for (int i = 0; i < 43; ++i) {
        const auto kind = i % 3 == 0 ? metrics::Kind::Counter : metrics::Kind::Gauge;
        const metrics::MetricDef& def = page.define("db_pool_metric_number_" + std::to_string(100 + i), kind);
        metrics::SampleBuilder(page.snapshot).push(def, i % 2 == 0 ? i * 1001 : i * 0.37);
    }
    for (int i = 0; i < 7; ++i) {
        addHistogram(page, "db_pool_seconds_number_" + std::to_string(i));
    }
    return page;
}

Page large() {
    Page page;
    metrics::SampleBuilder out(page.snapshot);
    for (int family = 0; family < 50; ++family) {
        const metrics::MetricDef& def =
            page.define("host_m" + std::to_string(100 + family), metrics::Kind::Gauge);
        for (int i = 0; i < 100; ++i) {
            out.push(def, family * 0.731 + i * 17,
                     {{"device", "dev" + std::to_string(i)}, {"mountpoint", "/data"}});
        }
    }
    return page;
}

void measure(const char* set, const Page& page, metrics::Format format, const bench::Options& options) {
    std::vector<double> micros;
    std::size_t bytes = 0;
    const auto begin = std::chrono::steady_clock::now();
    const auto warmEnd = begin + std::chrono::duration<double>(options.warm);
    const auto end = warmEnd + std::chrono::duration<double>(options.seconds);
    for (auto now = begin; now < end;) {
        const std::string text = metrics::expose(page.snapshot, format);
        const auto after = std::chrono::steady_clock::now();
        bytes = text.size();
        if (now >= warmEnd) {
            micros.push_back(std::chrono::duration<double, std::micro>(after - now).count());
        }
        now = after;
    }
    const double us = bench::mean(micros);
    bench::line({{"bench", "text"},
                 {"set", set},
                 {"format", format == metrics::Format::Text ? "text" : "openmetrics"}},
                {{"bytes", static_cast<double>(bytes)},
                 {"us_scrape", us},
                 {"us_p50", bench::percentile(micros, 0.5)},
                 {"us_p99", bench::percentile(micros, 0.99)},
                 {"mb_s", static_cast<double>(bytes) / us}});
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv);
    const Page few = small();
    const Page many = large();
    for (const auto format : {metrics::Format::Text, metrics::Format::OpenMetrics}) {
        measure("small", few, format, options);
        measure("large", many, format, options);
    }
    return 0;
}
