#include "monitor/pool/pool_core.h"

namespace pool {

namespace {

// Small number of the calling thread, for telling a thread that asks while it holds. Never 0.
std::uint32_t threadToken() noexcept {
    static std::atomic<std::uint32_t> last{0};
    thread_local const std::uint32_t token = last.fetch_add(1) + 1;
    return token;
}

// Looking through the holders costs a nanosecond for four; with more than this many only those who must wait
// look.
constexpr std::size_t kCheapHolders = 64;

} // namespace

PoolCore::PoolCore(const PoolConfig& config, const core::Clock& clock, SlotFactory factory, int mostOpening)
    : m_clock(clock)
    , m_factory(std::move(factory))
    , m_mostOpening(mostOpening)
    , m_config(config)
    , m_stateSince(clock.wallNow()) {}

PoolCore::~PoolCore() = default;

int PoolCore::maxTotal() const {
    return m_config.maxOverflow < 0 ? -1 : m_config.size + m_config.maxOverflow;
}

int PoolCore::total() const {
    return static_cast<int>(m_slots.size()) - count(SlotUse::Free);
}

void PoolCore::move(Slot& slot, SlotUse to) {
    --m_uses[static_cast<std::size_t>(slot.use)];
    ++m_uses[static_cast<std::size_t>(to)];
    slot.use = to;
    touch();
}

// borrowing

Step PoolCore::begin(Request& request) {
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    request.number = ++m_figures.requests;
    request.requestedAt = now;
    const core::Nanos timeout = request.timeout.value_or(m_config.timeout);
    request.deadline = core::SteadyTime::max() - now <= timeout ? core::SteadyTime::max() : now + timeout;
    touch();
    if (m_closed || m_gate == Gate::Refuse) {
        settle(request, m_closed ? Outcome::Closed : Outcome::Suspended, now);
        return request.step;
    }
    if (m_holders.size() <= kCheapHolders) {
        noticeNesting(request);
    }
    return proceed(request, now);
}

// Serves the request, queues it or fails it. It may have waited before (reject()).
Step PoolCore::proceed(Request& request, core::SteadyTime now) {
    const bool first = m_queue.empty() || request.number < m_queue.front()->number;
    if (m_gate == Gate::Open && first && !m_idle.empty()) {
        Slot& slot = m_config.idleOrder == IdleOrder::Fifo ? *m_idle.front() : *m_idle.back();
        m_idle.remove(slot);
        grant(request, slot, checkOf(slot, now), now);
        return request.step;
    }
    if (now >= request.deadline) {
        settle(request, Outcome::Timeout, now);
        return request.step;
    }
    if (m_circuit.refuses(now) && !lives()) {
        settle(request, refusal(), now);
        return request.step;
    }
    if (m_circuit.state() == Circuit::State::Blocked) {
        settle(request, Outcome::Blocked, now);
        return request.step;
    }
    if (m_config.maxWaiters > 0 && !request.waited &&
        static_cast<int>(m_queue.size()) >= m_config.maxWaiters) {
        settle(request, Outcome::QueueFull, now);
        return request.step;
    }
    enqueue(request);
    return request.step;
}

void PoolCore::enqueue(Request& request) {
    if (!request.waited) {
        request.waited = true;
        ++m_figures.waited;
        if (m_holders.size() > kCheapHolders) {
            noticeNesting(request);
        }
    }
    request.step = Step::Queued;
    if (!request.wake) {
        request.wake.emplace();
    }
    // One that comes back from a failed check stands where it stood: nearly always in front.
    Request* place = m_queue.front();
    if (place != nullptr && request.number > m_queue.back()->number) {
        place = nullptr;
    }
    while (place != nullptr && place->number < request.number) {
        place = place->next;
    }
    m_queue.insertBefore(request, place);
    m_peakWaiting.note(static_cast<int>(m_queue.size()), m_clock.steadyNow());
    touch();
    wakeOpeners();
}

void PoolCore::grant(Request& request, Slot& slot, Check check, core::SteadyTime now) {
    request.slot = &slot;
    request.check = check;
    slot.lease = request.number;
    if (check == Check::None) {
        lease(request, now);
        return;
    }
    move(slot, SlotUse::Validating);
    m_checking.pushBack(request);
    request.step = Step::Check;
}

void PoolCore::lease(Request& request, core::SteadyTime now) {
    Slot& slot = *request.slot;
    move(slot, SlotUse::Leased);
    slot.tag.assign(request.tag);
    slot.site = request.site;
    slot.grantedAt = now;
    ++slot.uses;
    m_holders[static_cast<std::size_t>(slot.index)] = slot.holder = request.thread;
    ++m_figures.checkouts;
    ++m_figures.outcomes[static_cast<std::size_t>(Outcome::Ok)];
    m_peakLeased.note(count(SlotUse::Leased), now);
    request.endedAt = now;
    request.outcome = Outcome::Ok;
    request.step = Step::Granted;
}

void PoolCore::settle(Request& request, Outcome outcome, core::SteadyTime now) {
    ++m_figures.outcomes[static_cast<std::size_t>(outcome)];
    request.outcome = outcome;
    request.endedAt = now;
    request.slot = nullptr;
    request.step = Step::Failed;
    touch();
}

Step PoolCore::await(Request& request, const std::stop_token& stop) {
    core::MutexLock lock(m_mutex);
    const auto done = [&request] { return request.step != Step::Queued; };
    while (!done()) {
        const core::SteadyTime now = m_clock.steadyNow();
        if (stop.stop_requested() || now >= request.deadline) {
            m_queue.remove(request);
            const bool held = m_gate == Gate::Hold && !stop.stop_requested();
            settle(request,
                   stop.stop_requested() ? Outcome::Cancelled
                   : held                ? Outcome::Suspended
                                         : Outcome::Timeout,
                   now);
            m_peakWaiting.note(static_cast<int>(m_queue.size()), now);
            break;
        }
        // Never longer than an hour at a time: time points near max() overflow in the library's waits.
        const core::Nanos span = std::min<core::Nanos>(request.deadline - now, std::chrono::hours(1));
        request.wake->wait_for(lock, stop, span, done);
    }
    return request.step;
}

void PoolCore::confirm(Request& request, core::SteadyTime now) {
    const core::MutexLock lock(m_mutex);
    m_checking.remove(request);
    request.slot->provenAt = std::max(request.slot->provenAt, now);
    lease(request, now);
}

Step PoolCore::reject(Request& request, CloseReason reason, core::SteadyTime since) {
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    m_checking.remove(request);
    Slot& slot = *request.slot;
    (void)condemn(slot, reason);
    if (reason != CloseReason::Lifetime) {
        ++m_figures.rejected;
        m_suspicionAt = std::max(m_suspicionAt, now);
        if (now - since >= kSlowCheck) { // silence, not a hang-up: the other side itself is in doubt
            m_circuit.doubted(since);
            noteState();
        }
    }
    request.slot = nullptr;
    if (m_closed) {
        settle(request, Outcome::Closed, now);
        return request.step;
    }
    const Step step = proceed(request, now);
    serveQueue(now);
    return step;
}

bool PoolCore::expire(Request& request, Outcome outcome) {
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    if (request.step != Step::Queued) {
        return false;
    }
    m_queue.remove(request);
    m_peakWaiting.note(static_cast<int>(m_queue.size()), now);
    settle(request, outcome, now);
    return true;
}

void PoolCore::noticeNesting(Request& request) {
    request.thread = threadToken();
    for (std::size_t i = 0; i < m_holders.size(); ++i) {
        if (m_holders[i] == request.thread) {
            request.nested = true;
            request.nestedSite = m_slots[i]->site;
            ++m_figures.nested;
            return;
        }
    }
}

Check PoolCore::checkOf(const Slot& slot, core::SteadyTime now) const {
    if (slot.retire || now >= slot.retireAt || slot.epoch != m_epoch) {
        return Check::Replace;
    }
    if (!m_config.prePing) {
        return Check::None;
    }
    const bool doubtful = slot.provenAt <= m_suspicionAt || m_circuit.away();
    return doubtful || now - slot.provenAt >= m_config.validateAfter ? Check::Prove : Check::Look;
}

Outcome PoolCore::refusal() const {
    return m_circuit.state() == Circuit::State::Blocked ? Outcome::Blocked : Outcome::Down;
}

bool PoolCore::lives() const {
    const core::SteadyTime alive{core::Nanos(m_lastAlive.load(std::memory_order_relaxed))};
    return total() > count(SlotUse::Connecting) + count(SlotUse::Closing) && alive > m_circuit.doubtSince();
}

// giving back

Disposal PoolCore::giveBack(Slot& slot, std::uint64_t lease, Returned how, core::SteadyTime now) {
    const core::MutexLock lock(m_mutex);
    if (lease == 0 || slot.lease != lease || slot.use != SlotUse::Leased) {
        ++m_figures.refusedReturns;
        touch();
        return Disposal::Refused;
    }
    ++m_figures.checkins;
    m_holders[static_cast<std::size_t>(slot.index)] = 0;
    slot.lease = 0;
    slot.leaked = false;
    slot.longUse = false;
    m_peakLeased.note(count(SlotUse::Leased) - 1, now);
    if (how == Returned::Broken) {
        m_suspicionAt = std::max(m_suspicionAt, now);
        return condemn(slot, CloseReason::Broken);
    }
    if (how == Returned::Unwanted) {
        return condemn(slot, CloseReason::Dirty);
    }
    if (how == Returned::Dirty) {
        move(slot, SlotUse::Resetting);
        return Disposal::Reset;
    }
    slot.provenAt = std::max(slot.provenAt, slot.grantedAt);
    return place(slot, Check::Look, now);
}

Disposal PoolCore::resetDone(Slot& slot, core::SteadyTime now) {
    const core::MutexLock lock(m_mutex);
    slot.provenAt = now;
    return place(slot, Check::Look, now);
}

void PoolCore::resetFailed(Slot& slot) {
    const core::MutexLock lock(m_mutex);
    (void)condemn(slot, CloseReason::ResetFailed);
}

// A good resource without an owner: to the first waiter, to the idle ones, or away.
Disposal PoolCore::place(Slot& slot, Check check, core::SteadyTime now) {
    slot.lease = 0;
    if (m_closed) {
        return condemn(slot, CloseReason::Shutdown);
    }
    if (slot.epoch != m_epoch) {
        return condemn(slot, CloseReason::Drain);
    }
    if (slot.retire) {
        ++m_owed;
        return condemn(slot, CloseReason::Admin);
    }
    if (maxTotal() >= 0 && total() - count(SlotUse::Closing) > maxTotal()) {
        return condemn(slot, CloseReason::Overflow); // the pool has been made smaller
    }
    if (m_gate == Gate::Open && !m_queue.empty()) {
        Request& next = *m_queue.front();
        m_queue.remove(next);
        m_peakWaiting.note(static_cast<int>(m_queue.size()), now);
        grant(next, slot, m_config.prePing ? check : Check::None, now);
        next.wake->notify_one();
        return Disposal::Kept;
    }
    const bool keepsAll = m_config.size == 0 || m_config.overflowLinger > core::Nanos(0);
    if (!keepsAll && count(SlotUse::Idle) >= m_config.size) {
        return condemn(slot, CloseReason::Overflow);
    }
    slot.idleSince = now;
    move(slot, SlotUse::Idle);
    m_idle.pushBack(slot);
    return Disposal::Kept;
}

Disposal PoolCore::condemn(Slot& slot, CloseReason reason) {
    slot.closing = reason;
    slot.lease = 0;
    move(slot, SlotUse::Closing);
    return Disposal::Close;
}

void PoolCore::closed(Slot& slot) {
    const core::MutexLock lock(m_mutex);
    ++m_figures.closed[static_cast<std::size_t>(slot.closing)];
    slot.retire = false;
    move(slot, SlotUse::Free);
    noteState();
    wakeOpeners();
}

void PoolCore::serveQueue(core::SteadyTime now) {
    while (m_gate == Gate::Open && !m_queue.empty() && !m_idle.empty()) {
        Request& next = *m_queue.front();
        Slot& slot = m_config.idleOrder == IdleOrder::Fifo ? *m_idle.front() : *m_idle.back();
        m_queue.remove(next);
        m_idle.remove(slot);
        grant(next, slot, checkOf(slot, now), now);
        next.wake->notify_one();
    }
}

void PoolCore::failQueue(core::SteadyTime now) {
    const Outcome outcome = m_closed                 ? Outcome::Closed
                            : m_gate == Gate::Refuse ? Outcome::Suspended
                                                     : refusal();
    while (Request* request = m_queue.front()) {
        m_queue.remove(*request);
        settle(*request, outcome, now);
        request->wake->notify_one();
    }
    m_peakWaiting.note(0, now);
}

} // namespace pool
