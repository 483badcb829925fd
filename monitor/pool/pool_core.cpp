#include "monitor/pool/pool_core.h"

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

// Time points near max() do not fit into the kernel's time spans.
constexpr core::Nanos kLongestSleep = std::chrono::hours(1);

} // namespace

PoolCore::PoolCore(const PoolConfig& config, const core::Clock& clock, SlotFactory factory, int mostOpening)
    : m_clock(clock)
    , m_factory(std::move(factory))
    , m_mostOpening(mostOpening)
    , m_shelves(std::make_unique<Shelf[]>(kShelves))
    , m_resetMode(config.reset)
    , m_config(config)
    , m_stateSince(clock.wallNow())
{
}

PoolCore::~PoolCore() = default;

PoolCore::Section::Section(PoolCore& core, Shelves shelves)
    : m_core(core)
    , m_collided(core.m_mutex.lock())
{
    if (shelves == Shelves::Empty) {
        m_core.recallAll();
    }
}

// Waking takes a microsecond or two: not under the lock. Nothing of the core is touched after it has been let
// go.
PoolCore::Section::~Section()
{
    Signal* const toWake = std::exchange(m_core.m_toWake, nullptr);
    m_core.m_mutex.unlock();
    if (toWake != nullptr) {
        Signal::wake(toWake);
    }
}

int PoolCore::maxTotal() const
{
    return m_config.maxOverflow < 0 ? -1 : m_config.size + m_config.maxOverflow;
}

int PoolCore::total() const
{
    return static_cast<int>(m_slots.size()) - count(SlotUse::Free);
}

void PoolCore::move(Slot& slot, SlotUse to)
{
    --m_uses[static_cast<std::size_t>(slot.use)];
    ++m_uses[static_cast<std::size_t>(to)];
    slot.use = to;
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
    if (takeFromShelf(request, now)) {
        return request.step;
    }
    const Section lock(*this, Shelves::Left);
    noteCrowd(lock, now);
    if (const Shelf& own = shelfOf(request.thread); own.slot != nullptr && own.owner == request.thread) {
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
    if (!admit(request)) {
        settle(request, Outcome::Shed, now);
        return request.step;
    }
    if (m_holders.size() <= kCheapHolders) {
        noticeNesting(request);
    }
    return proceed(request, now);
}

bool PoolCore::admit(Request& request)
{
    const auto priority = static_cast<std::size_t>(request.priority);
    if (m_limits[priority] >= 0 && m_admitted[priority] >= m_limits[priority]) {
        return false;
    }
    ++m_admitted[priority];
    request.admitted = true;
    return true;
}

// Serves the request, queues it or fails it. It may have waited before (reject()).
Step PoolCore::proceed(Request& request, core::SteadyTime now)
{
    const bool first = m_queue.empty() || request.number < m_queue.front()->number;
    if (m_idle.empty()) {
        recallAll(); // nobody waits while another thread has an idle one within its reach
    }
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
    enqueue(request, now);
    return request.step;
}

void PoolCore::enqueue(Request& request, core::SteadyTime now)
{
    if (!request.waited) {
        request.waited = true;
        ++m_figures.waited;
        if (m_holders.size() > kCheapHolders) {
            noticeNesting(request);
        }
    }
    request.step = Step::Queued;
    request.served.reset();
    request.patience = m_queue.empty() ? Signal::Patience::Spins : Signal::Patience::Sleeps;
    // One that comes back from a failed check stands where it stood: nearly always in front.
    Request* place = m_queue.front();
    if (place != nullptr && request.number > m_queue.back()->number) {
        place = nullptr;
    }
    while (place != nullptr && place->number < request.number) {
        place = place->next;
    }
    m_queue.insertBefore(request, place);
    m_peakWaiting.note(static_cast<int>(m_queue.size()), now);
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
    m_holders[static_cast<std::size_t>(slot.index)] = request.thread;
    ++m_figures.checkouts;
    ++m_figures.outcomes[static_cast<std::size_t>(Outcome::Ok)];
    m_peakLeased.note(leasedAbout(), now);
    hand(request, now);
}

// What the lease is, on the slot and in the request. Under the lock that guards the slot.
void PoolCore::hand(Request& request, core::SteadyTime now) noexcept
{
    Slot& slot = *request.slot;
    slot.lease = request.number;
    slot.tag.assign(request.tag);
    slot.site = request.site;
    slot.priority = request.priority;
    slot.grantedAt = now;
    slot.holder = request.thread;
    ++slot.uses;
    request.endedAt = now;
    request.outcome = Outcome::Ok;
    if (request.check == Check::Look) { // nearly always passed: taken back by reject() when not
        slot.looking.store(true, std::memory_order_relaxed);
        request.step = Step::Check;
    } else {
        request.step = Step::Granted;
    }
}

// Everything proven before must prove itself, also what its thread would have taken without asking.
void PoolCore::suspect(core::SteadyTime now)
{
    m_suspicionAt = std::max(m_suspicionAt, now);
    recallAll();
}

// The look at it failed: nobody was told of this lease (see lookedAt()).
void PoolCore::unlease(Slot& slot)
{
    slot.looking.store(false, std::memory_order_relaxed);
    --slot.uses;
    --m_figures.checkouts;
    --m_figures.outcomes[static_cast<std::size_t>(Outcome::Ok)];
    m_holders[static_cast<std::size_t>(slot.index)] = 0;
}

void PoolCore::settle(Request& request, Outcome outcome, core::SteadyTime now)
{
    ++m_figures.outcomes[static_cast<std::size_t>(outcome)];
    if (request.admitted) {
        --m_admitted[static_cast<std::size_t>(request.priority)];
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
    const Section lock(*this, Shelves::Left);
    if (request.step == Step::Queued) {
        m_queue.remove(request);
        m_peakWaiting.note(static_cast<int>(m_queue.size()), now);
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
    const Section lock(*this, Shelves::Left);
    m_checking.remove(request);
    request.slot->provenAt = std::max(request.slot->provenAt, now);
    lease(request, now);
}

Step PoolCore::reject(Request& request, CloseReason reason, core::SteadyTime since)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this, Shelves::Left);
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
    const Section lock(*this, Shelves::Left);
    if (request.step != Step::Queued) {
        return false;
    }
    m_queue.remove(request);
    m_peakWaiting.note(static_cast<int>(m_queue.size()), now);
    settle(request, outcome, now);
    return true;
}

void PoolCore::noticeNesting(Request& request)
{
    bool holds = false;
    for (const std::uint32_t holder : m_holders) { // all of them: four at a time, without a branch
        holds |= holder == request.thread;
    }
    if (!holds) [[likely]] {
        return;
    }
    const auto first = std::find(m_holders.begin(), m_holders.end(), request.thread);
    request.nested = true;
    request.nestedSite = m_slots[static_cast<std::size_t>(first - m_holders.begin())]->site;
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
    const bool doubtful = slot.provenAt <= m_suspicionAt || m_circuit.away();
    return doubtful || now - slot.provenAt >= m_config.validateAfter ? Check::Prove : Check::Look;
}

Outcome PoolCore::refusal() const
{
    return m_circuit.state() == Circuit::State::Blocked ? Outcome::Blocked : Outcome::Down;
}

bool PoolCore::lives() const
{
    const core::SteadyTime alive{core::Nanos(m_lastAlive.load(std::memory_order_relaxed))};
    return total() > count(SlotUse::Connecting) + count(SlotUse::Closing) && alive > m_circuit.doubtSince();
}

} // namespace pool
