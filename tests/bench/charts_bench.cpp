// The Overview's charts over a real Prometheus that has 200 instances: how soon the first chart has its past
// and how soon all have, how many requests that took, and how many a second at the most. The server is
// another process and limits nothing; the console keeps to 5 requests a second.
//   charts_bench [--instances N]
#include "monitor/prometheus/server_querier.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "tests/bench/bench_line.h"
#include "tests/support/prometheus_server.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/panels/overview_panel.h"
#include "widgets/past_source.h"

#include <QApplication>
#include <QElapsedTimer>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kScrape = 15'000;
constexpr const char* kNames[] = {"db_pool_usage",
                                  "db_pool_checked_out",
                                  "db_pool_checked_in",
                                  "db_pool_overflow",
                                  "host_cpu_usage_ratio",
                                  "host_memory_usage_ratio",
                                  "host_load5",
                                  "host_network_receive_bytes_total",
                                  "host_network_transmit_bytes_total"};

// Two hours of every metric of every instance, as promtool takes them.
bool writeSamples(const QString& path, int instances, std::int64_t now)
{
    QFile file(path);
    if (!file.open(QFile::WriteOnly)) {
        return false;
    }
    const auto series = [&](const std::string& family, const std::string& name, const std::string& more,
                            bool counter) {
        file.write(fmt::format("# TYPE {} {}\n", family, counter ? "counter" : "gauge").c_str());
        for (int i = 0; i < instances; ++i) {
            std::string lines;
            for (std::int64_t at = now - 2 * kHour; at < now; at += kScrape) {
                const double seconds = static_cast<double>(at - now + 2 * kHour) / 1000;
                const double value = counter ? seconds * 1000 : 0.5 + 0.4 * std::sin(seconds / 300 + i);
                lines += fmt::format("{}{{job=\"poolscope\",instance=\"pool-{:03}:8000\"{}}} {} {}\n", name,
                                     i, more, value, at / 1000);
            }
            file.write(lines.c_str());
        }
    };
    for (const std::string name : kNames) {
        const bool counter = name.ends_with("_total");
        series(counter ? name.substr(0, name.size() - 6) : name, name, "", counter);
    }
    series("host_disk_usage_ratio", "host_disk_usage_ratio", ",mountpoint=\"/\"", false);
    file.write("# EOF\n");
    return file.error() == QFile::NoError;
}

constexpr double kSecond = 0.9; // less what a look may come too late

struct Outcome {
    double first = 0; // seconds until a chart was painted with the server's past
    double all = 0;
    int perSecond = 0; // most requests within any second
    std::uint64_t asked = 0;
};

// Opens the panel as the window does, and looks every few ms.
Outcome open(const prometheus::ServerQuerier& server, std::chrono::milliseconds length)
{
    series::Head nothing;
    const promql::Querier memory(nothing);
    widgets::PastSource source({&server});
    source.choose(QString::fromStdString(server.name()));
    widgets::PanelContext context;
    context.querier = &memory;
    context.history = &source;
    widgets::OverviewPanel panel(context);
    panel.resize(1600, 900);
    panel.setTimeRange({length});
    panel.show();
    QCoreApplication::processEvents();
    const std::uint64_t before = server.client().state().asked;
    std::vector<double> moments; // of the requests
    Outcome outcome;
    QElapsedTimer clock;
    clock.start();
    auto snapshot = std::make_shared<metrics::Snapshot>();
    snapshot->tick = 1;
    snapshot->at = core::SystemClock::instance().wallNow();
    snapshot->interval = 1s;
    panel.showSnapshot(snapshot);
    const auto charts = panel.findChildren<widgets::ChartWidget*>();
    const auto filled = [](const widgets::ChartWidget* chart) {
        for (std::size_t i = 0; i < chart->seriesCount(); ++i) {
            if (chart->drawnPoints(i).empty()) {
                return false;
            }
        }
        return true;
    };
    while (outcome.all == 0 && clock.elapsed() < 60'000) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        const double now = static_cast<double>(clock.nsecsElapsed()) / 1e9;
        while (moments.size() < server.client().state().asked - before) {
            moments.push_back(now);
        }
        const auto ready = std::count_if(charts.begin(), charts.end(), filled);
        outcome.first = outcome.first == 0 && ready > 0 ? now : outcome.first;
        outcome.all = ready == charts.size() ? now : 0;
    }
    for (const double moment : moments) {
        const auto within = std::count_if(moments.begin(), moments.end(),
                                          [&](double m) { return m >= moment && m < moment + kSecond; });
        outcome.perSecond = std::max(outcome.perSecond, static_cast<int>(within));
    }
    outcome.asked = moments.size();
    return outcome;
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    int instances = 200;
    for (int i = 1; i + 1 < argc; ++i) {
        instances =
            std::string_view(argv[i]) == "--instances" ? std::max(1, std::atoi(argv[i + 1])) : instances;
    }
    support::PrometheusServer prometheus;
    const std::int64_t now = core::epochMillis(core::SystemClock::instance().wallNow()) / kScrape * kScrape;
    const QString samples = prometheus.file(QStringLiteral("samples.om"));
    if (!writeSamples(samples, instances, now) || !prometheus.fill(samples) ||
        !prometheus.start(QStringLiteral("global: {}\n"))) {
        std::fprintf(stderr, "charts_bench: prometheus and promtool are needed (tests/run fetches them)\n");
        return 1;
    }
    prometheus::ServerSpec spec = prometheus.spec();
    spec.match = {{"instance", "pool-017:8000"}, {"job", "poolscope"}};
    series::Head words;
    const promql::Querier language(words);
    for (const auto& [name, length] :
         {std::pair{"15 min", std::chrono::milliseconds(15min)}, {"1 h", 1h}, {"2 h", 2h}}) {
        const prometheus::ServerQuerier server(spec, language); // nothing is kept from the range before
        const Outcome outcome = open(server, length);
        bench::line({{"what", "overview"}, {"range", name}},
                    {{"instances", instances},
                     {"first_paint_s", outcome.first},
                     {"all_painted_s", outcome.all},
                     {"requests", static_cast<double>(outcome.asked)},
                     {"most_requests_in_a_second", outcome.perSecond}});
    }
    return 0;
}
