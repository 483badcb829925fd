#include "monitor/collect/self/pool_defs.h"

namespace collect::defs {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

// clang-format off
constexpr std::array<MetricDef, kPoolMetrics> kPool{{
    {"db_pool_size", Kind::Gauge, Unit::Count, "连接池大小", {"Pool size", "连接池大小"}},
    {"db_pool_checked_in", Kind::Gauge, Unit::Count, "空闲连接数", {"Idle connections", "空闲连接数"}},
    {"db_pool_checked_out", Kind::Gauge, Unit::Count, "正在使用的连接数", {"Connections in use", "正在使用的连接数"}},
    {"db_pool_overflow", Kind::Gauge, Unit::Count, "溢出连接数", {"Overflow connections", "溢出连接数"}},
    {"db_pool_usage", Kind::Gauge, Unit::Ratio, "连接池使用率", {"Pool usage", "连接池使用率"}},
    {"db_connection_checkout_total", Kind::Counter, Unit::Count, "连接获取次数", {"Checkouts", "连接获取次数"}},
    {"db_connection_checkin_total", Kind::Counter, Unit::Count, "连接归还次数", {"Checkins", "连接归还次数"}},
    {"db_connection_connect_total", Kind::Counter, Unit::Count, "连接创建次数", {"Connects", "连接创建次数"}},
    {"db_connection_error_total", Kind::Counter, Unit::Count, "连接错误次数", {"Errors", "连接错误次数"}},
    {"db_connection_wait_seconds", Kind::Histogram, Unit::Seconds, "连接等待时间（秒）",
     {"Wait for a connection", "连接等待时间（秒）"}, kWaitBounds},
    {"db_connection_usage_seconds", Kind::Histogram, Unit::Seconds, "连接使用时间（秒）",
     {"Use of a connection", "连接使用时间（秒）"}, kUsageBounds},
    {"db_query_duration_seconds", Kind::Histogram, Unit::Seconds, "查询耗时（秒）",
     {"Statement duration", "查询耗时（秒）"}, kQueryBounds},
    {"db_slow_query_total", Kind::Counter, Unit::Count, "慢查询次数", {"Slow statements", "慢查询次数"}},

    {"db_pool_max_connections", Kind::Gauge, Unit::Count,
     "Connections the pool may have: size + max_overflow, or the server's max_connections without a limit",
     {"Connection limit", "连接数上限"}},
    {"db_pool_connections", Kind::Gauge, Unit::Count,
     "Connections by what they are doing; the sum is all open ones",
     {"Connections by state", "各状态连接数"}, {}, kByState},
    {"db_pool_waiters", Kind::Gauge, Unit::Count, "Requests that cannot be served now", {"Waiters", "等待者数"}},
    {"db_pool_oldest_wait_seconds", Kind::Gauge, Unit::Seconds,
     "How long the first in the queue has been waiting",
     {"Oldest wait", "最长等待时间"}},
    {"db_pool_checked_out_peak", Kind::Gauge, Unit::Count, "Most connections in use at once, over the window",
     {"Peak in use", "使用中连接峰值"}, {}, kByWindow},
    {"db_pool_waiters_peak", Kind::Gauge, Unit::Count, "Most requests waiting at once, over the window",
     {"Peak waiters", "等待者峰值"}, {}, kByWindow},
    {"db_pool_acquire_total", Kind::Counter, Unit::Count, "Requests by how they ended; each ends once",
     {"Requests by result", "各结果的请求数"}, {}, kByResult},
    {"db_pool_acquire_waited_total", Kind::Counter, Unit::Count, "Requests that had to queue",
     {"Requests that queued", "曾排队的请求数"}},
    {"db_pool_create_seconds", Kind::Histogram, Unit::Seconds,
     "Opening a connection: connect, login and set-up",
     {"Opening a connection", "建立连接耗时"}, kCreateBounds, kByResult},
    {"db_pool_errors_total", Kind::Counter, Unit::Count,
     "Errors by kind: failed connects, timeouts, broken connections, failed statements",
     {"Errors by kind", "各类错误次数"}, {}, kByKind},
    {"db_pool_closed_total", Kind::Counter, Unit::Count, "Connections closed, by reason",
     {"Connections closed", "各原因关闭的连接数"}, {}, kByReason},
    {"db_pool_validation_failures_total", Kind::Counter, Unit::Count,
     "Idle connections that turned out to be dead before they were lent out",
     {"Dead when checked", "校验失败次数"}},
    {"db_pool_returned_dirty_total", Kind::Counter, Unit::Count,
     "Connections given back in a state that had to be cleaned",
     {"Dirty returns", "归还时状态不净的次数"}, {}, kByState},
    {"db_pool_leaks_total", Kind::Counter, Unit::Count,
     "Times a connection was held without a statement beyond leak_after",
     {"Suspected leaks", "疑似泄漏次数"}},
    {"db_pool_leaked", Kind::Gauge, Unit::Count,
     "Connections held without a statement beyond leak_after, now",
     {"Leaked now", "当前疑似泄漏数"}},
    {"db_pool_nested_acquire_total", Kind::Counter, Unit::Count,
     "Requests by a thread that already held a connection",
     {"Nested acquires", "嵌套获取次数"}},
    {"db_pool_double_return_total", Kind::Counter, Unit::Count,
     "Returns of what had already been given back, refused",
     {"Double returns", "重复归还次数"}},
    {"db_pool_state", Kind::Gauge, Unit::None, "1 for the state the pool is in, 0 for the others",
     {"Pool state", "连接池状态"}, {}, kByState},
    {"db_pool_last_error_timestamp_seconds", Kind::Gauge, Unit::Seconds,
     "When a connect or a connection last failed",
     {"Last error", "最近一次错误时间"}},
    {"db_pool_config", Kind::Gauge, Unit::None, "Settings of the pool; times in seconds",
     {"Settings", "连接池配置"}, {},
     kByKey},
    {"db_pool_held", Kind::Gauge, Unit::Count,
     "Connections in use by the tag of their holder: the 32 that hold most, the rest as other",
     {"In use by tag", "各标签占用的连接数"}, {}, kByTag},
    {"db_pool_acquire_phase_seconds_total", Kind::Counter, Unit::Seconds,
     "Where the wait of all requests went: standing in the queue, having their connection opened, proving it",
     {"Wait by phase", "各阶段等待时间"}, {}, kByPhase},
    {"db_pool_connect_errors_total", Kind::Counter, Unit::Count,
     "Failed connects by SQLSTATE; none when the server gave none",
     {"Failed connects", "连接失败次数"}, {}, kBySqlstate},
    {"db_pool_idle_held_seconds_total", Kind::Counter, Unit::Seconds,
     "Time that connections were held without running a statement, as seen at each look",
     {"Held without working", "占用而未工作的时间"}},
    {"db_pool_use_seconds", Kind::Histogram, Unit::Seconds,
     "Use of a connection, grant to return, by tag: the first 32 that occur, the rest as other",
     {"Use by tag", "各标签的连接使用时间"}, kCreateBounds, kByTag},
    {"db_pool_wait_seconds", Kind::Histogram, Unit::Seconds,
     "Waits that came to nothing, by how they ended; with the served ones they are db_connection_wait_seconds",
     {"Waits in vain", "未获取到连接的等待时间"}, kCreateBounds, kByResult},
    {"db_pool_validations_total", Kind::Counter, Unit::Count,
     "Connections proven by a round trip before they were lent (level query), and looks at the socket that failed",
     {"Validations", "校验次数"}, {}, kByLevel},
}};

constexpr std::array<MetricDef, 1> kLatency{{
    {"db_pool_latency_seconds", Kind::Gauge, Unit::Seconds,
     "Percentiles over the last minute of wait, usage and query, within 1 %; q 1 is the longest",
     {"Percentiles", "分位数"}, {}, kByQuantile},
}};
// clang-format on

} // namespace

std::span<const metrics::MetricDef> pool() noexcept {
    return kPool;
}

std::span<const metrics::MetricDef> latency() noexcept {
    return kLatency;
}

} // namespace collect::defs
