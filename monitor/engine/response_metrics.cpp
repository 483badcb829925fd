// Responses as metrics.
#include "monitor/engine/responder.h"

#include <array>

namespace engine {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

constexpr std::array<std::string_view, 1> kStep{"step"};
constexpr std::array<std::string_view, 1> kPriority{"priority"};
constexpr std::array<std::string_view, 1> kResult{"result"};
constexpr std::array<std::string_view, 1> kResponse{"response"};

enum ResponseMetric : std::size_t {
    kLevel,
    kActive,
    kChanges,
    kDryRun,
    kJobs,
    kServed,
    kMissed,
    kEntries,
    kReplicas,
    kActions,
    kWatching,
    kLimit,
    kMetrics
};

// clang-format off
constexpr std::array<MetricDef, kMetrics> kDefs{{
    {"poolscope_degrade_level", Kind::Gauge, Unit::None,
     "Level of graceful degradation, 0 (everything is served) to 4; other services may follow it", {"Degradation", "降级级别"}},
    {"poolscope_degrade_step_active", Kind::Gauge, Unit::None, "1 while the step is really in force, 0 else, also in a dry run",
     {"Step in force", "降级步骤生效"}, {}, kStep},
    {"poolscope_degrade_changes_total", Kind::Counter, Unit::Count, "Changes of the level of degradation",
     {"Changes of level", "级别变化次数"}},
    {"poolscope_response_dry_run", Kind::Gauge, Unit::None, "1 while the response only says what it would do",
     {"Dry run", "演练模式"}, {}, kResponse},
    {"poolscope_jobs_paused", Kind::Gauge, Unit::Count, "Timed jobs that are paused", {"Paused jobs", "暂停的任务"}},
    {"poolscope_cache_served_total", Kind::Counter, Unit::Count, "Marked statements answered from the cache",
     {"Answers from the cache", "缓存返回次数"}},
    {"poolscope_cache_missed_total", Kind::Counter, Unit::Count,
     "Marked statements that found nothing fresh enough in the cache while it served", {"Cache misses", "缓存未命中"}},
    {"poolscope_cache_entries", Kind::Gauge, Unit::Count, "Results kept for marked statements", {"Cached results", "缓存的结果"}},
    {"poolscope_scale_replicas", Kind::Gauge, Unit::Count, "Replicas the target was told to have, when last looked at",
     {"Replicas", "副本数"}},
    {"poolscope_scale_actions_total", Kind::Counter, Unit::Count,
     "Scale-outs by how they ended: done, rehearsed, failed, expired (the load did not fall in time)",
     {"Scale-outs", "扩容次数"}, {}, kResult},
    {"poolscope_scale_watching", Kind::Gauge, Unit::None, "1 while a scale-out is watched until the load falls",
     {"Scale-out watched", "扩容观察中"}},
    {"poolscope_lease_limit", Kind::Gauge, Unit::Count, "Requests of the priority that may hold or wait; absent without a limit",
     {"Lease limit", "连接请求上限"}, {}, kPriority},
}};
// clang-format on

} // namespace

std::span<const MetricDef> Responder::metrics() noexcept
{
    return kDefs;
}

void Responder::push(metrics::SampleBuilder& out) const
{
    const auto push = [&out](ResponseMetric metric, auto value, metrics::Labels labels = {}) {
        out.push(kDefs[metric], static_cast<double>(value), std::move(labels));
    };
    push(kLevel, m_degrader.level());
    for (int index = 0; index < respond::kDegradeSteps; ++index) {
        const auto step = static_cast<respond::DegradeStep>(index);
        push(kActive, m_degrader.inForce(step) ? 1 : 0, {{"step", respond::degradeStepName(step)}});
    }
    push(kChanges, m_degrader.changes());
    const respond::ScaleOut::Figures scale = m_scaleOut.figures();
    push(kDryRun, m_degrader.dryRun() ? 1 : 0, {{"response", "degrade"}});
    push(kDryRun, scale.dryRun ? 1 : 0, {{"response", "scale_out"}});
    push(kJobs, m_jobs.paused() ? m_jobs.names().size() : 0);
    const pool::CacheFigures cache = m_cache.figures();
    push(kServed, cache.served);
    push(kMissed, cache.missed);
    push(kEntries, cache.entries);
    if (scale.replicas >= 0) {
        push(kReplicas, scale.replicas);
    }
    push(kActions, scale.done, {{"result", "done"}});
    push(kActions, scale.rehearsed, {{"result", "rehearsed"}});
    push(kActions, scale.failed, {{"result", "failed"}});
    push(kActions, scale.expired, {{"result", "expired"}});
    push(kWatching, scale.watching ? 1 : 0);
    if (m_degrader.inForce(respond::DegradeStep::ShedBackground)) {
        const respond::DegradeConfig& config = m_degrader.config();
        if (config.backgroundPlaces >= 0) {
            push(kLimit, config.backgroundPlaces, {{"priority", "background"}});
        }
        if (config.normalPlaces >= 0) {
            push(kLimit, config.normalPlaces, {{"priority", "normal"}});
        }
    }
}

core::Result<void> ResponseCollector::collect(metrics::SampleBuilder& out)
{
    m_responder.push(out);
    out.snapshot().responses = m_responder.view();
    return {};
}

} // namespace engine
