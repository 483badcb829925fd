#include "monitor/pool/result_cache.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pool {

namespace {

constexpr std::size_t kOverhead = 256; // bytes of an entry besides its texts, about

// Unambiguous whatever the texts hold: each with its length in front.
std::string keyOf(std::string_view sql, std::span<const std::string> params)
{
    std::string key = std::to_string(sql.size()) + ':';
    key += sql;
    for (const std::string& param : params) {
        key += std::to_string(param.size()) + ':' + param;
    }
    return key;
}

std::size_t bytesOf(const pg::ResultSet& rows)
{
    std::size_t bytes = 0;
    for (int row = 0; row < rows.rows(); ++row) {
        for (int column = 0; column < rows.columns(); ++column) {
            bytes += rows.text(row, column).size() + 16;
        }
    }
    return bytes;
}

} // namespace

ResultCache::ResultCache(ConnectionPool& pool, Bounds bounds, const core::Clock& clock)
    : m_pool(pool)
    , m_bounds(bounds)
    , m_clock(clock)
{
}

void ResultCache::serve(Serve how, core::Nanos mostAge) noexcept
{
    m_mostAge.store(mostAge.count(), std::memory_order_relaxed);
    m_serving.store(how == Serve::Cached, std::memory_order_release);
}

core::Result<CachedAnswer> ResultCache::ask(std::string_view sql, std::span<const std::string> params,
                                            const CachedAsk& how, std::source_location site)
{
    std::string key = keyOf(sql, params);
    if (m_serving.load(std::memory_order_acquire)) {
        const core::Nanos mostAge(m_mostAge.load(std::memory_order_relaxed));
        core::Nanos age{0};
        if (auto rows = find(key, std::min(how.maxAge, mostAge), age)) {
            return CachedAnswer{std::move(rows), age, true};
        }
    }
    auto lease = m_pool.acquire(how.acquire, site);
    if (!lease) {
        return core::fail(lease.error().message, lease.error().sqlstate);
    }
    auto result = lease->execute(sql, params, how.deadline);
    if (!result) {
        return core::Unexpected<core::Error>{result.error()};
    }
    lease->giveBack();
    auto rows = std::make_shared<const pg::ResultSet>(std::move(*result));
    keep(std::move(key), rows);
    return CachedAnswer{std::move(rows), core::Nanos(0), false};
}

std::shared_ptr<const pg::ResultSet> ResultCache::find(const std::string& key, core::Nanos maxAge,
                                                       core::Nanos& age)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    const auto known = m_index.find(key);
    if (known == m_index.end() || now - known->second->at > maxAge) {
        ++m_figures.missed;
        return nullptr;
    }
    m_entries.splice(m_entries.begin(), m_entries, known->second);
    age = now - known->second->at;
    ++m_figures.served;
    m_figures.oldestServed = std::max(m_figures.oldestServed, age);
    return known->second->rows;
}

void ResultCache::keep(std::string key, std::shared_ptr<const pg::ResultSet> rows)
{
    const std::size_t bytes = key.size() + bytesOf(*rows) + kOverhead;
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    if (const auto known = m_index.find(key); known != m_index.end()) {
        drop(known->second);
    }
    if (m_bounds.entries == 0 || bytes > m_bounds.bytes / 8) {
        return;
    }
    m_entries.push_front({std::move(key), std::move(rows), now, bytes});
    m_index.emplace(m_entries.front().key, m_entries.begin());
    m_figures.bytes += bytes;
    ++m_figures.stored;
    while (m_entries.size() > m_bounds.entries || m_figures.bytes > m_bounds.bytes) {
        drop(std::prev(m_entries.end()));
        ++m_figures.evicted;
    }
}

void ResultCache::drop(std::list<Entry>::iterator entry)
{
    m_figures.bytes -= entry->bytes;
    m_index.erase(entry->key);
    m_entries.erase(entry);
}

void ResultCache::clear()
{
    const core::MutexLock lock(m_mutex);
    m_index.clear();
    m_entries.clear();
    m_figures.bytes = 0;
}

CacheFigures ResultCache::figures() const
{
    const core::MutexLock lock(m_mutex);
    CacheFigures figures = m_figures;
    figures.entries = m_entries.size();
    figures.serving = m_serving.load(std::memory_order_relaxed);
    return figures;
}

} // namespace pool
