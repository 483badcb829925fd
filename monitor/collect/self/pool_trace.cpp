#include "monitor/collect/self/pool_trace.h"

#include "monitor/collect/self/pool_collector.h"

#include <algorithm>
#include <utility>

namespace collect {

namespace {

using pool::EventKind;

constexpr core::Nanos kWorthAMark = std::chrono::milliseconds(1);

bool marksALine(EventKind kind)
{
    switch (kind) {
    case EventKind::Connected:
    case EventKind::ConnectFailed:
    case EventKind::Validated:
    case EventKind::ValidationFailed:
    case EventKind::ResetDone:
    case EventKind::ResetFailed:
    case EventKind::DirtyReturn:
    case EventKind::Closed:
    case EventKind::LongUse:
    case EventKind::Leaked:
    case EventKind::Unleaked:
    case EventKind::NestedAcquire:
    case EventKind::StatementCancelled:
    case EventKind::BackendTerminated:
    case EventKind::Recycled:
        return true;
    case EventKind::Requested:
    case EventKind::Queued:
    case EventKind::Granted:
    case EventKind::TimedOut:
    case EventKind::Cancelled:
    case EventKind::Refused:
    case EventKind::Returned:
    case EventKind::DoubleReturn:
    case EventKind::ConnectStarted:
    case EventKind::LongUseEnded:
    case EventKind::Suspended:
    case EventKind::Resumed:
    case EventKind::Configured:
    case EventKind::Drained:
    case EventKind::WentDown:
    case EventKind::Probing:
    case EventKind::Recovered:
    case EventKind::Blocked:
    case EventKind::RetryAsked:
    case EventKind::PoolClosed:
        break;
    }
    return false;
}

// Routine checks and resets are marks only when they took their time: there may be thousands a second.
bool routine(const EventRow& event)
{
    return (event.kind == EventKind::Validated || event.kind == EventKind::ResetDone) &&
           event.duration < kWorthAMark;
}

// The first that is told of a request: that it is queued, or its end when it never was. It was made then, or
// `duration` before.
bool beginsRequest(const EventRow& event)
{
    const bool ends = event.kind == EventKind::Granted || event.kind == EventKind::TimedOut ||
                      event.kind == EventKind::Cancelled || event.kind == EventKind::Refused;
    return event.kind == EventKind::Queued || (ends && !event.waited);
}

// Event n is row 2n + 2; the request that it begins is row 2n + 1.
constexpr std::uint64_t rowNumber(std::uint64_t event) noexcept
{
    return 2 * event + 2;
}

const Timing& timingOf(const PoolInstruments& instruments, metrics::Stage stage)
{
    switch (stage) {
    case metrics::Stage::Wait:
        return instruments.wait();
    case metrics::Stage::Usage:
        return instruments.usage();
    case metrics::Stage::Query:
        break;
    }
    return instruments.query();
}

} // namespace

PoolTrace::PoolTrace(const PoolInstruments& instruments,
                     std::function<std::vector<pool::AutopsyPtr>()> autopsies, const core::Clock& clock)
    : m_instruments(instruments)
    , m_autopsies(std::move(autopsies))
    , m_clock(clock)
{
    m_queue.set(std::make_shared<metrics::WaiterQueue>());
}

void PoolTrace::takePool(const metrics::Snapshot& snapshot)
{
    m_lines.take(snapshot.pool, snapshot.at, snapshot.interval);
    const std::uint64_t end = m_instruments.events().pushed();
    auto events = m_instruments.events().since(m_marked, m_instruments.events().capacity(), marksALine);
    m_marked = end;
    std::erase_if(events, [end](const EventRow& event) { return event.number >= end || routine(event); });
    m_lines.mark(rowsOf(events));
}

void PoolTrace::takeCounts(const std::array<metrics::LogLinearCounts, metrics::kStages>& counts,
                           const metrics::Snapshot& snapshot)
{
    m_heat.take(counts, snapshot.at, snapshot.interval);
}

void PoolTrace::takeQueue(std::vector<metrics::WaiterRow> rows)
{
    auto queue = std::make_shared<metrics::WaiterQueue>();
    queue->rows = std::move(rows);
    m_queue.set(std::move(queue));
}

std::vector<metrics::PoolEventRow> PoolTrace::rowsOf(const std::vector<EventRow>& events) const
{
    const core::SteadyTime steadyNow = m_clock.steadyNow();
    const core::WallTime wallNow = m_clock.wallNow();
    std::vector<metrics::PoolEventRow> rows;
    rows.reserve(events.size());
    for (const EventRow& event : events) {
        metrics::PoolEventRow row;
        row.number = rowNumber(event.number);
        row.at = wallNow - std::chrono::floor<std::chrono::microseconds>(steadyNow - event.at);
        row.kind = pool::eventKindName(event.kind);
        row.slot = event.slot;
        row.backendPid = event.backendPid;
        row.lease = event.lease;
        row.duration = event.duration;
        row.tag = event.tag;
        row.site = event.site;
        row.detail = event.detail;
        row.sqlstate = event.sqlstate;
        rows.push_back(std::move(row));
    }
    return rows;
}

// The request itself is told, too: it costs the borrower nothing, because what follows says when it was made.
std::vector<metrics::PoolEventRow> PoolTrace::events(std::uint64_t after, std::size_t atMost) const
{
    const std::uint64_t first = after == 0 ? 0 : (after + 1) / 2; // rows 2n+1 and 2n+2 are event n's
    const std::vector<EventRow> events = m_instruments.events().since(first > 0 ? first - 1 : 0, atMost);
    std::vector<metrics::PoolEventRow> rows;
    rows.reserve(events.size() * 2);
    std::size_t next = 0;
    for (metrics::PoolEventRow& row : rowsOf(events)) {
        if (row.number > after + 1 && beginsRequest(events[next])) {
            metrics::PoolEventRow request;
            request.number = row.number - 1;
            request.at = row.at - std::chrono::floor<std::chrono::microseconds>(row.duration);
            request.kind = pool::eventKindName(EventKind::Requested);
            request.lease = row.lease;
            request.tag = row.tag;
            request.site = row.site;
            rows.push_back(std::move(request));
        }
        if (row.number > after) {
            rows.push_back(std::move(row));
        }
        ++next;
    }
    if (rows.size() > atMost) {
        rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(atMost));
    }
    return rows;
}

std::vector<metrics::Exemplar> PoolTrace::culprits(metrics::Stage stage, double from, double to) const
{
    auto all = timingOf(m_instruments, stage).culprits.all(m_clock.steadyNow(), m_clock.wallNow());
    std::erase_if(all, [from, to](const metrics::Exemplar& culprit) {
        return culprit.value <= from || culprit.value > to;
    });
    return all;
}

std::vector<std::shared_ptr<const metrics::AutopsyRow>> PoolTrace::autopsies() const
{
    const std::vector<pool::AutopsyPtr> newest =
        m_autopsies ? m_autopsies() : std::vector<pool::AutopsyPtr>();
    std::vector<std::shared_ptr<const metrics::AutopsyRow>> known;
    {
        const core::MutexLock lock(m_mutex);
        known = m_known;
    }
    std::vector<std::shared_ptr<const metrics::AutopsyRow>> rows;
    for (const pool::AutopsyPtr& autopsy : newest) {
        const auto old = std::lower_bound(known.begin(), known.end(), autopsy->number,
                                          [](const auto& row, std::uint64_t n) { return row->number > n; });
        const bool made = old != known.end() && (*old)->number == autopsy->number;
        rows.push_back(made ? *old : std::make_shared<const metrics::AutopsyRow>(autopsyRow(*autopsy)));
    }
    const core::MutexLock lock(m_mutex);
    m_known = rows;
    return rows;
}

} // namespace collect
