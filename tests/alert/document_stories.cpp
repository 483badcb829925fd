#include "document_stories.h"

#include "monitor/series/label_ops.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace documents {

namespace {

using metrics::MetricDef;
using Value = std::function<std::optional<double>(int second)>;

Value steps(std::vector<std::pair<int, double>> from)
{
    return [from = std::move(from)](int second) {
        double value = 0;
        for (const auto& [begin, next] : from) {
            value = second >= begin ? next : value;
        }
        return std::optional(value);
    };
}

// Exactly on the threshold, a hair above it for just under and just over `for`, dips, the end.
Value usage()
{
    return steps({{0, 0.5},
                  {60, 0.8},
                  {240, 25.0 / 30},
                  {525, 0.8},
                  {540, 0.800001},
                  {855, 0.9},
                  {900, 28.0 / 30},
                  {1005, 0.9},
                  {1020, 28.0 / 30},
                  {1155, 1.0},
                  {1200, 0.5},
                  {1215, 0.85},
                  {1500, 0.5}});
}

// A counter that grows by `rate` a second and is set back at `reset`.
Value counter(double rate, int from, int until, int reset)
{
    return [=](int second) {
        const int begin = second >= reset ? std::max(from, reset) : from;
        return std::optional(std::max(0.0, rate * (std::min(second, until) - begin)));
    };
}

std::optional<double> withGap(int second)
{
    const bool gap = (second >= 600 && second < 660) || (second >= 1200 && second < 1620);
    return gap ? std::nullopt : std::optional(second >= 300 ? 0.81 : 0.8);
}

std::vector<Story> poolStories()
{
    return {
        {"db_pool_usage", {}, usage()},
        {"db_pool_max_connections", {}, steps({{0, 30}})},
        {"db_pool_checked_out",
         {},
         steps({{0, 10},
                {120, 24},
                {180, 25},
                {300, 27},
                {315, 28},
                {600, 30},
                {645, 29},
                {660, 30},
                {735, 0}})},
        {"db_pool_checked_in", {}, steps({{0, 3}, {120, 0}, {165, 1}, {180, 0}, {255, 2}})},
        {"db_slow_query_total", {}, counter(10.7, 30, 1200, 1500)},
        {"db_pool_leaked", {}, steps({{0, 0}, {450, 2}, {465, 0}})},
        {"db_pool_waiters", {}, steps({{0, 0}, {900, 1}, {915, 3}, {930, 0}})},
        {"db_up", {}, steps({{0, 1}, {1000, 0}, {1060, 1}})},
        {"db_connection_error_total", {}, counter(0.11, 400, 900, 1100)},
        {"db_pool_acquire_total", {{"result", "timeout"}}, steps({{0, 4}, {750, 5}, {765, 9}, {1300, 1}})},
        {"db_pool_acquire_total", {{"result", "ok"}}, counter(7, 0, 1800, 1300)},
        // Waits: 4 in 5 within 0.5 s, then all of them longer, then none at all.
        {"db_connection_wait_seconds_bucket", {{"le", "0.5"}}, counter(4, 0, 600, 1400)},
        {"db_connection_wait_seconds_bucket", {{"le", "1.0"}}, counter(5, 0, 1000, 1400)},
        {"db_connection_wait_seconds_bucket", {{"le", "+Inf"}}, counter(5, 0, 1000, 1400)},
        // Uses: one longer than ten seconds a minute for a while.
        {"db_connection_usage_seconds_bucket", {{"le", "10.0"}}, counter(2, 0, 1800, 1200)},
        {"db_connection_usage_seconds_count",
         {},
         [](int second) {
             return *counter(2, 0, 1800, 1200)(second) + *counter(0.05, 300, 500, 900)(second);
         }},
    };
}

std::vector<Story> otherStories()
{
    return {
        {"host_memory_usage_ratio", {}, withGap},
        {"host_disk_usage_ratio", {{"mountpoint", "/"}}, steps({{0, 0.8}, {300, 0.8000001}, {330, 0.5}})},
        {"host_disk_usage_ratio", {{"mountpoint", "/data"}}, steps({{0, 0.95}, {700, 0.1}})},
        {"host_load5", {}, steps({{0, 3}, {200, 3.0001}, {400, 2}})},
        {"host_cpu_cores", {}, steps({{0, 2}})},
        {"poolscope_log_errors_total", {}, counter(0.5, 200, 700, 900)},
        {"log_errors_per_minute", {{"file", "app.log"}}, steps({{0, 10}, {150, 11}, {300, 10}})},
        {"log_session_leaks_suspected", {{"file", "app.log"}}, steps({{0, 0}, {500, 1}, {700, 0}})},
        {"log_file_up", {{"file", "app.log"}}, steps({{0, 1}, {100, 0}, {385, 1}, {600, 0}, {1000, 1}})},
        {"poolscope_degrade_level", {}, steps({{0, 0}, {800, 1}, {830, 4}, {900, 0}})},
        {"poolscope_response_dry_run", {{"response", "degrade"}}, steps({{0, 1}, {815, 0}})},
        {"poolscope_degrade_step_active", {{"step", "record"}}, steps({{0, 0}, {830, 1}, {900, 0}})},
        {"poolscope_scale_actions_total", {{"result", "expired"}}, steps({{0, 0}, {500, 1}, {1300, 0}})},
        {"poolscope_scale_actions_total", {{"result", "worked"}}, steps({{0, 0}, {450, 3}, {1300, 0}})},
    };
}

const MetricDef& defOf(std::string_view name)
{
    static const std::map<std::string_view, MetricDef> all = [] {
        std::map<std::string_view, MetricDef> defs;
        for (const Story& story : stories()) {
            const std::string_view metric = story.metric;
            const bool counts = metric.ends_with("_total");
            defs.try_emplace(metric, MetricDef{metric,
                                               counts ? metrics::Kind::Counter : metrics::Kind::Gauge,
                                               core::Unit::None,
                                               "",
                                               {}});
        }
        return defs;
    }();
    return all.at(name);
}

} // namespace

const std::vector<Story>& stories()
{
    static const std::vector<Story> all = [] {
        std::vector<Story> both = poolStories();
        std::ranges::move(otherStories(), std::back_inserter(both));
        return both;
    }();
    return all;
}

metrics::Snapshot pictureOf(int second)
{
    metrics::Snapshot picture;
    metrics::SampleBuilder builder(picture);
    for (const Story& story : stories()) {
        if (const auto value = story.value(second)) {
            builder.push(defOf(story.metric), *value, story.labels);
        }
    }
    return picture;
}

Alerts alertsOf(const std::vector<metrics::AlertRow>& rows)
{
    Alerts alerts;
    for (const metrics::AlertRow& row : rows) {
        if (row.state == metrics::AlertState::Pending || metrics::isOpen(row.state)) {
            metrics::Labels labels = row.labels;
            series::setLabel(labels, "alertstate", metrics::prometheusStateName(row.state));
            alerts.insert(std::move(labels));
        }
    }
    return alerts;
}

} // namespace documents
