#include "monitor/collect/self/pool_collector.h"

#include "monitor/collect/self/pool_defs.h"
#include "monitor/collect/self/pool_texts.h"
#include "monitor/collect/self/pool_trace.h"
#include "monitor/core/format.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <spdlog/logger.h>
#include <utility>

namespace collect {

namespace {

using metrics::MetricDef;
using metrics::SampleBuilder;

constexpr std::size_t kMostTags = 32;
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

// Who has them now, by tag: the tags that hold most, and the others as one.
void pushHolders(SampleBuilder& out, const metrics::PoolView& view)
{
    std::map<std::string, int> held;
    for (const metrics::SlotRow& row : view.slots) {
        if (row.heldFor.count() > 0) {
            ++held[row.tag];
        }
    }
    std::vector<std::pair<std::string, int>> most(held.begin(), held.end());
    std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    int others = 0;
    for (std::size_t i = kMostTags; i < most.size(); ++i) {
        others += most[i].second;
    }
    most.resize(std::min(most.size(), kMostTags));
    std::sort(most.begin(), most.end());
    for (const auto& [tag, count] : most) {
        out.push(def(defs::kHeld), count, {{"tag", tag}});
    }
    if (others > 0) {
        out.push(def(defs::kHeld), others, {{"tag", "other"}});
    }
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
    const std::array<std::pair<const char*, double>, 18> knobs{{
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
        {"reset", static_cast<double>(config.reset)},
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

// What the probe knows of the database, as long as the pool has not met it itself: nobody may have asked it since.
void heedProbe(metrics::PoolView& view, const metrics::ServerView& server)
{
    const bool said = view.verdict == "down" || view.verdict == "suspended";
    if (server.state != metrics::ServerView::State::Down || said) {
        return;
    }
    view.verdict = "down";
    view.lastError = server.error;
    view.lastErrorSqlstate = server.sqlstate;
    view.lastErrorAt = server.since;
    view.nextTryIn = server.nextTryIn;
}

std::shared_ptr<const metrics::HistogramValue> shared(metrics::HistogramValue value)
{
    return std::make_shared<const metrics::HistogramValue>(std::move(value));
}

} // namespace

PoolCollector::PoolCollector(std::function<pool::PoolStats()> stats, PoolInstruments& instruments,
                             PoolTrace* trace, const core::Clock& clock)
    : m_stats(std::move(stats))
    , m_instruments(instruments)
    , m_trace(trace)
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
    heedProbe(view, out.snapshot().server);
    view.errors = m_instruments.errors();
    view.autopsies = m_autopsies = autopsyRows(stats.autopsies);
    m_idleHeld.clear();
    for (const metrics::SlotRow& row : view.slots) {
        m_idleHeld.push_back(row.idleHeldFor);
    }
    if (m_trace != nullptr) {
        m_trace->takeQueue(waiterRows(stats.waiters));
    }
    pushFigures(out, view);
    pushHolders(out, view);
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

// Time that went nowhere. Counters never fall, though their parts are read one after the other.
void PoolCollector::pushWaste(SampleBuilder& out, core::SteadyTime now)
{
    const double validating = core::seconds(m_instruments.validating());
    const double connecting = core::seconds(m_instruments.connecting());
    m_queued = std::max(m_queued, m_instruments.wait().buckets.value().sum - validating - connecting);
    out.push(def(defs::kPhase), connecting, {{"phase", "connect"}});
    out.push(def(defs::kPhase), m_queued, {{"phase", "queue"}});
    out.push(def(defs::kPhase), validating, {{"phase", "validate"}});
    for (const auto& [code, count] : m_instruments.connectErrors()) {
        out.push(def(defs::kConnectErrors), static_cast<double>(count), {{"sqlstate", code}});
    }
    // Since the last look at most what a place has been idle-held: a lease between two looks is not seen.
    const core::Nanos since = m_lastLook == core::SteadyTime{} ? core::Nanos(0) : core::Nanos(now - m_lastLook);
    m_lastLook = now;
    for (const core::Nanos idle : m_idleHeld) {
        m_wasted += core::seconds(std::clamp(idle, core::Nanos(0), std::max(since, core::Nanos(0))));
    }
    push(out, defs::kIdleHeld, m_wasted);
}

void PoolCollector::pushTimings(SampleBuilder& out)
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
    for (auto& [tag, value] : m_instruments.usageByTag().values()) {
        out.push(def(defs::kUseByTag), shared(std::move(value)), {{"tag", tag}});
    }
    for (auto& [outcome, value] : m_instruments.inVain().values()) {
        out.push(def(defs::kInVain), shared(std::move(value)), {{"result", outcome}});
    }
    const PoolInstruments::Validations validations = m_instruments.validations();
    const auto pushValidations = [&out](const char* level, const char* result, std::uint64_t count) {
        out.push(def(defs::kValidations), static_cast<double>(count), {{"level", level}, {"result", result}});
    };
    pushValidations("query", "error", validations.silent);
    pushValidations("query", "ok", validations.proven);
    pushValidations("socket", "error", validations.hungUp);
    out.push(def(defs::kCreate), shared(m_instruments.createFailed().value()), {{"result", "error"}});
    out.push(def(defs::kCreate), shared(m_instruments.created().value()), {{"result", "ok"}});
    pushWaste(out, steadyNow);
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

} // namespace collect
