// The pool as people look at it: plain values, one consistent state.
#pragma once

#include "monitor/core/clock.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace metrics {

enum class SlotState {
    NotOpened,
    Connecting,
    Validating,
    Idle,
    Active,            // leased, a statement is running
    IdleInTransaction, // leased, a transaction is open, nothing is running
    Held,              // leased, nothing is running, no transaction
    Leaked,            // leased and idle-held for longer than leak_after
    Resetting,
    Closing
};

// "not_opened", "connecting" … : the words of /metrics and /pool/status, never translated.
[[nodiscard]] const char* slotStateName(SlotState state) noexcept;

struct SlotRow {
    int slot = 0; // stable number of the place, 0 …
    SlotState state = SlotState::NotOpened;
    bool overflow = false; // beyond pool_size
    bool longUse = false;  // held for longer than long_use, working or not
    int backendPid = 0;    // 0 = none
    core::Nanos age{0};    // of the connection
    std::uint64_t uses = 0;
    core::Nanos heldFor{0};      // since checkout; 0 when not leased
    core::Nanos idleHeldFor{0};  // of that, since the last statement ended
    core::Nanos transactionAge{0};
    std::string tag;
    std::string site;      // file:line function of the checkout
    std::string statement; // last statement, literals hidden, one line

    friend bool operator==(const SlotRow&, const SlotRow&) = default;
};

struct WaiterRow {
    int position = 0; // 1 = next to be served
    core::Nanos waitingFor{0};
    core::Nanos deadlineLeft{0};
    std::string tag;
    std::string site;
    std::string phase; // "queue", "connect", "validate"

    friend bool operator==(const WaiterRow&, const WaiterRow&) = default;
};

struct PoolConfigView {
    int size = 10;
    int maxOverflow = 20; // -1 = no limit
    core::Nanos timeout{0};
    core::Nanos recycle{0};
    core::Nanos slowAcquire{0};
    core::Nanos slowQuery{0};
    core::Nanos longUse{0};
    core::Nanos leakAfter{0};
    bool prePing = true;
    bool lifo = false;

    friend bool operator==(const PoolConfigView&, const PoolConfigView&) = default;
};

// What the pool looked like when a request got no connection.
struct AutopsyRow {
    std::uint64_t number = 0; // 1, 2, 3 … since the start
    core::WallTime at = {};
    std::string outcome; // "timeout", "queue_full"
    std::string tag;     // of the request that failed
    std::string site;
    core::Nanos waited{0};
    int checkedIn = 0;
    int checkedOut = 0;
    int opening = 0; // connecting or validating
    int total = 0;
    int maxConnections = 0; // -1 = no limit
    int waiting = 0;        // the others
    std::vector<SlotRow> holders;   // all of them, the longest first
    std::vector<WaiterRow> waiters; // the first 100

    friend bool operator==(const AutopsyRow&, const AutopsyRow&) = default;
};

struct PoolView {
    bool present = false; // false until the pool exists
    PoolConfigView config;
    int checkedIn = 0;  // live idle connections
    int checkedOut = 0; // leased
    int total = 0;      // open connections, opening ones included
    int overflow = 0;   // max(0, total - size)
    int maxConnections = 0; // size + max_overflow, or the server's limit
    double usage = 0;       // checkedOut / maxConnections, 0..1
    int waiting = 0;
    core::Nanos oldestWait{0};
    int peakCheckedOut = 0; // over the last 60 s
    int peakWaiting = 0;
    std::string state; // "up", "down", "suspended", "blocked", "draining", "closed"
    std::string verdict; // "ok", "busy", "held", "exhausted", "down", "suspended"
    std::string lastError; // one line, no credentials; empty when none
    std::string lastErrorSqlstate;
    core::WallTime lastErrorAt = {};
    core::WallTime stateSince = {};
    core::Nanos nextTryIn{0};
    std::uint64_t checkouts = 0;
    std::uint64_t checkins = 0;
    std::uint64_t connects = 0;
    std::uint64_t errors = 0;
    std::uint64_t timeouts = 0;
    std::vector<SlotRow> slots;     // maxConnections of them, at most 1000
    std::vector<WaiterRow> waiters; // the first 100; `waiting` says how many there are
    // The newest 20 requests that got nothing, newest first; shared by the snapshots that show them.
    std::vector<std::shared_ptr<const AutopsyRow>> autopsies;
};

} // namespace metrics
