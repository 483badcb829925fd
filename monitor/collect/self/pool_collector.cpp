#include "monitor/collect/self/pool_collector.h"

#include "monitor/collect/self/pool_defs.h"
#include "monitor/collect/self/pool_texts.h"
#include "monitor/core/format.h"

#include <algorithm>
#include <array>
#include <limits>
#include <spdlog/logger.h>
#include <utility>

namespace collect {

namespace {

using metrics::MetricDef;
using metrics::SampleBuilder;

constexpr std::size_t kLatencySlices = 10;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const MetricDef& def(defs::PoolMetric metric)
{
    return defs::pool()[metric];
}

void push(SampleBuilder& out, defs::PoolMetric metric, double value)
{
    out.push(def(metric), value);
}

void push(SampleBuilder& out, defs::PoolMetric metric, std::uint64_t value)
{
    out.push(def(metric), static_cast<double>(value));
}

void push(SampleBuilder& out, defs::PoolMetric metric, int value)
{
    out.push(def(metric), value);
}

// One series for each value of an enum with its name.
template <class Enum, std::size_t N>
void pushEach(SampleBuilder& out, defs::PoolMetric metric, const std::array<std::uint64_t, N>& values,
              const char* (*name)(Enum) noexcept)
{
    const std::string label(def(metric).labels[0]);
    for (std::size_t i = 0; i < N; ++i) {
        out.push(def(metric), static_cast<double>(values[i]), {{label, name(static_cast<Enum>(i))}});
    }
}

void pushFigures(SampleBuilder& out, const metrics::PoolView& view)
{
    push(out, defs::kSize, view.config.size);
    push(out, defs::kCheckedIn, view.checkedIn);
    push(out, defs::kCheckedOut, view.checkedOut);
    push(out, defs::kOverflow, view.overflow);
    push(out, defs::kUsage, view.maxConnections > 0 ? view.usage : kNan);
    push(out, defs::kMax, view.maxConnections > 0 ? static_cast<double>(view.maxConnections) : kNan);
    push(out, defs::kWaiters, view.waiting);
    push(out, defs::kOldest, core::seconds(view.oldestWait));
    out.push(def(defs::kPeakOut), view.peakCheckedOut, {{"window", "1m"}});
    out.push(def(defs::kPeakWaiters), view.peakWaiting, {{"window", "1m"}});
}

void pushCounters(SampleBuilder& out, const pool::PoolStats& stats)
{
    push(out, defs::kCheckout, stats.checkouts);
    push(out, defs::kCheckin, stats.checkins);
    push(out, defs::kConnect, stats.opened);
    push(out, defs::kWaited, stats.waited);
    push(out, defs::kInvalid, stats.validationFailures);
    push(out, defs::kLeaks, stats.leaks);
    push(out, defs::kLeaked, stats.leaked);
    push(out, defs::kNested, stats.nestedAcquires);
    push(out, defs::kDouble, stats.doubleReturns);
    pushEach(out, defs::kAcquire, stats.outcomes, pool::outcomeName);
    pushEach(out, defs::kClosed, stats.closed, pool::closeReasonName);
    pushEach(out, defs::kDirty, stats.dirtyReturns, pool::dirtyStateName);
    if (!stats.lastFault.message.empty()) {
        push(out, defs::kLastError, static_cast<double>(core::epochMillis(stats.lastFault.at)) / 1000);
    }
}

void pushStates(SampleBuilder& out, const pool::PoolStats& stats, const metrics::PoolView& view)
{
    constexpr auto kStates = static_cast<std::size_t>(metrics::SlotState::Closing) + 1;
    std::array<std::uint64_t, kStates> connections{};
    for (const metrics::SlotRow& row : view.slots) {
        ++connections[static_cast<std::size_t>(row.state)];
    }
    for (std::size_t i = 1; i < kStates; ++i) { // 0 is "not opened": no connection
        out.push(def(defs::kConnections), static_cast<double>(connections[i]),
                 {{"state", metrics::slotStateName(static_cast<metrics::SlotState>(i))}});
    }
    constexpr auto kPoolStates = static_cast<std::size_t>(pool::PoolState::Closed) + 1;
    std::array<std::uint64_t, kPoolStates> oneHot{};
    oneHot[static_cast<std::size_t>(stats.counts.state)] = 1;
    pushEach(out, defs::kState, oneHot, pool::poolStateName);
}

void pushConfig(SampleBuilder& out, const pool::PoolConfig& config)
{
    const std::array<std::pair<const char*, double>, 17> knobs{{
        {"connect_timeout", core::seconds(config.connectTimeout)},
        {"leak_after", core::seconds(config.leakAfter)},
        {"lifo", config.idleOrder == pool::IdleOrder::Lifo ? 1 : 0},
        {"long_use", core::seconds(config.longUse)},
        {"max_overflow", config.maxOverflow},
        {"max_waiters", config.maxWaiters},
        {"min_idle", config.minIdle},
        {"overflow_linger", core::seconds(config.overflowLinger)},
        {"pool_recycle", core::seconds(config.recycle)},
        {"pool_size", config.size},
        {"pool_timeout", core::seconds(config.timeout)},
        {"pre_ping", config.prePing ? 1 : 0},
        {"reset_timeout", core::seconds(config.resetTimeout)},
        {"slow_acquire", core::seconds(config.slowAcquire)},
        {"slow_query", core::seconds(config.slowQuery)},
        {"validate_after", core::seconds(config.validateAfter)},
        {"validate_timeout", core::seconds(config.validateTimeout)},
    }};
    for (const auto& [key, value] : knobs) {
        out.push(def(defs::kConfig), value, {{"key", key}});
    }
}

std::shared_ptr<const metrics::HistogramValue> shared(metrics::HistogramValue value)
{
    return std::make_shared<const metrics::HistogramValue>(std::move(value));
}

} // namespace

PoolCollector::PoolCollector(std::function<pool::PoolStats()> stats, PoolInstruments& instruments,
                             const core::Clock& clock)
    : m_stats(std::move(stats))
    , m_instruments(instruments)
    , m_clock(clock)
{
}

std::span<const MetricDef> PoolCollector::metrics() const noexcept
{
    return defs::pool();
}

core::Result<void> PoolCollector::collect(SampleBuilder& out)
try {
    const pool::PoolStats stats = m_stats();
    m_instruments.setThresholds(stats.config);
    metrics::PoolView view = poolView(stats, out.snapshot().server.maxConnections);
    view.errors = m_instruments.errors();
    view.autopsies = m_autopsies = autopsyRows(stats.autopsies);
    pushFigures(out, view);
    pushCounters(out, stats);
    pushStates(out, stats, view);
    pushConfig(out, stats.config);
    pushTimings(out);
    out.snapshot().pool = std::move(view);
    m_failing = false;
    return {};
} catch (const std::exception& error) {
    std::string text = core::oneLine(error.what(), 200);
    if (!m_failing) { // once an outage, not once a tick
        m_failing = true;
        m_instruments.logger()->error(texts::say(m_instruments.lang(), texts::kUpdateFailed, text));
    }
    return core::fail(std::move(text));
}

// Rows are made once: hundreds of snapshots of the history show the same ones.
std::vector<std::shared_ptr<const metrics::AutopsyRow>>
PoolCollector::autopsyRows(const std::vector<pool::AutopsyPtr>& autopsies)
{
    std::vector<std::shared_ptr<const metrics::AutopsyRow>> rows;
    for (const pool::AutopsyPtr& autopsy : autopsies) {
        const auto known = std::find_if(m_autopsies.begin(), m_autopsies.end(),
                                        [&](const auto& row) { return row->number == autopsy->number; });
        rows.push_back(known != m_autopsies.end()
                           ? *known
                           : std::make_shared<const metrics::AutopsyRow>(autopsyRow(*autopsy)));
    }
    return rows;
}

void PoolCollector::pushTimings(SampleBuilder& out) const
{
    const core::SteadyTime steadyNow = m_clock.steadyNow();
    const core::WallTime wallNow = m_clock.wallNow();
    const auto withCulprits = [&](const Timing& timing) {
        metrics::HistogramValue value = timing.buckets.value();
        value.exemplars = timing.culprits.exemplars(steadyNow, wallNow);
        return shared(std::move(value));
    };
    out.push(def(defs::kWait), withCulprits(m_instruments.wait()));
    out.push(def(defs::kUse), withCulprits(m_instruments.usage()));
    out.push(def(defs::kQuery), withCulprits(m_instruments.query()));
    out.push(def(defs::kCreate), shared(m_instruments.createFailed().value()), {{"result", "error"}});
    out.push(def(defs::kCreate), shared(m_instruments.created().value()), {{"result", "ok"}});
    push(out, defs::kSlow, m_instruments.slowQueries());
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kPoolErrorKinds; ++i) {
        const auto kind = static_cast<PoolErrorKind>(i);
        const std::uint64_t errors = m_instruments.errors(kind);
        sum += errors;
        out.push(def(defs::kErrors), static_cast<double>(errors), {{"kind", poolErrorKindName(kind)}});
    }
    push(out, defs::kError, sum);
}

LatencyCollector::LatencyCollector(const PoolInstruments& instruments, core::Nanos window)
    : m_wait(instruments.wait().fine, window, kLatencySlices)
    , m_usage(instruments.usage().fine, window, kLatencySlices)
    , m_query(instruments.query().fine, window, kLatencySlices)
{
}

core::Result<void> LatencyCollector::collect(SampleBuilder& out)
{
    metrics::Snapshot& snapshot = out.snapshot();
    const auto view = [&snapshot](const char* name, metrics::SlidingWindow& window) {
        const metrics::LogLinearCounts counts = window.recent(snapshot.steady);
        metrics::LatencyView result;
        result.name = name;
        result.p50 = counts.quantile(0.50);
        result.p95 = counts.quantile(0.95);
        result.p99 = counts.quantile(0.99);
        result.max = counts.max();
        result.count = counts.count();
        result.window = window.window();
        return result;
    };
    snapshot.latency = {view("wait", m_wait), view("usage", m_usage), view("query", m_query)};
    return {};
}

} // namespace collect
