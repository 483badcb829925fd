// Every knob of the pool. All of them can be changed while it runs, without dropping a lease.
#pragma once

#include "monitor/core/clock.h"

#include <string>

namespace pool {

enum class IdleOrder { Fifo, Lifo };
// What is done to a connection when it comes back, besides rolling back: `none` trusts the borrower.
enum class ResetMode { None, Rollback, Clean, DiscardAll };

struct PoolConfig {
    int size = 10;        // kept open; 0 keeps all and limits leases to max_overflow
    int maxOverflow = 20; // further ones, closed on return; -1 = no limit
    core::Nanos timeout = std::chrono::seconds(30); // one deadline: queue + connect + validate
    core::Nanos recycle = std::chrono::hours(1);    // age at which a connection is replaced; 0 = never
    bool prePing = true;
    IdleOrder idleOrder = IdleOrder::Fifo;
    core::Nanos overflowLinger{0}; // how long an idle overflow connection stays open
    int minIdle = 0;
    int maxWaiters = 0; // 0 = no bound
    ResetMode reset = ResetMode::Rollback;
    core::Nanos connectTimeout = std::chrono::seconds(5);
    core::Nanos validateAfter =
        std::chrono::seconds(1); // idle longer: an empty query, not only a look at the socket
    core::Nanos validateTimeout = std::chrono::seconds(2);
    core::Nanos resetTimeout = std::chrono::seconds(2); // rollback, drain and reset on return
    core::Nanos slowAcquire = std::chrono::milliseconds(100);
    core::Nanos slowQuery = std::chrono::milliseconds(100);
    core::Nanos longUse = std::chrono::seconds(10);
    core::Nanos leakAfter = std::chrono::seconds(60); // of holding without a statement

    // Connections there may be; -1 = no limit.
    [[nodiscard]] int mostConnections() const noexcept { return maxOverflow < 0 ? -1 : size + maxOverflow; }
    // What is idle stays open however many there are, at least for a while.
    [[nodiscard]] bool keepsAll() const noexcept { return size == 0 || overflowLinger > core::Nanos(0); }

    friend bool operator==(const PoolConfig&, const PoolConfig&) = default;
};

// Empty when the configuration is sound, else one sentence naming the knob and its range.
[[nodiscard]] std::string problemOf(const PoolConfig& config);

} // namespace pool
