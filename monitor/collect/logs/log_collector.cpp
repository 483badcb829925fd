// Watched log files as metrics and rows of the snapshot.
#include "monitor/collect/logs/log_watch.h"

#include <array>

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

constexpr std::array<std::string_view, 1> kFile{"file"};

enum LogMetric : std::size_t {
    kLines,
    kErrors,
    kErrorsPerMinute,
    kUp,
    kOpen,
    kCreated,
    kClosed,
    kFailed,
    kSuspected,
    kLeaks,
    kReplaced,
    kCut,
    kSkipped,
    kLogMetrics
};

// clang-format off
constexpr std::array<MetricDef, kLogMetrics> kDefs{{
    {"log_lines_total", Kind::Counter, Unit::Count, "Lines read from the watched log", {"Log lines", "日志行数"}, {}, kFile},
    {"log_errors_total", Kind::Counter, Unit::Count, "Lines of the watched log that tell of an error",
     {"Error lines", "错误日志行数"}, {}, kFile},
    {"log_errors_per_minute", Kind::Gauge, Unit::Count, "Error lines of the watched log in the last 60 s",
     {"Errors a minute", "每分钟错误数"}, {}, kFile},
    {"log_file_up", Kind::Gauge, Unit::None, "1 while the watched log can be read, 0 when it is missing or unreadable",
     {"Log readable", "日志可读"}, {}, kFile},
    {"log_sessions_open", Kind::Gauge, Unit::Count, "Sessions the log has seen created and not closed",
     {"Open sessions", "未关闭的会话"}, {}, kFile},
    {"log_sessions_created_total", Kind::Counter, Unit::Count, "Sessions the log has seen created",
     {"Sessions created", "创建的会话"}, {}, kFile},
    {"log_sessions_closed_total", Kind::Counter, Unit::Count, "Sessions the log has seen closed",
     {"Sessions closed", "关闭的会话"}, {}, kFile},
    {"log_session_errors_total", Kind::Counter, Unit::Count, "Session errors in the log; each must be followed by a closing",
     {"Session errors", "会话错误"}, {}, kFile},
    {"log_session_leaks_suspected", Kind::Gauge, Unit::Count,
     "Sessions created, or failed, that were not closed in time, now", {"Suspected leaks", "疑似泄漏的会话"}, {}, kFile},
    {"log_session_leaks_total", Kind::Counter, Unit::Count, "Sessions that were not closed in time, ever",
     {"Suspected leaks, ever", "累计疑似泄漏"}, {}, kFile},
    {"log_file_replaced_total", Kind::Counter, Unit::Count, "Rotations and truncations of the watched log",
     {"Rotations", "日志轮转次数"}, {}, kFile},
    {"log_lines_cut_total", Kind::Counter, Unit::Count, "Lines longer than 16 KiB, of which only that was looked at",
     {"Lines cut", "被截断的行"}, {}, kFile},
    {"log_bytes_skipped_total", Kind::Counter, Unit::Bytes, "Left out because the log grew faster than it could be read",
     {"Bytes skipped", "跳过的字节"}, {}, kFile},
}};
// clang-format on

} // namespace

std::span<const MetricDef> logFileMetrics() noexcept
{
    return kDefs;
}

std::span<const MetricDef> LogFilesCollector::metrics() const noexcept
{
    return kDefs;
}

core::Result<void> LogFilesCollector::collect(metrics::SampleBuilder& out)
{
    for (const LogFigures& log : m_watcher.figures()) {
        const metrics::LogFileRow& row = log.row;
        const auto push = [&](LogMetric metric, auto value) {
            out.push(kDefs[metric], static_cast<double>(value), {{"file", row.name}});
        };
        push(kLines, row.lines);
        push(kErrors, row.errors);
        push(kErrorsPerMinute, row.errorsPerMinute);
        push(kUp, row.state == metrics::LogFileState::Following ? 1 : 0);
        push(kOpen, row.openSessions);
        push(kCreated, log.sessions.created);
        push(kClosed, log.sessions.closed);
        push(kFailed, log.sessions.failed);
        push(kSuspected, row.suspectedLeaks);
        push(kLeaks, log.sessions.suspected);
        push(kReplaced, log.rotations);
        push(kCut, log.cutLines);
        push(kSkipped, log.skippedBytes);
        out.snapshot().logs.push_back(row);
    }
    return {};
}

} // namespace collect
