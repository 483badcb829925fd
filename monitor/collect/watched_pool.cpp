#include "monitor/collect/watched_pool.h"

#include "monitor/core/clock.h"

namespace collect {

WatchedPool::WatchedPool(WatchedPoolOptions options)
    : m_problem(pool::problemOf(options.config))
    , m_instruments(std::move(options.logger), options.lang)
    , m_collector([this] { return m_pool.stats(); }, m_instruments)
    , m_pool(m_problem.empty() ? options.config : pool::PoolConfig{}, std::move(options.server),
             &m_instruments)
{
    m_instruments.setThresholds(m_pool.config());
    m_pool.setLang(options.lang);
}

WatchedPool::~WatchedPool() = default;

std::string WatchedPool::metrics(metrics::Format format)
{
    metrics::Snapshot snapshot;
    snapshot.at = core::SystemClock::instance().wallNow();
    metrics::SampleBuilder builder(snapshot);
    {
        const core::MutexLock lock(m_mutex);
        (void)m_collector.collect(builder); // fails only when the pool cannot be asked, which ours can
    }
    return metrics::expose(snapshot, format, m_instruments.lang());
}

} // namespace collect
