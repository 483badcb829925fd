// A borrowed connection: goes back by itself, exactly once.
#pragma once

#include "monitor/core/result.h"
#include "monitor/pg/result.h"
#include "monitor/pool/pool_stats.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pg {
class Connection;
}

namespace pool {

class ConnectionPool;
class PoolImpl;
struct PgSession;
struct Slot;

// Move-only, one thread at a time. A lease that outlives its pool, or is used after give-back, refuses with
// an error; it never touches a connection that is no longer its own (generation-checked).
class Lease {
public:
    Lease() noexcept = default; // of nothing: not valid
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease();

    [[nodiscard]] bool valid() const noexcept;
    [[nodiscard]] int slot() const noexcept;
    [[nodiscard]] int backendPid() const noexcept;

    // Runs one statement and waits for its result; timed, counted and logged in one place, failed ones too.
    // `deadline` 0 = none; when it passes the statement is cancelled and code is 57014.
    [[nodiscard]] core::Result<pg::ResultSet> execute(std::string_view sql,
                                                      std::span<const std::string> params = {},
                                                      core::Nanos deadline = core::Nanos(0));
    // The connection itself, for COPY, pipelines and the like; statements run on it are not timed.
    // nullptr when the lease is not valid.
    [[nodiscard]] pg::Connection* connection() noexcept;

    void giveBack() noexcept;

private:
    friend class ConnectionPool;
    Lease(PoolImpl& pool, Slot& slot) noexcept;
    [[nodiscard]] PgSession& session() const noexcept;

    PoolImpl* m_pool = nullptr; // kept alive by the open session, see PgSession
    Slot* m_slot = nullptr;
    std::uint64_t m_number = 0; // of the request: what the slot must still say when it comes back
};

// Why a request was not served, with what the pool looked like and who held it.
struct AcquireFailure {
    Outcome outcome = Outcome::Timeout;
    std::string
        message; // Timeout: the reference's words, "QueuePool limit of size 10 overflow 20 reached, …"
    std::string sqlstate;
    PoolCounts counts;
    std::vector<SlotInfo> holders; // the three longest
};

} // namespace pool
