#include "monitor/pool/session.h"

namespace pool {

namespace {

constexpr std::size_t kKeepStatementBytes = 1024;

// DISCARD ALL without forgetting prepared plans; the list deadpool and Npgsql use.
constexpr std::string_view kCleanSql = "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; "
                                       "SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

} // namespace

void SessionActivity::granted(core::SteadyTime now) noexcept
{
    m_activity.store(LeaseActivity::Held, std::memory_order_relaxed);
    m_transaction.store(0, std::memory_order_relaxed);
    m_since.store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

void SessionActivity::statementBegins(std::string_view sql, core::SteadyTime now)
{
    {
        const core::MutexLock lock(m_mutex);
        m_statement.assign(sql.substr(0, kKeepStatementBytes));
    }
    m_since.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    m_activity.store(LeaseActivity::Active, std::memory_order_relaxed);
}

void SessionActivity::statementEnded(pg::TransactionStatus status, core::SteadyTime now) noexcept
{
    const bool open =
        status == pg::TransactionStatus::InTransaction || status == pg::TransactionStatus::InError;
    if (!open) {
        m_transaction.store(0, std::memory_order_relaxed);
    } else if (m_transaction.load(std::memory_order_relaxed) == 0) {
        // Began with this statement.
        m_transaction.store(m_since.load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
    m_since.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    const bool active = status == pg::TransactionStatus::Active;
    m_activity.store(active ? LeaseActivity::Active
                     : open ? LeaseActivity::IdleInTransaction
                            : LeaseActivity::Held,
                     std::memory_order_relaxed);
}

SessionActivity::Reading SessionActivity::read() const noexcept
{
    const auto time = [](const std::atomic<core::SteadyTime::rep>& from) {
        return core::SteadyTime(core::SteadyTime::duration(from.load(std::memory_order_relaxed)));
    };
    return {m_activity.load(std::memory_order_relaxed), time(m_since), time(m_transaction)};
}

std::string SessionActivity::statement() const
{
    const core::MutexLock lock(m_mutex);
    return m_statement;
}

Cleaning cleanSession(pg::Connection& connection, ResetMode mode, pg::Deadline deadline)
{
    const auto verdict = [&] {
        return connection.lost()   ? Cleaning::Failed
               : deadline.passed() ? Cleaning::Unfinished
                                   : Cleaning::Failed;
    };
    if (!connection.finishLeftover(deadline)) {
        return verdict();
    }
    if (connection.transactionStatus() != pg::TransactionStatus::Idle &&
        !connection.execute("ROLLBACK", {}, deadline, pg::Late::Leave)) {
        return verdict();
    }
    const std::string_view sql = mode == ResetMode::Clean        ? kCleanSql
                                 : mode == ResetMode::DiscardAll ? std::string_view("DISCARD ALL")
                                                                 : std::string_view();
    if (!sql.empty() && !connection.execute(sql, {}, deadline, pg::Late::Leave)) {
        return verdict();
    }
    return connection.transactionStatus() == pg::TransactionStatus::Idle ? Cleaning::Done : verdict();
}

} // namespace pool
