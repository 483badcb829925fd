#include "monitor/collect/self/request_recorder.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace collect {

namespace {

using metrics::RequestFate;
using metrics::RequestRecord;

constexpr std::size_t kConnects = 256;
constexpr std::size_t kMostEarly = 1024;
// How far apart the ring's and the slot table's idea of one grant may be: an empty query in between, and
// clocks.
constexpr core::Nanos kSameGrant = std::chrono::milliseconds(50);

std::uint32_t originOf(const EventView& event)
{
    const std::size_t tag = std::hash<std::string_view>()(event.tag);
    const std::size_t file = std::hash<std::string_view>()(event.site.file_name());
    const std::size_t mixed = tag ^ (file * 31) ^ (std::size_t{event.site.line()} << 7U);
    return static_cast<std::uint32_t>(mixed ^ (mixed >> 32U));
}

RequestRecord recordOf(const EventView& event, RequestFate fate)
{
    RequestRecord request;
    request.arrival = event.at - event.duration;
    request.waited = event.duration;
    request.origin = originOf(event);
    request.fate = fate;
    return request;
}

// As a window that begins at `since` sees it.
RequestRecord fromThere(RequestRecord request, core::SteadyTime since)
{
    if (request.arrival < since) {
        const core::Nanos before =
            std::max(core::Nanos(0), core::Nanos(since - request.arrival) - request.waited);
        request.hold = std::max(core::Nanos(0), request.hold - before);
        request.arrival = since;
    }
    return request;
}

bool lent(metrics::SlotState state)
{
    switch (state) {
    case metrics::SlotState::Active:
    case metrics::SlotState::IdleInTransaction:
    case metrics::SlotState::Held:
    case metrics::SlotState::Leaked:
        return true;
    case metrics::SlotState::NotOpened:
    case metrics::SlotState::Connecting:
    case metrics::SlotState::Validating:
    case metrics::SlotState::Idle:
    case metrics::SlotState::Resetting:
    case metrics::SlotState::Closing:
        break;
    }
    return false;
}

} // namespace

RequestRecorder::RequestRecorder(const EventRing& events, RecorderOptions options)
    : m_events(events)
    , m_options(options)
{
}

void RequestRecorder::drain(core::SteadyTime now, std::span<const HeldPlace> held)
{
    const core::MutexLock lock(m_mutex);
    if (now < m_pauseUntil) {
        return;
    }
    const std::uint64_t from = m_next;
    std::uint64_t read = 0;
    m_next = m_events.visit(from, [&](const EventView& event) REQUIRES(m_mutex) {
        ++read;
        note(event);
    });
    if (const std::uint64_t lost = m_next - from - read; lost > 0) {
        m_missed.push_back({now, lost});
        m_whole = false;
        loseUnseen(now, held);
    }
    if (m_next - from > m_events.capacity()) {
        m_pauseUntil = now + m_options.blockPause;
    }
    forget(now);
}

void RequestRecorder::note(const EventView& event)
{
    switch (event.kind) {
    case pool::EventKind::Granted:
        granted(event);
        break;
    case pool::EventKind::Returned:
        returned(event);
        break;
    case pool::EventKind::ResetDone:
    case pool::EventKind::ResetFailed:
        cleaned(event);
        break;
    case pool::EventKind::TimedOut:
    case pool::EventKind::Cancelled:
    case pool::EventKind::Refused:
        refused(event);
        break;
    case pool::EventKind::Connected:
        m_connects.push_back(event.duration);
        if (m_connects.size() > kConnects) {
            m_connects.pop_front();
        }
        break;
    case pool::EventKind::Configured:
        m_resized.push_back(event.at);
        break;
    default: // says nothing about demand
        break;
    }
}

void RequestRecorder::granted(const EventView& event)
{
    if (m_early.erase(event.lease) > 0) {
        return;
    }
    Holder& holder = m_held[event.lease];
    holder.request = recordOf(event, RequestFate::Held);
    holder.grantedAt = event.at;
    holder.slot = event.slot;
}

void RequestRecorder::returned(const EventView& event)
{
    RequestRecord request;
    if (const auto holder = m_held.find(event.lease); holder != m_held.end()) {
        request = holder->second.request;
        m_held.erase(holder);
    } else { // its grant was overwritten, or comes later: how long it had waited before is not known
        if (m_early.size() >= kMostEarly) {
            m_early.clear();
        }
        m_early.insert(event.lease);
        request = recordOf(event, RequestFate::Returned);
        request.waited = core::Nanos(0);
    }
    request.hold = event.duration;
    request.fate = RequestFate::Returned;
    end(request, event.at);
    m_lastOfSlot[event.slot] = m_first + m_ended.size() - 1;
}

// The place was not free before: to whoever waits it is as if it had been held for so much longer.
void RequestRecorder::cleaned(const EventView& event)
{
    const auto last = m_lastOfSlot.find(event.slot);
    if (last != m_lastOfSlot.end() && last->second >= m_first) {
        Ended& ended = m_ended[last->second - m_first];
        ended.request.hold += event.duration;
        ended.at += event.duration;
        m_lastOfSlot.erase(last);
    }
}

void RequestRecorder::refused(const EventView& event)
{
    switch (event.kind) {
    case pool::EventKind::TimedOut:
        end(recordOf(event, RequestFate::TimedOut), event.at);
        return;
    case pool::EventKind::Cancelled:
        end(recordOf(event, RequestFate::Cancelled), event.at);
        return;
    default:
        break;
    }
    if (event.detail == pool::outcomeName(pool::Outcome::QueueFull)) {
        end(recordOf(event, RequestFate::QueueFull), event.at);
    } else {
        m_excluded.push_back(event.at);
    }
}

void RequestRecorder::end(const RequestRecord& request, core::SteadyTime at)
{
    m_ended.push_back({request, at});
}

// Some returns may have been overwritten. Whoever does not hold the place it was given has returned it.
void RequestRecorder::loseUnseen(core::SteadyTime now, std::span<const HeldPlace> held)
{
    for (auto entry = m_held.begin(); entry != m_held.end();) {
        Holder& holder = entry->second;
        const bool holds = std::any_of(held.begin(), held.end(), [&holder](const HeldPlace& place) {
            return place.slot == holder.slot &&
                   std::chrono::abs(place.grantedAt - holder.grantedAt) <= kSameGrant;
        });
        if (holds || now - holder.grantedAt < kSameGrant) {
            ++entry;
            continue;
        }
        holder.request.fate = RequestFate::Unseen;
        end(holder.request, now);
        entry = m_held.erase(entry);
    }
}

void RequestRecorder::forget(core::SteadyTime now)
{
    const core::SteadyTime oldest = now - m_options.memory;
    while (m_ended.size() > m_options.capacity || (!m_ended.empty() && m_ended.front().at < oldest)) {
        m_ended.pop_front();
        ++m_first;
        m_whole = false;
    }
    for (auto* times : {&m_excluded, &m_resized}) {
        while (!times->empty() && (times->front() < oldest || times->size() > m_options.capacity)) {
            times->pop_front();
        }
    }
    while (!m_missed.empty() && m_missed.front().at < oldest) {
        m_missed.pop_front();
    }
}

metrics::RequestTrace RequestRecorder::trace(core::Nanos window, core::SteadyTime now,
                                             core::WallTime at) const
{
    const core::SteadyTime since = window > core::Nanos(0) ? now - window : core::SteadyTime::min();
    metrics::RequestTrace trace;
    trace.end = now;
    trace.at = at;
    const core::MutexLock lock(m_mutex);
    trace.requests.reserve(m_ended.size() + m_held.size());
    for (const Ended& ended : m_ended) {
        if (ended.at >= since) {
            trace.requests.push_back(fromThere(ended.request, since));
        }
    }
    trace.fromBirth = m_whole && trace.requests.size() == m_ended.size();
    for (const auto& [lease, holder] : m_held) {
        trace.requests.push_back(fromThere(holder.request, since));
        trace.requests.back().hold = now - holder.grantedAt;
    }
    trace.connects.assign(m_connects.begin(), m_connects.end());
    const auto within = [since](core::SteadyTime time) { return time >= since; };
    trace.excluded = static_cast<std::uint64_t>(std::count_if(m_excluded.begin(), m_excluded.end(), within));
    trace.resized = std::any_of(m_resized.begin(), m_resized.end(), within);
    for (const Missed& missed : m_missed) {
        trace.missed += within(missed.at) ? missed.events : 0;
    }
    std::sort(trace.requests.begin(), trace.requests.end(),
              [](const RequestRecord& a, const RequestRecord& b) { return a.arrival < b.arrival; });
    return trace;
}

core::Result<void> RequestCollector::collect(metrics::SampleBuilder& out)
{
    const metrics::Snapshot& snapshot = out.snapshot();
    std::vector<HeldPlace> held;
    for (const metrics::SlotRow& row : snapshot.pool.slots) {
        if (lent(row.state)) {
            held.push_back({row.slot, snapshot.steady - row.heldFor});
        }
    }
    m_recorder.drain(core::SystemClock::instance().steadyNow(), held);
    return {};
}

} // namespace collect
