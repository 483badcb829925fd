// PoolCore: what it tells of itself, and the rules that always hold.
#include "monitor/pool/pool_section.h"

#include <algorithm>
#include <numeric>

namespace pool {

// Leased places whose holders still look at them: not told as leased, so that what a look undoes was never told.
std::vector<const Slot*> PoolCore::lookedAt() const
{
    std::vector<const Slot*> found;
    for (const auto& slot : m_places.all()) {
        if (slot->looking.load(std::memory_order_acquire)) {
            found.push_back(slot.get());
        }
    }
    if (!found.empty()) {
        touch(); // the looks end without a lock: what is told now must not be taken for the latest news
    }
    return found;
}

PoolCounts PoolCore::countsLocked(core::SteadyTime now, int lookers) const
{
    PoolCounts counts;
    counts.size = m_config.size;
    counts.maxOverflow = m_config.maxOverflow;
    counts.maxConnections = m_config.mostConnections();
    counts.idle = m_places.count(SlotUse::Idle);
    counts.leased = m_places.count(SlotUse::Leased) - lookers;
    counts.opening = m_places.count(SlotUse::Connecting) + m_places.count(SlotUse::Validating) + lookers;
    counts.resetting = m_places.count(SlotUse::Resetting) + m_places.count(SlotUse::Closing);
    counts.total = m_places.total();
    counts.waiting = static_cast<int>(m_queue.size() + m_checking.size()) + lookers;
    if (const Request* oldest = m_queue.front()) {
        counts.oldestWait = std::max(core::Nanos(0), core::Nanos(now - oldest->requestedAt));
    }
    counts.state = stateLocked();
    return counts;
}

PoolCounts PoolCore::counts()
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this);
    return countsLocked(now, static_cast<int>(lookedAt().size()));
}

namespace {

SlotPhase phaseOf(SlotUse use)
{
    switch (use) {
    case SlotUse::Connecting:
        return SlotPhase::Connecting;
    case SlotUse::Validating:
        return SlotPhase::Validating;
    case SlotUse::Leased:
        return SlotPhase::Leased;
    case SlotUse::Resetting:
        return SlotPhase::Resetting;
    case SlotUse::Closing:
        return SlotPhase::Closing;
    case SlotUse::Free:
    case SlotUse::Idle:
    case SlotUse::Shelved: // never while somebody looks
        break;
    }
    return SlotPhase::Idle;
}

SlotInfo infoOf(const Slot& slot, core::SteadyTime now)
{
    SlotInfo info;
    info.slot = slot.index;
    info.phase = phaseOf(slot.use);
    info.leaked = slot.leaked;
    info.age = std::max(core::Nanos(0), core::Nanos(now - slot.openedAt));
    info.uses = slot.uses;
    if (slot.use == SlotUse::Leased) {
        info.heldFor = std::max(core::Nanos(0), core::Nanos(now - slot.grantedAt));
        info.tag = slot.tag.view();
        info.site = slot.site;
    }
    return info;
}

// Its holder has still to look at it: a waiter yet, for some hundred nanoseconds more.
void tellLooker(SlotInfo& slot, std::vector<WaiterInfo>& waiters, std::size_t most)
{
    slot.phase = SlotPhase::Validating;
    if (waiters.size() < most) {
        waiters.push_back({slot.heldFor, core::Nanos::max(), slot.tag, slot.site, "validate"});
    }
    slot.heldFor = core::Nanos(0);
}

void tellWaiters(const IntrusiveList<Request>& list, const char* phase, core::SteadyTime now,
                 std::vector<WaiterInfo>& to, std::size_t most)
{
    for (const Request* request = list.front(); request != nullptr && to.size() < most;
         request = request->next) {
        WaiterInfo info;
        info.waitingFor = std::max(core::Nanos(0), core::Nanos(now - request->requestedAt));
        info.deadlineLeft = request->deadline == core::SteadyTime::max()
                                ? core::Nanos::max()
                                : std::max(core::Nanos(0), core::Nanos(request->deadline - now));
        info.tag = request->tag;
        info.site = request->site;
        info.phase = phase;
        to.push_back(std::move(info));
    }
}

} // namespace

PoolStats PoolCore::stats(const std::function<void(const Slot&, SlotInfo&)>& describe, std::size_t waiters)
{
    const core::SteadyTime now = m_clock.steadyNow();
    PoolStats stats;
    const Section lock(*this);
    stats.config = m_config;
    const std::vector<const Slot*> lookers = lookedAt();
    stats.counts = countsLocked(now, static_cast<int>(lookers.size()));
    stats.outcomes = m_figures.outcomes;
    stats.outcomes[static_cast<std::size_t>(Outcome::Ok)] -= lookers.size();
    stats.limits = m_admission.limits();
    stats.admitted = m_admission.inside();
    stats.closed = m_figures.closed;
    stats.requests = m_figures.requests;
    stats.waited = m_figures.waited;
    stats.checkouts = m_figures.checkouts - lookers.size();
    stats.checkins = m_figures.checkins;
    stats.opened = m_figures.opened;
    stats.connectErrors = m_figures.openErrors;
    stats.validationFailures = m_figures.rejected;
    stats.doubleReturns = m_figures.refusedReturns;
    stats.nestedAcquires = m_figures.nested;
    stats.peakLeased = m_peakLeased.peak(now);
    stats.peakWaiting = m_queue.peak(now);
    stats.stateSince = m_stateSince;
    if (m_circuit.state() != Circuit::State::Up && m_circuit.state() != Circuit::State::Blocked) {
        stats.nextTryIn = std::max(core::Nanos(0), core::Nanos(m_circuit.nextTry() - now));
    }
    stats.lastFault = {m_circuit.fault().message, m_circuit.fault().sqlstate, m_faultAt};
    stats.slots.reserve(m_places.all().size());
    for (const auto& slot : m_places.all()) {
        if (slot->use != SlotUse::Free) {
            stats.slots.push_back(infoOf(*slot, now));
            stats.leaked += slot->leaked ? 1 : 0;
            if (std::find(lookers.begin(), lookers.end(), slot.get()) != lookers.end()) {
                tellLooker(stats.slots.back(), stats.waiters, waiters);
            }
            describe(*slot, stats.slots.back());
        }
    }
    tellWaiters(m_checking, "validate", now, stats.waiters, waiters);
    // Whoever stands in front while something is being opened waits for that, not for a return.
    tellWaiters(m_queue.list(), "queue", now, stats.waiters, waiters);
    const std::size_t first = std::min(m_checking.size() + lookers.size(), stats.waiters.size());
    const std::size_t connecting = static_cast<std::size_t>(m_places.count(SlotUse::Connecting));
    for (std::size_t i = first; i < std::min(first + connecting, stats.waiters.size()); ++i) {
        stats.waiters[i].phase = "connect";
    }
    return stats;
}

Fault PoolCore::fault() const
{
    const BriefLock lock(m_mutex);
    return m_circuit.fault();
}

core::Nanos PoolCore::nextTryIn() const
{
    const core::SteadyTime now = m_clock.steadyNow();
    const BriefLock lock(m_mutex);
    return std::max(core::Nanos(0), core::Nanos(m_circuit.nextTry() - now));
}

namespace {

// By numbers: they are given out in the order of requests. One that was granted something already, and stands in the
// queue again because that was no good, may have been overtaken meanwhile.
bool isOvertaken(const RequestQueue& queue, const Places& places)
{
    const Request* first = queue.front();
    while (first != nullptr && first->check != Check::None) {
        first = first->next;
    }
    const auto& slots = places.all();
    return first != nullptr &&
           std::any_of(slots.begin(), slots.end(), [number = first->number](const auto& slot) {
               return slot->use == SlotUse::Leased && slot->lease > number;
           });
}

} // namespace

std::string_view PoolCore::brokenSum() const
{
    const int leased = m_places.count(SlotUse::Leased);
    const std::size_t waiting = m_queue.size() + m_checking.size();
    const std::array<int, kPriorities>& inside = m_admission.inside();
    if (m_figures.ended() + waiting != m_figures.requests) {
        return "outcomes + waiting = requests";
    }
    const int open = m_places.total() - m_places.count(SlotUse::Connecting);
    if (m_figures.opened - m_figures.closedInAll() != static_cast<std::uint64_t>(open)) {
        return "opened - closed = open";
    }
    if (m_figures.checkouts - m_figures.checkins != static_cast<std::uint64_t>(leased)) {
        return "checkouts - checkins = leased";
    }
    if (std::accumulate(inside.begin(), inside.end(), 0) != leased + static_cast<int>(waiting)) {
        return "admitted = leased + waiting";
    }
    if (!m_queue.empty() && m_places.count(SlotUse::Shelved) > 0) {
        return "nobody waits while something is shelved";
    }
    if (m_gate == Gate::Open && !m_queue.empty() && !m_places.idle().empty()) {
        return "nobody waits while something is idle";
    }
    return m_closed && !m_queue.empty() ? "nobody waits for a closed pool" : std::string_view();
}

std::string PoolCore::brokenRule()
{
    const Section lock(*this, OnShelves::Left);
    if (const std::string_view rule = brokenSum(); !rule.empty()) {
        return std::string(rule);
    }
    recallAll();
    if (const std::string_view rule = m_places.brokenRule(); !rule.empty()) {
        return std::string(rule);
    }
    if (const std::string_view rule = brokenSum(); !rule.empty()) {
        return std::string(rule);
    }
    if (isOvertaken(m_queue, m_places)) {
        return "nobody is served before who asked earlier and waits";
    }
    return m_queue.inOrder() ? std::string() : "the queue is in the order of requests";
}

} // namespace pool
