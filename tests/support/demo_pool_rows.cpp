#include "tests/support/demo_rows.h"

#include <algorithm>
#include <array>

namespace demo {

namespace {

using metrics::SlotState;

constexpr std::array kTags{"orders", "checkout", "search", "reports", "login"};
constexpr std::array kSites{"orders_api.cpp:88 placeOrder()", "cart.cpp:41 total()",
                            "search.cpp:212 suggest()", "report_job.cpp:17 run()", "session.cpp:63 open()"};
constexpr std::array kStatements{"UPDATE orders SET state = $1 WHERE id = $2",
                                 "SELECT sum(price * amount) FROM cart_lines WHERE cart_id = $1",
                                 "SELECT name FROM products WHERE name ILIKE $1 LIMIT $2",
                                 "SELECT region, count(*) FROM sales GROUP BY region",
                                 "SELECT id, roles FROM users WHERE login = $1"};

core::Nanos span(double seconds) {
    return std::chrono::duration_cast<core::Nanos>(std::chrono::duration<double>(seconds));
}

SlotState leasedState(int slot, int leased, double pressure, double at) {
    if (pressure > 0.5) {
        if (slot == leased - 1) {
            return at - kScenarioFrom > 200 ? SlotState::Leaked : SlotState::Held;
        }
        if (slot % 8 == 5 || slot % 8 == 6) {
            return SlotState::Held;
        }
        if (slot % 7 == 3) {
            return SlotState::IdleInTransaction;
        }
        return SlotState::Active;
    }
    return slot % 6 == 4 ? SlotState::IdleInTransaction : SlotState::Active;
}

metrics::SlotRow slotRow(const metrics::PoolView& pool, const Rows& rows, int slot) {
    const Moment& moment = rows.moment;
    metrics::SlotRow row;
    row.slot = slot;
    row.overflow = slot >= pool.config.size;
    const int open = pool.checkedOut + pool.checkedIn;
    if (slot >= open) {
        row.state = slot < pool.total ? SlotState::Connecting : SlotState::NotOpened;
        return row;
    }
    const auto index = static_cast<std::size_t>(slot) % kTags.size();
    row.backendPid = 41200 + slot * 3;
    row.age = span(400 + slot * 37 + moment.story.at);
    row.uses = static_cast<std::uint64_t>(rows.counters.checkouts / (slot + 3));
    if (slot >= pool.checkedOut) {
        row.state = SlotState::Idle;
        return row;
    }
    row.state = leasedState(slot, pool.checkedOut, moment.story.pressure, moment.story.at);
    row.tag = kTags[index];
    row.site = kSites[index];
    row.statement = kStatements[index];
    const double held =
        row.state == SlotState::Leaked ? moment.story.at - kScenarioFrom - 120
        : row.state == SlotState::Active
            ? 0.02 + 0.4 * noise(moment.seed, 60 + index, moment.second)
            : 2 + 9 * noise(moment.seed, 80 + static_cast<std::uint64_t>(slot), moment.second / 12);
    row.heldFor = span(held);
    row.idleHeldFor = row.state == SlotState::Active ? core::Nanos{0} : span(held * 0.8);
    row.transactionAge = row.state == SlotState::IdleInTransaction ? span(held * 0.9) : core::Nanos{0};
    return row;
}

metrics::WaiterRow waiterRow(const metrics::PoolView& pool, int index) {
    metrics::WaiterRow row;
    row.position = index + 1;
    row.waitingFor = span(core::seconds(pool.oldestWait) * (1.0 - index / (pool.waiting + 1.0)));
    row.deadlineLeft = pool.config.timeout - row.waitingFor;
    row.tag = kTags[static_cast<std::size_t>(index) % kTags.size()];
    row.site = kSites[static_cast<std::size_t>(index) % kSites.size()];
    row.phase = "queue";
    return row;
}

void fillFigures(metrics::PoolView& pool, const Rows& rows) {
    const Moment& moment = rows.moment;
    pool.checkedOut =
        std::min(static_cast<int>(std::lround(moment.story.load * pool.maxConnections)), pool.maxConnections);
    const int idle = std::max(0, pool.config.size - pool.checkedOut);
    pool.checkedIn = moment.story.down ? 0 : idle > 0 ? std::min(idle, 3) : 0;
    pool.total = pool.checkedOut + pool.checkedIn;
    if (pool.total < pool.maxConnections && moment.story.pressure > 0.3) {
        ++pool.total; // one is just being opened
    }
    pool.overflow = std::max(0, pool.total - pool.config.size);
    pool.usage = static_cast<double>(pool.checkedOut) / pool.maxConnections;
    const double queue = moment.story.pressure > 0.85 ? 6 + 5 * std::sin(moment.story.at / 19) : 0;
    pool.waiting = static_cast<int>(std::max(0.0, queue));
    pool.oldestWait =
        pool.waiting > 0 ? span(0.9 + 1.1 * noise(moment.seed, 20, moment.second)) : core::Nanos{0};
    pool.peakCheckedOut = std::min(pool.maxConnections, pool.checkedOut + 2);
    pool.peakWaiting = pool.waiting + (pool.waiting > 0 ? 3 : 0);
}

} // namespace

void fillPool(metrics::Snapshot& snapshot, const Rows& rows) {
    using namespace std::chrono_literals;
    metrics::PoolView& pool = snapshot.pool;
    pool.present = true;
    pool.config = {
        rows.options.poolSize, rows.options.maxOverflow, 30s, 3600s, 100ms, 100ms, 10s, 60s, true, false};
    pool.maxConnections = pool.config.size + std::max(0, pool.config.maxOverflow);
    fillFigures(pool, rows);
    const bool down = rows.moment.story.down;
    pool.state = down ? "down" : "up";
    pool.verdict = down ? "down" : pool.waiting > 0 ? "held" : pool.usage > 0.7 ? "busy" : "ok";
    if (down) {
        pool.lastError = "connection refused";
        pool.lastErrorSqlstate = "08006";
        pool.lastErrorAt = snapshot.at;
        pool.nextTryIn = 4s;
    }
    pool.stateSince = rows.options.start;
    pool.checkouts = static_cast<std::uint64_t>(rows.counters.checkouts);
    pool.checkins = pool.checkouts -
                    static_cast<std::uint64_t>(std::min<double>(pool.checkedOut, rows.counters.checkouts));
    pool.connects = static_cast<std::uint64_t>(rows.counters.connects);
    pool.errors = static_cast<std::uint64_t>(rows.counters.errors);
    pool.timeouts = static_cast<std::uint64_t>(rows.counters.timeouts);
    for (int slot = 0; slot < std::min(pool.maxConnections, 1000); ++slot) {
        pool.slots.push_back(slotRow(pool, rows, slot));
    }
    for (int index = 0; index < std::min(pool.waiting, 100); ++index) {
        pool.waiters.push_back(waiterRow(pool, index));
    }
}

} // namespace demo
