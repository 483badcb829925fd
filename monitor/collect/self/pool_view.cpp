#include "monitor/collect/self/pool_collector.h"

#include "monitor/collect/self/event_ring.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace collect {

namespace {

constexpr int kMaxSlots = 1000;
constexpr double kBusyUsage = 0.8;
constexpr double kWorkingShare = 0.1;

metrics::SlotState slotState(const pool::SlotInfo& slot)
{
    switch (slot.phase) {
    case pool::SlotPhase::Connecting:
        return metrics::SlotState::Connecting;
    case pool::SlotPhase::Validating:
        return metrics::SlotState::Validating;
    case pool::SlotPhase::Idle:
        return metrics::SlotState::Idle;
    case pool::SlotPhase::Resetting:
        return metrics::SlotState::Resetting;
    case pool::SlotPhase::Closing:
        return metrics::SlotState::Closing;
    case pool::SlotPhase::Leased:
        break;
    }
    if (slot.leaked) {
        return metrics::SlotState::Leaked;
    }
    switch (slot.activity) {
    case pool::LeaseActivity::Active:
        return metrics::SlotState::Active;
    case pool::LeaseActivity::IdleInTransaction:
        return metrics::SlotState::IdleInTransaction;
    case pool::LeaseActivity::Held:
        break;
    }
    return metrics::SlotState::Held;
}

metrics::SlotRow slotRow(const pool::SlotInfo& slot)
{
    metrics::SlotRow row;
    row.slot = slot.slot;
    row.state = slotState(slot);
    row.backendPid = slot.backendPid;
    row.age = slot.age;
    row.uses = slot.uses;
    row.heldFor = slot.heldFor;
    row.idleHeldFor = slot.idleHeldFor;
    row.transactionAge = slot.transactionAge;
    row.tag = slot.tag;
    row.site = siteText(slot.site);
    row.statement = slot.statement;
    return row;
}

metrics::SlotRow emptyPlace(int number, int size)
{
    metrics::SlotRow row;
    row.slot = number;
    row.overflow = number >= size;
    return row;
}

// One row a place. Open connections beyond pool_size are overflow, whichever number their place has, so that
// as many are marked as db_pool_overflow says.
std::vector<metrics::SlotRow> slotRows(const pool::PoolStats& stats, int places)
{
    std::vector<metrics::SlotRow> rows;
    rows.reserve(static_cast<std::size_t>(std::clamp(places, 0, kMaxSlots)));
    int open = 0;
    for (const pool::SlotInfo& slot : stats.slots) {
        for (int number = static_cast<int>(rows.size()); number < std::min(slot.slot, kMaxSlots); ++number) {
            rows.push_back(emptyPlace(number, stats.config.size));
        }
        if (rows.size() >= kMaxSlots) {
            return rows;
        }
        rows.push_back(slotRow(slot));
        rows.back().overflow = open++ >= stats.config.size;
    }
    for (int number = static_cast<int>(rows.size()); number < std::min(places, kMaxSlots); ++number) {
        rows.push_back(emptyPlace(number, stats.config.size));
    }
    return rows;
}

metrics::PoolConfigView configView(const pool::PoolConfig& config)
{
    metrics::PoolConfigView view;
    view.size = config.size;
    view.maxOverflow = config.maxOverflow;
    view.timeout = config.timeout;
    view.recycle = config.recycle;
    view.slowAcquire = config.slowAcquire;
    view.slowQuery = config.slowQuery;
    view.longUse = config.longUse;
    view.leakAfter = config.leakAfter;
    view.prePing = config.prePing;
    view.lifo = config.idleOrder == pool::IdleOrder::Lifo;
    return view;
}

// The words of the view: a pool that has a doubt, or lets requests in one by one after an outage, does serve.
const char* stateWord(pool::PoolState state)
{
    const bool serves = state == pool::PoolState::Suspect || state == pool::PoolState::Ramp;
    return pool::poolStateName(serves ? pool::PoolState::Up : state);
}

} // namespace

// Most of a long queue stands at the same few places: their names are made once.
std::vector<metrics::WaiterRow> waiterRows(const std::vector<pool::WaiterInfo>& waiters, std::size_t atMost)
{
    std::map<std::pair<const char*, unsigned>, std::string> sites;
    std::vector<metrics::WaiterRow> rows;
    rows.reserve(std::min(waiters.size(), atMost));
    for (const pool::WaiterInfo& waiter : waiters) {
        if (rows.size() >= atMost) {
            break;
        }
        std::string& site = sites[{waiter.site.file_name(), waiter.site.line()}];
        if (site.empty()) {
            site = siteText(waiter.site);
        }
        rows.push_back({static_cast<int>(rows.size()) + 1, waiter.waitingFor, waiter.deadlineLeft, waiter.tag, site,
                        waiter.phase});
    }
    return rows;
}

const char* poolVerdict(const pool::PoolStats& stats, const metrics::PoolView& view)
{
    switch (stats.counts.state) {
    case pool::PoolState::Down:
    case pool::PoolState::Blocked:
    case pool::PoolState::Closed:
        return "down";
    case pool::PoolState::Suspended:
        return "suspended";
    case pool::PoolState::Up:
    case pool::PoolState::Suspect:
    case pool::PoolState::Ramp:
    case pool::PoolState::Draining:
        break;
    }
    if (view.maxConnections <= 0 || view.checkedOut < view.maxConnections) {
        return view.usage > kBusyUsage ? "busy" : "ok";
    }
    const auto working =
        std::count_if(stats.slots.begin(), stats.slots.end(), [](const pool::SlotInfo& slot) {
            return slot.phase == pool::SlotPhase::Leased && slot.activity == pool::LeaseActivity::Active;
        });
    if (static_cast<double>(working) <= kWorkingShare * view.checkedOut) {
        return "held";
    }
    return view.waiting > 0 ? "exhausted" : "busy";
}

metrics::AutopsyRow autopsyRow(const pool::Autopsy& autopsy)
{
    metrics::AutopsyRow row;
    row.number = autopsy.number;
    row.at = autopsy.at;
    row.outcome = pool::outcomeName(autopsy.outcome);
    row.tag = autopsy.tag;
    row.site = siteText(autopsy.site);
    row.waited = autopsy.waited;
    row.checkedIn = autopsy.counts.idle;
    row.checkedOut = autopsy.counts.leased;
    row.opening = autopsy.counts.opening;
    row.total = autopsy.counts.total;
    row.maxConnections = autopsy.counts.maxConnections;
    row.waiting = autopsy.counts.waiting;
    for (const pool::SlotInfo& holder : autopsy.holders) {
        row.holders.push_back(slotRow(holder));
    }
    row.waiters = waiterRows(autopsy.waiters);
    return row;
}

metrics::PoolView poolView(const pool::PoolStats& stats, int serverMaxConnections)
{
    const pool::PoolCounts& counts = stats.counts;
    metrics::PoolView view;
    view.present = true;
    view.config = configView(stats.config);
    view.checkedIn = counts.idle;
    view.checkedOut = counts.leased;
    view.total = counts.total;
    view.overflow = std::max(0, counts.total - stats.config.size); // D05
    const bool limited = stats.config.maxOverflow >= 0;
    view.maxConnections =
        limited ? stats.config.size + stats.config.maxOverflow : serverMaxConnections; // D24
    view.usage =
        view.maxConnections > 0 ? static_cast<double>(counts.leased) / view.maxConnections : 0; // D04
    view.waiting = counts.waiting;
    view.oldestWait = counts.oldestWait;
    view.peakCheckedOut = stats.peakLeased;
    view.peakWaiting = stats.peakWaiting;
    view.state = stateWord(counts.state);
    view.lastError = stats.lastFault.message;
    view.lastErrorSqlstate = stats.lastFault.sqlstate;
    view.lastErrorAt = stats.lastFault.at;
    view.stateSince = stats.stateSince;
    view.nextTryIn = stats.nextTryIn;
    view.checkouts = stats.checkouts;
    view.checkins = stats.checkins;
    view.connects = stats.opened;
    view.timeouts = stats.outcomes[static_cast<std::size_t>(pool::Outcome::Timeout)];
    view.slots = slotRows(stats, limited ? view.maxConnections : stats.config.size);
    view.waiters = waiterRows(stats.waiters, pool::kWaitersTold);
    for (metrics::SlotRow& row : view.slots) {
        row.longUse = row.heldFor > stats.config.longUse;
    }
    view.verdict = poolVerdict(stats, view);
    return view;
}

} // namespace collect
