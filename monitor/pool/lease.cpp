#include "monitor/pool/lease.h"

#include "monitor/pg/sqlstate.h"
#include "monitor/pool/pool_impl.h"

#include <utility>

namespace pool {

Lease::Lease(PoolImpl& pool, Slot& slot) noexcept
    : m_pool(&pool)
    , m_slot(&slot)
    , m_number(slot.lease)
{
}

Lease::Lease(Lease&& other) noexcept
    : m_pool(other.m_pool)
    , m_slot(std::exchange(other.m_slot, nullptr))
    , m_number(other.m_number)
{
}

Lease& Lease::operator=(Lease&& other) noexcept
{
    if (this != &other) {
        giveBack();
        m_pool = other.m_pool;
        m_slot = std::exchange(other.m_slot, nullptr);
        m_number = other.m_number;
    }
    return *this;
}

Lease::~Lease()
{
    giveBack();
}

bool Lease::valid() const noexcept
{
    return m_slot != nullptr;
}

int Lease::slot() const noexcept
{
    return m_slot != nullptr ? m_slot->index : -1;
}

int Lease::backendPid() const noexcept
{
    return m_slot != nullptr ? session().backendPid.load(std::memory_order_relaxed) : 0;
}

PgSession& Lease::session() const noexcept
{
    return PoolImpl::sessionOf(*m_slot);
}

core::Result<pg::ResultSet> Lease::execute(std::string_view sql, std::span<const std::string> params,
                                           core::Nanos deadline)
{
    if (m_slot == nullptr) {
        return core::fail("this lease was given back", std::string(pg::kNoConnection));
    }
    if (!m_pool->isOurs()) {
        return core::fail("this connection belongs to the parent process", std::string(pg::kNoConnection));
    }
    PgSession& own = session();
    const core::Clock& clock = m_pool->core.clock();
    const core::SteadyTime begin = clock.steadyNow();
    own.activity.statementBegins(sql, begin);
    auto result = own.connection->execute(
        sql, params, deadline > core::Nanos(0) ? pg::Deadline::in(deadline) : pg::Deadline::never());
    const core::SteadyTime end = clock.steadyNow();
    StatementInfo info;
    info.sql = sql;
    info.duration = end - begin;
    info.failed = !result;
    info.sqlstate = result ? std::string_view() : std::string_view(result.error().code);
    info.tag = m_slot->tag.view();
    info.site = m_slot->site;
    info.slot = m_slot->index;
    info.backendPid = own.backendPid.load(std::memory_order_relaxed);
    m_pool->statementDone(*m_slot, info, end);
    return result;
}

pg::Connection* Lease::connection() noexcept
{
    return m_slot != nullptr ? session().connection.get() : nullptr;
}

void Lease::giveBack() noexcept
{
    if (Slot* slot = std::exchange(m_slot, nullptr)) {
        if (m_pool->isOurs()) {
            m_pool->takeBack(*slot, m_number);
        }
    }
}

} // namespace pool
