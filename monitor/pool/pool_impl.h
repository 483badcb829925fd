// Inside of ConnectionPool: ties the core to libpq. Shared with the leases, which may outlive the pool.
#pragma once

#include "monitor/core/fork.h"
#include "monitor/core/lang.h"
#include "monitor/core/periodic.h"
#include "monitor/core/sleep_watch.h"
#include "monitor/pool/autopsy_ring.h"
#include "monitor/pool/connection_pool.h"
#include "monitor/pool/desk.h"
#include "monitor/pool/resource_pool.h"
#include "monitor/pool/session.h"
#include "monitor/pool/workers.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace pool {

// Made before the desk that stands on it.
struct PgCore {
    PgCore(const PoolConfig& config, const core::Clock& clock, int mostOpening)
        : core(config, clock, mostOpening)
    {
    }
    mutable ResourcePool<PgSession> core; // thread-safe; looking at it settles what is on shelves
};

// Thread-safe. Lock order: the core's lock alone; m_infoMutex alone; observers are called under none.
class PoolImpl final : public std::enable_shared_from_this<PoolImpl>, public PgCore, private Desk {
public:
    PoolImpl(const PoolConfig& config, pg::ConnInfo conninfo, PoolObserver* observer,
             const core::Clock& clock);
    void start();
    void close();
    // False in a child of the process it was made in: the connections are the parent's, the threads do not exist, and a
    // lock that was held at the fork is held for ever.
    [[nodiscard]] bool isOurs() const noexcept { return m_process.isThis(); }

    // ---- borrowing (borrow.cpp)
    [[nodiscard]] core::Result<Slot*, AcquireFailure> acquire(const AcquireOptions& options,
                                                              std::source_location site);
    using Desk::takeBack;
    void statementDone(Slot& slot, const StatementInfo& statement, core::SteadyTime now) noexcept;

    // ---- control (pool_control.cpp)
    void setConnInfo(pg::ConnInfo conninfo);
    [[nodiscard]] core::Result<void> configure(const PoolConfig& config);
    void sweep(); // closes what need not stay open
    bool recycle(int slot);
    bool cancelStatement(int slot);
    bool terminateBackend(int slot);
    [[nodiscard]] PoolStats stats(std::size_t waiters) const;
    [[nodiscard]] std::vector<AutopsyPtr> autopsies(std::size_t atMost) const;
    void setLang(core::Lang lang) noexcept { m_lang.store(lang, std::memory_order_relaxed); }
    void tell(EventKind kind, std::string_view detail = {}) const noexcept;
    std::atomic<bool> deferUpkeep{false}; // see ConnectionPool::setUpkeep()

    [[nodiscard]] static PgSession& sessionOf(Slot& slot) noexcept
    {
        return ResourcePool<PgSession>::valueOf(slot);
    }

private:
    using Desk::tell;
    void openLoop(const std::stop_token& stop);
    void openOne(Slot& slot, const std::stop_token& stop);
    void openingFailed(Slot& slot, const core::Error& error, core::Nanos took);
    [[nodiscard]] bool looksGood(Slot& slot) noexcept override;
    [[nodiscard]] bool proves(Request& request, core::Nanos& budget) override;
    void lent(Slot& slot, core::SteadyTime now) noexcept override;
    [[nodiscard]] Returned lookOver(Slot& slot) override;
    void clean(Slot& slot) override;
    void closeResource(Slot& slot) noexcept override;
    [[nodiscard]] int backendOf(const Slot& slot) const noexcept override;
    [[nodiscard]] bool finishReset(Slot& slot, core::Nanos span, core::SteadyTime since);
    void endResets();
    void watchHolders();
    void lookAtIdle();
    // failure.cpp
    [[nodiscard]] AcquireFailure failureOf(const Request& request);
    [[nodiscard]] AcquireFailure failureOfChild() const;
    [[nodiscard]] std::string failureText(const Request& request, const PoolCounts& counts,
                                          const Fault& fault) const;
    [[nodiscard]] PoolStats tables(std::size_t waiters) const; // stats() without autopsies
    [[nodiscard]] pg::ConnInfo connInfo() const;

    const core::Process m_process;
    std::array<std::atomic<std::uint64_t>, kDirtyStates> m_dirty{};
    std::atomic<std::uint64_t> m_leaks{0};
    std::atomic<core::Lang> m_lang{core::Lang::English};
    AutopsyRing m_autopsies;
    mutable core::Mutex m_infoMutex; // guards m_info; a copy under it
    pg::ConnInfo m_info GUARDED_BY(m_infoMutex);
    core::SteadyTime m_nextLook = {}; // the keeper's alone
    core::SleepWatch m_sleep;         // the keeper's alone
    core::Mutex m_closeMutex; // guards the ending of the threads below
    std::stop_source m_stop;  // for what they do that can be stopped
    Workers m_janitors{3};    // resets that take long, terminations
    std::unique_ptr<core::Periodic> m_keeper;
    std::vector<std::jthread> m_openers; // last: joins first
};

} // namespace pool
