#include "monitor/report/gather.h"

#include "monitor/core/canceled.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace report {

namespace {

using core::Text;
using core::Unit;
using metrics::Severity;

constexpr std::array kFigures{
    FigureQuery{&Figures::peakUsage, "max(max_over_time(db_pool_usage[SPAN]))"},
    FigureQuery{&Figures::peakTaken, "max(max_over_time(db_pool_checked_out[SPAN]))"},
    FigureQuery{&Figures::peakWaiters, "max(max_over_time(db_pool_waiters[SPAN]))"},
    FigureQuery{&Figures::places, "max(last_over_time(db_pool_max_connections[SPAN]))"},
    FigureQuery{&Figures::size, "max(last_over_time(db_pool_size[SPAN]))"},
    FigureQuery{&Figures::longestWait, "max(max_over_time(db_pool_oldest_wait_seconds[SPAN]))"},
    FigureQuery{&Figures::checkouts, "sum(increase(db_connection_checkout_total[SPAN]))"},
    FigureQuery{&Figures::timeouts, "sum(increase(db_pool_acquire_total{result=\"timeout\"}[SPAN]))"},
    FigureQuery{&Figures::errors, "sum(increase(db_connection_error_total[SPAN]))"},
    FigureQuery{&Figures::slow, "sum(increase(db_slow_query_total[SPAN]))"},
    FigureQuery{&Figures::statements, "sum(increase(db_query_duration_seconds_count[SPAN]))"},
    FigureQuery{&Figures::up, "min(avg_over_time(db_up[SPAN]))"},
    FigureQuery{&Figures::leaked, "max(max_over_time(db_pool_leaked[SPAN]))"},
    FigureQuery{&Figures::cpu, "max(max_over_time(host_cpu_usage_ratio[SPAN]))"},
    FigureQuery{&Figures::memory, "max(max_over_time(host_memory_usage_ratio[SPAN]))"},
    FigureQuery{&Figures::disk, "max(max_over_time(host_disk_usage_ratio[SPAN]))"},
    FigureQuery{&Figures::load, "max(max_over_time(host_load5[SPAN]))"},
    FigureQuery{&Figures::cores, "max(last_over_time(host_cpu_cores[SPAN]))"},
    FigureQuery{&Figures::serverMax, "max(last_over_time(db_server_max_connections[SPAN]))"},
};

// STEP: the time between two points; RATE: the same, but at least 30 s, for rates of what happens seldom.
struct LineSpec {
    Text legend;
    const char* expression = nullptr;
};
struct ChartSpec {
    Text title;
    Unit unit = Unit::None;
    bool highest = false; // each point is the highest of its step: no spike is lost
    std::array<LineSpec, 4> lines = {};
    std::array<Threshold, 2> thresholds = {};
};

const std::array kCharts{
    ChartSpec{{"Pool usage", "连接池使用率"},
              Unit::Ratio,
              true,
              {LineSpec{{"usage", "使用率"}, "max(max_over_time(db_pool_usage[STEP]))"}},
              {Threshold{0.8, Severity::Warning}, Threshold{0.9, Severity::Critical}}},
    ChartSpec{{"Connections and requests that wait", "连接与等待的请求"},
              Unit::Count,
              true,
              {LineSpec{{"in use", "使用中"}, "max(max_over_time(db_pool_checked_out[STEP]))"},
               LineSpec{{"waiting", "等待"}, "max(max_over_time(db_pool_waiters[STEP]))"},
               LineSpec{{"idle", "空闲"}, "max(max_over_time(db_pool_checked_in[STEP]))"},
               LineSpec{{"places", "容量"}, "max(max_over_time(db_pool_max_connections[STEP]))"}}},
    ChartSpec{
        {"Time spent waiting for a connection", "获取连接的等待时间"},
        Unit::Seconds,
        false,
        {LineSpec{{"p50", "p50"},
                  "histogram_quantile(0.5, sum by (le) (rate(db_connection_wait_seconds_bucket[RATE])))"},
         LineSpec{{"p95", "p95"},
                  "histogram_quantile(0.95, sum by (le) (rate(db_connection_wait_seconds_bucket[RATE])))"},
         LineSpec{{"p99", "p99"},
                  "histogram_quantile(0.99, sum by (le) (rate(db_connection_wait_seconds_bucket[RATE])))"}}},
    ChartSpec{
        {"Duration of statements", "语句耗时"},
        Unit::Seconds,
        false,
        {LineSpec{{"p50", "p50"},
                  "histogram_quantile(0.5, sum by (le) (rate(db_query_duration_seconds_bucket[RATE])))"},
         LineSpec{{"p95", "p95"},
                  "histogram_quantile(0.95, sum by (le) (rate(db_query_duration_seconds_bucket[RATE])))"},
         LineSpec{{"p99", "p99"},
                  "histogram_quantile(0.99, sum by (le) (rate(db_query_duration_seconds_bucket[RATE])))"}}},
    ChartSpec{{"Requests, slow statements and errors", "请求、慢查询与错误"},
              Unit::PerSecond,
              false,
              {LineSpec{{"connections taken", "获取连接"}, "sum(rate(db_connection_checkout_total[RATE]))"},
               LineSpec{{"slow statements", "慢查询"}, "sum(rate(db_slow_query_total[RATE]))"},
               LineSpec{{"errors", "错误"}, "sum(rate(db_connection_error_total[RATE]))"},
               LineSpec{{"timeouts", "超时"}, "sum(rate(db_pool_acquire_total{result=\"timeout\"}[RATE]))"}}},
    ChartSpec{{"The machine", "主机"},
              Unit::Ratio,
              true,
              {LineSpec{{"CPU", "CPU"}, "max(max_over_time(host_cpu_usage_ratio[STEP]))"},
               LineSpec{{"memory", "内存"}, "max(max_over_time(host_memory_usage_ratio[STEP]))"},
               LineSpec{{"disk", "磁盘"}, "max(max_over_time(host_disk_usage_ratio[STEP]))"}}},
};

constexpr Text kHighest{"Each point is the highest value of its {}.", "每个点为其 {} 内的最高值。"};
constexpr Text kMeans{"Each point covers {}.", "每个点覆盖 {}。"};

constexpr std::int64_t kPoints = 480;       // across a chart: two a pixel column on paper are enough
constexpr std::int64_t kLeastRate = 30'000; // ms

std::string replaced(std::string text, std::string_view word, const std::string& with)
{
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + with.size())) {
        text.replace(at, word.size(), with);
    }
    return text;
}

std::string spanWord(std::int64_t millis)
{
    return fmt::format("{}ms", millis);
}

// Time between two points: at least the second a sample takes, whole seconds.
std::int64_t stepOf(const Request& request)
{
    const std::int64_t step = (request.to - request.from) / kPoints;
    return std::max<std::int64_t>(1000, (step + 999) / 1000 * 1000);
}

// Steps without an answer become gaps.
std::vector<metrics::Point> withGaps(const std::vector<metrics::Point>& points, std::int64_t step)
{
    std::vector<metrics::Point> all;
    for (const metrics::Point& point : points) {
        if (!all.empty() && point.at - all.back().at > step * 3 / 2) {
            all.push_back({all.back().at + step, Figures::kUnknown});
        }
        all.push_back(point);
    }
    return all;
}

class Gatherer {
public:
    Gatherer(const metrics::Querier& querier, const GatherWatch& watch, Facts& facts)
        : m_querier(querier)
        , m_watch(watch)
        , m_facts(facts)
        , m_step(stepOf(facts.request))
    {
    }

    // False when it was stopped.
    [[nodiscard]] bool run()
    {
        std::size_t asked = 0;
        const double all = static_cast<double>(kFigures.size() + kCharts.size());
        const auto goesOn = [&] {
            if (m_watch.progress) {
                m_watch.progress(static_cast<double>(++asked) / all);
            }
            return !m_watch.stop.stop_requested();
        };
        for (const FigureQuery& query : kFigures) {
            m_facts.figures.*query.figure = figure(query.expression);
            if (!goesOn()) {
                return false;
            }
        }
        // A range function sees no sample at its left end only, so it is one look at each moment.
        m_facts.figures.peakDemand = highestOf("sum(db_pool_checked_out) + sum(db_pool_waiters)");
        for (const ChartSpec& spec : kCharts) {
            addChart(spec);
            if (!goesOn()) {
                return false;
            }
        }
        return true;
    }

private:
    [[nodiscard]] double figure(std::string_view expression)
    {
        const Request& request = m_facts.request;
        const auto answer =
            m_querier.instantUntil(m_watch.stop, withSpan(expression, request.to - request.from), request.to);
        if (!answer || answer->empty() || answer->front().points.empty()) {
            return Figures::kUnknown;
        }
        m_facts.measured = true;
        return answer->front().points.front().value;
    }

    [[nodiscard]] std::vector<metrics::Point> points(const std::string& expression)
    {
        const Request& request = m_facts.request;
        auto answer =
            m_querier.rangeUntil(m_watch.stop, expression, request.from + m_step, request.to, m_step);
        if (!answer || answer->empty()) {
            return {};
        }
        return withGaps(answer->front().points, m_step);
    }

    [[nodiscard]] double highestOf(const std::string& expression)
    {
        double highest = Figures::kUnknown;
        for (const metrics::Point& point : points(expression)) {
            highest = std::isnan(highest) ? point.value : std::fmax(highest, point.value);
        }
        return highest;
    }

    void addChart(const ChartSpec& spec)
    {
        const core::Lang lang = m_facts.request.lang;
        const auto step = std::chrono::milliseconds(m_step);
        const auto rate = std::chrono::milliseconds(std::max(m_step, kLeastRate));
        Chart chart{std::string(spec.title.in(lang)), {}, spec.unit, {}, {}};
        for (const LineSpec& line : spec.lines) {
            if (line.expression == nullptr) {
                continue;
            }
            std::string expression = replaced(line.expression, "STEP", spanWord(step.count()));
            expression = replaced(std::move(expression), "RATE", spanWord(rate.count()));
            std::vector<metrics::Point> drawn = points(expression);
            if (std::ranges::any_of(drawn,
                                    [](const metrics::Point& point) { return std::isfinite(point.value); })) {
                chart.lines.push_back({std::string(line.legend.in(lang)), std::move(drawn)});
            }
        }
        for (const Threshold& threshold : spec.thresholds) {
            if (threshold.value != 0) {
                chart.thresholds.push_back(threshold);
            }
        }
        chart.caption =
            fmt::format(fmt::runtime((spec.highest ? kHighest : kMeans).in(lang)),
                        core::humanText(std::chrono::duration<double>(spec.highest ? step : rate).count(),
                                        core::Unit::Seconds));
        if (!chart.lines.empty()) {
            m_facts.charts.push_back(std::move(chart));
        }
    }

    const metrics::Querier& m_querier;
    const GatherWatch& m_watch;
    Facts& m_facts;
    const std::int64_t m_step;
};

} // namespace

std::span<const FigureQuery> figureQueries() noexcept
{
    return kFigures;
}

std::string withSpan(std::string_view expression, std::int64_t millis)
{
    return replaced(std::string(expression), "SPAN", spanWord(millis));
}

core::Result<Facts> gather(const metrics::Querier& querier, Request request, Records records,
                           const GatherWatch& watch)
{
    Facts facts{std::move(request), std::move(records), {}, {}, false};
    if (!Gatherer(querier, watch, facts).run()) {
        return core::canceled();
    }
    return facts;
}

} // namespace report
