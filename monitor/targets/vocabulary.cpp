#include "monitor/targets/vocabulary.h"

#include <algorithm>

namespace targets {

namespace {

using core::Unit;
using metrics::Kind;

constexpr std::array<std::string_view, 3> kLabels{"target", "pool", "environment"};

constexpr std::array<metrics::MetricDef, kFigures> kDefs{{
    {"target_pool_size",
     Kind::Gauge,
     Unit::Count,
     "Open connections of a watched pool",
     {"Open connections", "已打开连接"},
     {},
     kLabels},
    {"target_pool_in_use",
     Kind::Gauge,
     Unit::Count,
     "Connections of a watched pool that are in use",
     {"In use", "使用中"},
     {},
     kLabels},
    {"target_pool_idle",
     Kind::Gauge,
     Unit::Count,
     "Idle connections of a watched pool",
     {"Idle", "空闲"},
     {},
     kLabels},
    {"target_pool_waiting",
     Kind::Gauge,
     Unit::Count,
     "Callers that wait for a connection of a watched pool",
     {"Waiting", "等待中"},
     {},
     kLabels},
    {"target_pool_max",
     Kind::Gauge,
     Unit::Count,
     "Most connections a watched pool may open",
     {"Most connections", "最大连接数"},
     {},
     kLabels},
    {"target_pool_wait_seconds_total",
     Kind::Counter,
     Unit::Seconds,
     "Time callers of a watched pool waited",
     {"Time waited", "等待时间"},
     {},
     kLabels},
    {"target_pool_waits_total",
     Kind::Counter,
     Unit::Count,
     "Waits that the time belongs to",
     {"Waits", "等待次数"},
     {},
     kLabels},
    {"target_pool_use_seconds_total",
     Kind::Counter,
     Unit::Seconds,
     "Time connections of a watched pool were in use",
     {"Time in use", "使用时间"},
     {},
     kLabels},
    {"target_pool_uses_total",
     Kind::Counter,
     Unit::Count,
     "Uses that the time belongs to",
     {"Uses", "使用次数"},
     {},
     kLabels},
    {"target_pool_create_seconds_total",
     Kind::Counter,
     Unit::Seconds,
     "Time a watched pool took to open connections",
     {"Time to connect", "建连时间"},
     {},
     kLabels},
    {"target_pool_creates_total",
     Kind::Counter,
     Unit::Count,
     "Connections a watched pool has opened",
     {"Opened", "新建连接"},
     {},
     kLabels},
    {"target_pool_timeouts_total",
     Kind::Counter,
     Unit::Count,
     "Requests to a watched pool that got nothing in time",
     {"Timeouts", "超时"},
     {},
     kLabels},
    {"target_pool_errors_total",
     Kind::Counter,
     Unit::Count,
     "Errors of a watched pool",
     {"Errors", "错误"},
     {},
     kLabels},
}};

constexpr std::array<std::string_view, kFigures> kNames{
    "size",        "in_use", "idle",           "waiting", "max",      "wait_seconds", "waits",
    "use_seconds", "uses",   "create_seconds", "creates", "timeouts", "errors"};

} // namespace

std::string_view nameOf(Figure figure) noexcept
{
    return kNames[static_cast<std::size_t>(figure)];
}

std::optional<Figure> figureNamed(std::string_view name) noexcept
{
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    return found == kNames.end() ? std::nullopt : std::optional(static_cast<Figure>(found - kNames.begin()));
}

const metrics::MetricDef& defOf(Figure figure) noexcept
{
    return kDefs[static_cast<std::size_t>(figure)];
}

std::span<const metrics::MetricDef> figureDefs() noexcept
{
    return kDefs;
}

} // namespace targets
