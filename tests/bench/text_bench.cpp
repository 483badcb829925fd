// What writing a page costs: the 50 metrics of a small program, and 5,000 series; by us and by
// prometheus-cpp from the same numbers.
#include "monitor/metrics/exposition.h"
#include "tests/bench/bench_line.h"

#include <prometheus/text_serializer.h>

#include <array>
#include <chrono>
#include <deque>
#include <limits>
#include <string>

namespace {

constexpr std::array kBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0};
constexpr std::array<std::string_view, 2> kLabels{"device", "mountpoint"};

// Defs and names live as long as the page.
struct Page {
    metrics::Snapshot snapshot;
    std::deque<std::string> names;
    std::deque<metrics::MetricDef> defs;

    const metrics::MetricDef& define(std::string name, metrics::Kind kind)
    {
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

void addHistogram(Page& page, const std::string& name)
{
    auto value = std::make_shared<metrics::HistogramValue>();
    value->bounds.assign(kBounds.begin(), kBounds.end());
    value->counts = {12345, 2345, 345, 45, 5, 4, 3, 2, 1, 0};
    value->count = 15095;
    value->sum = 1234.5678;
    metrics::SampleBuilder(page.snapshot).push(page.define(name, metrics::Kind::Histogram), value);
}

Page small()
{
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

Page large()
{
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

// The same page as prometheus-cpp holds it.
std::vector<prometheus::MetricFamily> theirs(const Page& page)
{
    std::vector<prometheus::MetricFamily> families;
    for (const metrics::Family& family : page.snapshot.families) {
        prometheus::MetricFamily theirFamily;
        theirFamily.name = family.def->name;
        theirFamily.help = family.def->help;
        for (const metrics::Series& series : family.series) {
            prometheus::ClientMetric metric;
            for (const auto& [name, value] : series.labels) {
                metric.label.push_back({name, value});
            }
            if (series.histogram) {
                theirFamily.type = prometheus::MetricType::Histogram;
                metric.histogram.sample_count = series.histogram->count;
                metric.histogram.sample_sum = series.histogram->sum;
                std::uint64_t cumulative = 0;
                for (std::size_t i = 0; i < series.histogram->counts.size(); ++i) {
                    cumulative += series.histogram->counts[i];
                    const bool last = i == series.histogram->bounds.size();
                    metric.histogram.bucket.push_back(
                        {cumulative,
                         last ? std::numeric_limits<double>::infinity() : series.histogram->bounds[i]});
                }
            } else if (family.def->kind == metrics::Kind::Counter) {
                theirFamily.type = prometheus::MetricType::Counter;
                metric.counter.value = series.value;
            } else {
                theirFamily.type = prometheus::MetricType::Gauge;
                metric.gauge.value = series.value;
            }
            theirFamily.metric.push_back(std::move(metric));
        }
        families.push_back(std::move(theirFamily));
    }
    return families;
}

// `write()` gives the page.
template <class Write>
void measure(const char* peer, const bench::Texts& what, const bench::Options& options, Write write)
{
    std::vector<double> micros;
    std::size_t bytes = 0;
    const auto begin = std::chrono::steady_clock::now();
    const auto warmEnd = begin + std::chrono::duration<double>(options.warm);
    const auto end = warmEnd + std::chrono::duration<double>(options.seconds);
    for (auto now = begin; now < end;) {
        const std::string text = write();
        const auto after = std::chrono::steady_clock::now();
        bytes = text.size();
        if (now >= warmEnd) {
            micros.push_back(std::chrono::duration<double, std::micro>(after - now).count());
        }
        now = after;
    }
    const double us = bench::mean(micros);
    bench::lineOf(peer, what,
                  {{"bytes", static_cast<double>(bytes)},
                   {"us_scrape", us},
                   {"us_p50", bench::percentile(micros, 0.5)},
                   {"us_p99", bench::percentile(micros, 0.99)},
                   {"mb_s", static_cast<double>(bytes) / us}});
}

} // namespace

int main(int argc, char** argv)
{
    const bench::Options options = bench::parse(argc, argv);
    for (const char* set : {"small", "large"}) {
        const Page page = std::string_view(set) == "small" ? small() : large();
        const auto what = [set](const char* format) {
            return bench::Texts{{"bench", "text"}, {"set", set}, {"format", format}};
        };
        measure("poolscope", what("text"), options,
                [&] { return metrics::expose(page.snapshot, metrics::Format::Text); });
        measure("poolscope", what("openmetrics"), options,
                [&] { return metrics::expose(page.snapshot, metrics::Format::OpenMetrics); });
        const auto families = theirs(page);
        const prometheus::TextSerializer serializer;
        measure("prometheus-cpp", what("text"), options, [&] { return serializer.Serialize(families); });
    }
    return 0;
}
