// Results of statements whose caller has marked them as good enough when a little old: served instead of the
// database while the service is degraded.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/pg/result.h"
#include "monitor/pool/connection_pool.h"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pool {

// How a marked statement is to be run.
struct CachedAsk {
    core::Nanos maxAge = std::chrono::seconds(30); // an answer may be that old, and no older
    core::Nanos deadline{0};                       // of the statement; 0 = none
    AcquireOptions acquire = {};
};

struct CachedAnswer {
    std::shared_ptr<const pg::ResultSet> rows; // never null
    core::Nanos age{0};                        // 0 = just read
    bool fromCache = false;
};

struct CacheFigures {
    bool serving = false;
    std::size_t entries = 0;
    std::size_t bytes = 0;    // of texts, about
    std::uint64_t served = 0; // from the cache
    std::uint64_t missed = 0; // while serving: nothing fresh enough was there
    std::uint64_t stored = 0;
    std::uint64_t evicted = 0;
    core::Nanos oldestServed{0}; // the greatest age ever served
};

// Thread-safe; nothing but copies under the lock. Bounded: the entries used least recently go first, a result
// larger than an eighth of the whole is not kept. Only what succeeded is kept. Ages are of the steady clock.
class ResultCache {
public:
    struct Bounds {
        std::size_t entries = 1000;
        std::size_t bytes = 16 * 1024 * 1024;
    };
    // `pool` outlives the cache.
    explicit ResultCache(ConnectionPool& pool)
        : ResultCache(pool, Bounds{})
    {
    }
    ResultCache(ConnectionPool& pool, Bounds bounds,
                const core::Clock& clock = core::SystemClock::instance());

    enum class Serve { Live, Cached };
    // Cached: an answer no older than its maxAge, and than `mostAge`, is served without asking for a
    // connection.
    void serve(Serve how, core::Nanos mostAge = core::Nanos::max()) noexcept;
    // Asks the database, or answers from the cache while told to. Calling this is the mark.
    [[nodiscard]] core::Result<CachedAnswer> ask(std::string_view sql,
                                                 std::span<const std::string> params = {},
                                                 const CachedAsk& how = {},
                                                 std::source_location site = std::source_location::current());
    void clear();
    [[nodiscard]] CacheFigures figures() const;

private:
    struct Entry {
        std::string key;
        std::shared_ptr<const pg::ResultSet> rows;
        core::SteadyTime at = {};
        std::size_t bytes = 0;
    };
    [[nodiscard]] std::shared_ptr<const pg::ResultSet> find(const std::string& key, core::Nanos maxAge,
                                                            core::Nanos& age);
    void keep(std::string key, std::shared_ptr<const pg::ResultSet> rows);
    void drop(std::list<Entry>::iterator entry) REQUIRES(m_mutex);

    ConnectionPool& m_pool;
    const Bounds m_bounds;
    const core::Clock& m_clock;
    std::atomic<bool> m_serving{false};
    std::atomic<core::Nanos::rep> m_mostAge{core::Nanos::max().count()};
    mutable core::Mutex m_mutex;                    // guards what follows
    std::list<Entry> m_entries GUARDED_BY(m_mutex); // front = used last
    std::unordered_map<std::string_view, std::list<Entry>::iterator> m_index GUARDED_BY(m_mutex);
    CacheFigures m_figures GUARDED_BY(m_mutex);
};

} // namespace pool
