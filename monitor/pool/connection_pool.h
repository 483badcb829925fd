// The monitored PostgreSQL pool.
#pragma once

#include "monitor/core/fast_clock.h"
#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pool/lease.h"
#include "monitor/pool/pool_config.h"
#include "monitor/pool/pool_observer.h"
#include "monitor/pool/pool_stats.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <stop_token>
#include <string>
#include <string_view>

namespace pool {

struct AcquireOptions {
    std::string_view tag = {};               // who is asking: shown in every table; copied
    std::optional<core::Nanos> timeout = {}; // instead of the pool's
    std::stop_token stop = {};               // cancels the wait: Outcome::Cancelled
    Priority priority = Priority::Normal;    // whom limit() lets in
};

enum class SuspendMode { Hold, Fail };

// Thread-safe throughout. Nothing is opened before the first acquire (unless min_idle). No call blocks longer
// than its deadline plus 50 ms, whatever the server or the network does. In a child that fork() makes it lends nothing,
// its leases do nothing, and destroying it leaves the parent's sessions alone; nothing else may be called there.
class ConnectionPool {
public:
    // `observer` may be null and must outlive the pool.
    ConnectionPool(PoolConfig config, pg::ConnInfo conninfo, PoolObserver* observer,
                   const core::Clock& clock = core::FastClock::instance());
    ~ConnectionPool(); // close()
    ConnectionPool(const ConnectionPool&) = delete;
    ConnectionPool& operator=(const ConnectionPool&) = delete;

    [[nodiscard]] core::Result<Lease, AcquireFailure>
    acquire(const AcquireOptions& options = {}, std::source_location site = std::source_location::current());

    // Tables and all; of the queue the first `waiters`.
    [[nodiscard]] PoolStats stats(std::size_t waiters = kWaitersTold) const;
    [[nodiscard]] PoolCounts counts() const; // figures only
    // The last 200 requests that timed out or found the queue full, newest first.
    [[nodiscard]] std::vector<AutopsyPtr> autopsies() const;
    // Grows with every change of state: equal numbers mean nothing has changed. Lock-free.
    [[nodiscard]] std::uint64_t version() const noexcept;

    [[nodiscard]] core::Result<void> configure(const PoolConfig& config); // refused with a reason, or whole
    [[nodiscard]] PoolConfig config() const;
    // Of AcquireFailure::message; English until said otherwise.
    void setLang(core::Lang lang) noexcept;
    // New credentials or another server: used for new connections; idle ones are drained.
    void setConnInfo(pg::ConnInfo conninfo);

    void suspend(SuspendMode mode);
    void resume();
    // How many normal and background requests are let in from now on: the lever of graceful degradation.
    void limit(const LeaseLimits& limits);
    // Leaves out what can wait (the look at idle connections twice a second) until switched back.
    enum class Upkeep { Usual, Deferred };
    void setUpkeep(Upkeep upkeep);
    // Idle ones closed now, leased ones when they come back; new ones are opened as needed.
    void drain();
    // Replaces one connection (when it comes back, if leased) / all of them one after the other.
    bool recycle(int slot);
    void recycleAll();
    // From a connection of its own, on the pool's threads: never blocks the caller.
    bool cancelStatement(int slot);
    bool terminateBackend(int slot);
    // Forget what is known of an outage and try now.
    void retryNow();
    // Refuses new requests, fails waiters, closes idle connections; leased ones close when they come back.
    void close();

private:
    std::shared_ptr<PoolImpl> m_impl; // open connections keep it alive
};

} // namespace pool
