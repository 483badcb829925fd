// What the machine knows of demand, and what it says about the pool's size.
#include "monitor/engine/machine.h"

#include "monitor/advise/advisor.h"

#include <utility>

namespace engine {

metrics::PoolAdvicePtr Machine::poolAdvice(core::Nanos window, const std::stop_token& stop) const
{
    if (!m_pool) {
        return nullptr; // not started yet
    }
    const pool::PoolConfig config = m_pool->config();
    advise::Today today;
    today.size = config.size;
    today.maxOverflow = config.maxOverflow;
    today.timeout = config.timeout;
    today.slow = config.slowAcquire;
    today.linger = config.overflowLinger;
    today.minIdle = config.minIdle;
    today.maxWaiters = config.maxWaiters;
    today.open = m_pool->counts().total;
    if (const metrics::SnapshotPtr snapshot = latest()) {
        today.server = snapshot->server;
        today.open = snapshot->pool.total; // of the same moment as the server's count
    }
    const metrics::RequestTrace trace =
        m_instruments.requests().trace(window, m_clock.steadyNow(), m_clock.wallNow());
    auto advice = advise::advise(trace, today, stop);
    return advice ? std::make_shared<const metrics::PoolAdvice>(std::move(*advice)) : nullptr;
}

} // namespace engine
