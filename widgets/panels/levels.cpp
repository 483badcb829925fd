#include "widgets/panels/levels.h"

#include <algorithm>
#include <cmath>

namespace widgets {

StatusLevel usageLevel(const metrics::PoolView& pool)
{
    if (!pool.present) {
        return StatusLevel::NoData;
    }
    return pool.usage > 0.9   ? StatusLevel::Critical
           : pool.usage > 0.8 ? StatusLevel::Warning
                              : StatusLevel::Ok;
}

StatusLevel waitingLevel(const metrics::PoolView& pool)
{
    if (!pool.present) {
        return StatusLevel::NoData;
    }
    if (pool.waiting == 0) {
        return StatusLevel::Ok;
    }
    return pool.config.timeout.count() > 0 && pool.oldestWait * 2 > pool.config.timeout
               ? StatusLevel::Critical
               : StatusLevel::Warning;
}

StatusLevel waitLevel(double seconds, const metrics::PoolConfigView& config)
{
    if (std::isnan(seconds)) {
        return StatusLevel::NoData;
    }
    const double slow = config.slowAcquire.count() > 0 ? core::seconds(config.slowAcquire) : 0.1;
    return seconds > 10 * slow ? StatusLevel::Critical
           : seconds > slow    ? StatusLevel::Warning
                               : StatusLevel::Ok;
}

StatusLevel slowLevel(double perSecond, const metrics::Snapshot& snapshot)
{
    constexpr double kPerSecond = 10; // HighSlowQueryRate of the reference
    if (std::isnan(perSecond)) {
        return StatusLevel::NoData;
    }
    const StatusLevel byRule = ruleLevel(perSecond, snapshot, "db_slow_query_total");
    return byRule != StatusLevel::Ok || perSecond <= kPerSecond ? byRule : StatusLevel::Warning;
}

StatusLevel errorLevel(double perSecond, const metrics::PoolView& pool)
{
    if (pool.state == "down") {
        return StatusLevel::Critical;
    }
    return std::isnan(perSecond) ? StatusLevel::NoData
           : perSecond > 0       ? StatusLevel::Warning
                                 : StatusLevel::Ok;
}

StatusLevel knownLevel(double value)
{
    return std::isnan(value) ? StatusLevel::NoData : StatusLevel::Ok;
}

StatusLevel ruleLevel(double value, const metrics::Snapshot& snapshot, std::string_view metric)
{
    if (std::isnan(value)) {
        return StatusLevel::NoData;
    }
    StatusLevel worst = StatusLevel::Ok;
    for (const metrics::RuleRow& rule : snapshot.rules) {
        if (rule.disabled || rule.metric != metric || !rule.threshold) {
            continue;
        }
        const double limit = *rule.threshold;
        const bool broken = rule.op == ">"    ? value > limit
                            : rule.op == ">=" ? value >= limit
                            : rule.op == "<"  ? value < limit
                                              : rule.op == "<=" && value <= limit;
        if (broken && worst != StatusLevel::Critical) {
            worst =
                rule.severity == metrics::Severity::Critical ? StatusLevel::Critical : StatusLevel::Warning;
        }
    }
    return worst;
}

metrics::LatencyView latencyOf(const metrics::Snapshot& snapshot, std::string_view name)
{
    const auto at = std::find_if(snapshot.latency.begin(), snapshot.latency.end(),
                                 [&](const auto& view) { return view.name == name; });
    return at == snapshot.latency.end() ? metrics::LatencyView{} : *at;
}

} // namespace widgets
