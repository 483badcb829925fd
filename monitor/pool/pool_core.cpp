#include "monitor/pool/pool_section.h"

#include <algorithm>
#include <utility>

namespace pool {

namespace {

// Small number of the calling thread, for telling a thread that asks while it holds. Never 0.
std::uint32_t threadToken() noexcept
{
    static std::atomic<std::uint32_t> last{0};
    thread_local const std::uint32_t token = last.fetch_add(1) + 1;
    return token;
}

// Looking through the holders costs a nanosecond for four; with more than this many only those who must wait
// look.
constexpr std::size_t kCheapHolders = 64;

// A check that failed after this long met silence, not a hang-up.
constexpr core::Nanos kSlowCheck = std::chrono::milliseconds(50);

// Time points near max() do not fit into the kernel's time spans.
constexpr core::Nanos kLongestSleep = std::chrono::hours(1);

} // namespace

PoolCore::PoolCore(const PoolConfig& config, const core::Clock& clock, Places::Factory factory, int mostOpening)
    : m_clock(clock)
    , m_mostOpening(mostOpening)
    , m_resetMode(config.reset)
    , m_config(config)
    , m_places(std::move(factory))
    , m_stateSince(clock.wallNow())
{
}

PoolCore::~PoolCore() = default;

void PoolCore::move(Slot& slot, SlotUse to)
{
    m_places.move(slot, to);
    touch();
}

// borrowing

Step PoolCore::begin(Request& request)
{
    const core::SteadyTime now = m_clock.steadyNow();
    request.requestedAt = now;
    if (request.thread == 0) {
        request.thread = threadToken();
    }
    if (m_shelves.take(request, now)) {
        return request.step;
    }
    const Section lock(*this, OnShelves::Left);
    noteCrowd(lock, now);
    if (const Shelf& own = m_shelves.of(request.thread); own.slot != nullptr && own.owner == request.thread) {
        recallOf(*own.slot); // the thread holds what is on it, or it is no good any more
    }
    ++m_figures.requests;
    request.number = ++m_lastNumber;
    const core::Nanos timeout = request.timeout.value_or(m_config.timeout);
    request.deadline = core::SteadyTime::max() - now <= timeout ? core::SteadyTime::max() : now + timeout;
    touch();
    if (m_closed || m_gate == Gate::Refuse) {
        settle(request, m_closed ? Outcome::Closed : Outcome::Suspended, now);
        return request.step;
    }
    request.admitted = m_admission.enter(request.priority);
    if (!request.admitted) {
        settle(request, Outcome::Shed, now);
        return request.step;
    }
    if (m_places.holders() <= kCheapHolders) {
        noticeNesting(request);
    }
    return proceed(request, now);
}

// Serves the request, queues it or fails it. It may have waited before (reject()).
Step PoolCore::proceed(Request& request, core::SteadyTime now)
{
    const bool first = m_queue.empty() || request.number < m_queue.front()->number;
    if (m_places.idle().empty()) {
        recallAll(); // nobody waits while another thread has an idle one within its reach
    }
    if (m_gate == Gate::Open && first && !m_places.idle().empty()) {
        Slot& slot = nextIdle();
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
    enqueue(request, now);
    return request.step;
}

void PoolCore::enqueue(Request& request, core::SteadyTime now)
{
    if (!request.waited) {
        request.waited = true;
        ++m_figures.waited;
        if (m_places.holders() > kCheapHolders) {
            noticeNesting(request);
        }
    }
    request.step = Step::Queued;
    request.served.reset();
    request.patience = m_queue.empty() ? Signal::Patience::Spins : Signal::Patience::Sleeps;
    m_queue.insert(request, now);
    touch();
    wakeOpeners(now);
}

void PoolCore::grant(Request& request, Slot& slot, Check check, core::SteadyTime now)
{
    request.slot = &slot;
    request.check = check;
    slot.lease = request.number;
    if (check == Check::None || check == Check::Look) {
        lease(request, now);
        return;
    }
    move(slot, SlotUse::Validating);
    m_checking.pushBack(request);
    request.step = Step::Check;
}

void PoolCore::lease(Request& request, core::SteadyTime now)
{
    Slot& slot = *request.slot;
    move(slot, SlotUse::Leased);
    m_places.setHolder(slot, request.thread);
    ++m_figures.checkouts;
    ++m_figures.of(Outcome::Ok);
    m_peakLeased.note(leasedAbout(), now);
    lend(request, now);
}

// Taken from the idle ones: the caller moves it.
Slot& PoolCore::nextIdle()
{
    Slot& slot = m_config.idleOrder == IdleOrder::Fifo ? *m_places.idle().front() : *m_places.idle().back();
    m_places.idle().remove(slot);
    return slot;
}

// Everything proven before must prove itself, also what its thread would have taken without asking.
void PoolCore::suspect(core::SteadyTime now)
{
    m_doubtAt = std::max(m_doubtAt, now);
    recallAll();
}

// The look at it failed: nobody was told of this lease (see lookedAt()).
void PoolCore::unlease(Slot& slot)
{
    slot.looking.store(false, std::memory_order_relaxed);
    --slot.uses;
    --m_figures.checkouts;
    --m_figures.of(Outcome::Ok);
    m_places.setHolder(slot, 0);
}

void PoolCore::settle(Request& request, Outcome outcome, core::SteadyTime now)
{
    ++m_figures.of(outcome);
    if (request.admitted) {
        m_admission.leave(request.priority);
        request.admitted = false;
    }
    request.outcome = outcome;
    request.endedAt = now;
    request.slot = nullptr;
    request.step = Step::Failed;
    touch();
}

Step PoolCore::await(Request& request, const std::stop_token& stop)
{
    const std::stop_callback wakeUp(stop, [&request] { request.served.nudge(); });
    for (;;) {
        const core::SteadyTime now = m_clock.steadyNow();
        const bool stopped = stop.stop_requested();
        if (stopped || now >= request.deadline) {
            return giveUp(request, stopped ? Outcome::Cancelled : Outcome::Timeout);
        }
        const core::Nanos span = std::min<core::Nanos>(request.deadline - now, kLongestSleep);
        if (request.served.waitFor(span, request.patience)) {
            return request.step;
        }
    }
}

// As expire(), for the waiter itself.
Step PoolCore::giveUp(Request& request, Outcome outcome)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this, OnShelves::Left);
    if (request.step == Step::Queued) {
        m_queue.remove(request, now);
        const bool held = m_gate == Gate::Hold && outcome == Outcome::Timeout;
        settle(request, held ? Outcome::Suspended : outcome, now);
    }
    return request.step;
}

void PoolCore::confirm(Request& request, core::SteadyTime now)
{
    if (request.check == Check::Look) {
        request.endedAt = now;
        request.step = Step::Granted;
        request.slot->looking.store(false, std::memory_order_release);
        return;
    }
    const Section lock(*this, OnShelves::Left);
    m_checking.remove(request);
    request.slot->provenAt = std::max(request.slot->provenAt, now);
    lease(request, now);
}

Step PoolCore::reject(Request& request, CloseReason reason, core::SteadyTime since)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this, OnShelves::Left);
    Slot& slot = *request.slot;
    recallOf(slot);
    if (request.check == Check::Look) {
        unlease(slot);
    } else {
        m_checking.remove(request);
    }
    (void)condemn(slot, reason);
    if (reason != CloseReason::Lifetime) {
        ++m_figures.rejected;
        suspect(now);
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

bool PoolCore::expire(Request& request, Outcome outcome)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this, OnShelves::Left);
    if (request.step != Step::Queued) {
        return false;
    }
    m_queue.remove(request, now);
    settle(request, outcome, now);
    return true;
}

void PoolCore::noticeNesting(Request& request)
{
    const Slot* const held = m_places.heldBy(request.thread);
    if (held == nullptr) [[likely]] {
        return;
    }
    request.nested = true;
    request.nestedSite = held->site;
    ++m_figures.nested;
}

Check PoolCore::checkOf(const Slot& slot, core::SteadyTime now) const
{
    if (slot.retire || now >= slot.retireAt || slot.epoch != m_epoch) {
        return Check::Replace;
    }
    if (!m_config.prePing) {
        return Check::None;
    }
    const bool doubtful = slot.provenAt <= m_doubtAt || m_circuit.away();
    return doubtful || now - slot.provenAt >= m_config.validateAfter ? Check::Prove : Check::Look;
}

Outcome PoolCore::refusal() const
{
    return m_circuit.state() == Circuit::State::Blocked ? Outcome::Blocked : Outcome::Down;
}

bool PoolCore::lives() const
{
    const core::SteadyTime alive{core::Nanos(m_lastAlive.load(std::memory_order_relaxed))};
    return m_places.total() > m_places.count(SlotUse::Connecting) + m_places.count(SlotUse::Closing) && alive > m_circuit.doubtSince();
}

} // namespace pool
