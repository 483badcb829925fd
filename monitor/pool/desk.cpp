#include "monitor/pool/desk.h"

#include "monitor/pg/sqlstate.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace pool {

namespace {

// Shorter than putting one thread aside and letting another go on. With such uses a queue, once there, would stay for
// ever: who gives back asks again at once, stands behind all the others and sleeps, so that each use costs a switch.
// Giving way before asking again, outside the queue, lets it run empty; the order stays strict.
constexpr core::Nanos kBriefUse = std::chrono::microseconds(5);

EventKind kindOf(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::Ok:
        return EventKind::Granted;
    case Outcome::Timeout:
        return EventKind::TimedOut;
    case Outcome::Cancelled:
        return EventKind::Cancelled;
    case Outcome::QueueFull:
    case Outcome::Suspended:
    case Outcome::Down:
    case Outcome::Blocked:
    case Outcome::Closed:
    case Outcome::Shed:
        break;
    }
    return EventKind::Refused;
}

// Two threads' clock readings may be some hundred nanoseconds apart (core::FastClock).
core::Nanos between(core::SteadyTime from, core::SteadyTime to) noexcept
{
    return std::max(core::Nanos(0), core::Nanos(to - from));
}

} // namespace

Step Desk::serve(Request& request, const std::stop_token& stop)
{
    core::Nanos budget = core::Nanos::max();
    Step step = m_core.begin(request);
    if (step == Step::Queued) {
        tell({.kind = EventKind::Queued,
              .at = request.requestedAt,
              .lease = request.number,
              .tag = request.tag,
              .site = request.site});
    }
    for (;;) {
        switch (step) {
        case Step::Queued:
            step = m_core.await(request, stop);
            continue;
        case Step::Check:
            step = check(request, budget);
            continue;
        case Step::Granted:
            lent(*request.slot, request.endedAt);
            tellOutcome(request);
            return step;
        case Step::Failed:
            tellOutcome(request);
            return step;
        }
    }
}

// On the borrower's thread, within its deadline. A resource that fails is closed and the request goes on.
Step Desk::check(Request& request, core::Nanos& budget)
{
    Slot& slot = *request.slot;
    if (request.check == Check::Look) {
        const bool good = looksGood(slot);
        const core::SteadyTime now = m_core.clock().steadyNow();
        if (!good) {
            return turnDown(request, now, kHungUp);
        }
        m_core.confirm(request, now);
        return Step::Granted;
    }
    const core::SteadyTime begin = m_core.clock().steadyNow();
    if (request.check == Check::Replace) {
        return turnDown(request, begin, {});
    }
    if (!looksGood(slot)) {
        return turnDown(request, begin, kHungUp);
    }
    if (!proves(request, budget)) {
        return turnDown(request, begin, kNoAnswer);
    }
    const core::SteadyTime now = m_core.clock().steadyNow();
    m_core.noteAlive(now);
    PoolEvent event = eventOf(EventKind::Validated, slot);
    event.duration = now - begin;
    tell(event);
    m_core.confirm(request, now);
    return request.step;
}

// `why` is empty for one that is only too old.
Step Desk::turnDown(Request& request, core::SteadyTime since, std::string_view why)
{
    Slot& slot = *request.slot;
    if (!why.empty()) {
        PoolEvent event = eventOf(EventKind::ValidationFailed, slot);
        event.duration = between(since, event.at);
        event.detail = why;
        event.sqlstate = pg::kConnectionLost;
        tell(event);
    }
    const CloseReason reason = why.empty() ? CloseReason::Lifetime : CloseReason::Invalid;
    const Step step = m_core.reject(request, reason, since);
    closeResource(slot);
    return step;
}

void Desk::tellOutcome(const Request& request) const noexcept
{
    if (m_observer == nullptr) {
        return;
    }
    PoolEvent event{.kind = kindOf(request.outcome),
                    .at = request.endedAt,
                    .lease = request.number,
                    .waited = request.waited,
                    .connecting = request.connecting,
                    .duration = between(request.requestedAt, request.endedAt),
                    .tag = request.tag,
                    .site = request.site};
    if (request.slot != nullptr) {
        event.slot = request.slot->index;
        event.backendPid = backendOf(*request.slot);
    } else {
        event.detail = outcomeName(request.outcome);
    }
    m_observer->onAcquired(event.duration, request.outcome, event);
    if (event.kind != EventKind::Granted) {
        m_observer->onEvent(event);
    }
    if (request.nested) {
        tellNesting(event, request);
    }
}

void Desk::tellNesting(PoolEvent event, const Request& request) const noexcept
try {
    const std::string_view path = request.nestedSite.file_name(); // only the file: details are cut when long
    const std::string detail = fmt::format("the same thread already holds one taken at {}:{}",
                                           path.substr(path.rfind('/') + 1), request.nestedSite.line());
    event.kind = EventKind::NestedAcquire;
    event.detail = detail;
    m_observer->onEvent(event);
} catch (const std::exception&) { // no memory for the text: nobody is told
}

void Desk::takeBack(Slot& slot, std::uint64_t number) noexcept
{
    const Returned how = lookOver(slot);
    PoolEvent event = eventOf(EventKind::Returned, slot);
    event.lease = number;
    event.duration = between(slot.grantedAt, event.at);
    const Tag tag = slot.tag; // the next holder writes its own
    event.tag = tag.view();
    const bool wasLeaked = slot.leaked.load(std::memory_order_relaxed);
    const bool wasLong = slot.longUse.load(std::memory_order_relaxed);
    PoolObserver* const observer = m_observer;
    const Disposal disposal = m_core.giveBack(slot, number, how, event.at);
    // Neither the slot nor this is ours any more, unless it is to be closed or cleaned: the pool may end meanwhile.
    if (observer != nullptr) {
        tellReturn(*observer, event, {disposal, wasLeaked, wasLong});
    }
    if (disposal == Disposal::Close) {
        closeResource(slot);
    } else if (disposal == Disposal::Reset) {
        clean(slot);
    } else if (disposal == Disposal::Passed && event.duration < kBriefUse) {
        std::this_thread::yield();
    }
}

void Desk::tellReturn(PoolObserver& observer, PoolEvent& event, const Back& back) noexcept
{
    if (back.disposal == Disposal::Refused) {
        event.kind = EventKind::DoubleReturn;
        observer.onEvent(event);
        return;
    }
    observer.onReturned(event.duration, event);
    if (back.wasLeaked) {
        event.kind = EventKind::Unleaked;
        observer.onEvent(event);
    }
    if (back.wasLong) {
        event.kind = EventKind::LongUseEnded;
        observer.onEvent(event);
    }
}

PoolEvent Desk::eventOf(EventKind kind, const Slot& slot) const noexcept
{
    PoolEvent event;
    event.kind = kind;
    event.at = m_core.clock().steadyNow();
    event.slot = slot.index;
    event.backendPid = backendOf(slot);
    event.lease = slot.lease;
    event.site = slot.site;
    return event;
}

} // namespace pool
