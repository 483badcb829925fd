// What stands in a place of the PostgreSQL pool: the connection, and what its holder is doing with it.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/pg/connection.h"
#include "monitor/pool/pool_stats.h"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace pool {

// Written by the holder of the lease, read by anybody. Thread-safe.
class SessionActivity {
public:
    struct Reading {
        LeaseActivity activity = LeaseActivity::Held;
        core::SteadyTime since = {};       // of this activity
        core::SteadyTime transaction = {}; // begin of the open transaction; {} = none
    };

    void granted(core::SteadyTime now) noexcept;
    void statementBegins(std::string_view sql, core::SteadyTime now);
    void statementEnded(pg::TransactionStatus status, core::SteadyTime now) noexcept;
    [[nodiscard]] Reading read() const noexcept;
    // The last statement as sent, cut at 1 KiB: to be redacted before it is shown.
    [[nodiscard]] std::string statement() const;

private:
    std::atomic<LeaseActivity> m_activity{LeaseActivity::Held};
    std::atomic<core::SteadyTime::rep> m_since{0};
    std::atomic<core::SteadyTime::rep> m_transaction{0};
    mutable core::Mutex m_mutex; // guards m_statement; a copy of at most 1 KiB under it
    std::string m_statement GUARDED_BY(m_mutex);
};

struct PgSession {
    std::unique_ptr<pg::Connection> connection; // the holder's, or whoever opens, checks, resets or closes
    pg::Cancel cancel; // guarded by the core's lock; not to be asked for while opening or closing
    std::atomic<int> backendPid{0};
    std::atomic<int> socket{-1}; // of the connection; for a look without taking it
    SessionActivity activity;
    // The pool this stands in, as long as it is open: so a lease, which has one, need not count itself in and out.
    std::shared_ptr<void> owner;
};

enum class Cleaning { Done, Unfinished, Failed };

// Brings the session back to idle: reads or cancels what is under way, rolls back, and what `mode` says
// besides. Unfinished: the deadline passed while the server still worked; may be called again.
[[nodiscard]] Cleaning cleanSession(pg::Connection& connection, ResetMode mode, pg::Deadline deadline);

} // namespace pool
