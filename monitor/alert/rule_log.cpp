#include "monitor/alert/rule_log.h"

#include "monitor/core/units.h"

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;

namespace {

std::shared_ptr<spdlog::logger> logger()
{
    auto named = spdlog::get("poolscope.alert");
    return named ? std::move(named)
                 : std::make_shared<spdlog::logger>("poolscope.alert",
                                                    std::make_shared<spdlog::sinks::null_sink_mt>());
}

} // namespace

void logProblem(std::string_view problem)
{
    logger()->error("{}", problem);
}

void logChange(const AlertRow& row, AlertState to, core::Lang lang)
{
    const bool chinese = lang == core::Lang::Chinese;
    const std::string& text = row.description.empty() ? row.summary : row.description;
    const std::string by = !row.inhibited ? std::string()
                           : chinese      ? fmt::format("（由 {} 代为通知）", row.inhibitedBy)
                                          : fmt::format(" (covered by {})", row.inhibitedBy);
    if (to == AlertState::Firing) {
        const auto level = row.inhibited                                 ? spdlog::level::info
                           : row.severity == metrics::Severity::Critical ? spdlog::level::err
                           : row.severity == metrics::Severity::Warning  ? spdlog::level::warn
                                                                         : spdlog::level::info;
        logger()->log(level, "🚨 {} {} [{}]: {}{}", chinese ? "告警触发" : "Alert firing", row.name,
                      metrics::severityName(row.severity), text, by);
    } else if (to == AlertState::Resolved) {
        logger()->info("✅ {} {} [{}]: {} {}{}", chinese ? "告警恢复" : "Alert resolved", row.name,
                       metrics::severityName(row.severity), chinese ? "持续" : "lasted",
                       core::spanText(row.activeFor), by);
    }
}

} // namespace alert
