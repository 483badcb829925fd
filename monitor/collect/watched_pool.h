// The pool for programs that embed it: the connection pool, its instruments and its page for Prometheus, tied
// together. Installed as <poolscope/pool.h>; with it comes find_package(poolscope) and the target
// poolscope::pool:
//
//     pg::ConnInfo server = *pg::ConnInfo::parse("host=/run/postgresql dbname=shop"); // password: .pgpass,
//     PGPASSFILE collect::WatchedPool watched({.server = server}); auto lease = watched.pool().acquire({.tag
//     = "orders"}); if (!lease) { return complain(lease.error().message); }  // typed: outcome, SQLSTATE, who
//     holds auto rows = lease->execute("SELECT name FROM item WHERE id = $1", params, 2s); …
//     answer(watched.metrics(), watched.contentType());        // GET /metrics, as Poolscope itself serves it
//
// The metrics are those of the table in README.md whose names begin with db_: the same rules, dashboards and
// queries work on them, whether Poolscope or a Prometheus asks.
#pragma once

#include "monitor/collect/self/pool_collector.h"
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/exposition.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pool/connection_pool.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace collect {

struct WatchedPoolOptions {
    pool::PoolConfig config = {}; // an unsound one is refused: see problem()
    pg::ConnInfo server = {};
    // Gets the lines of the pool (new connection, slow acquire, slow query, leak …); none: nothing is logged.
    std::shared_ptr<spdlog::logger> logger = nullptr;
    core::Lang lang = core::Lang::English; // of log lines and failures
};

// Thread-safe throughout. Nothing is opened before the first acquire (unless min_idle); no call waits longer
// than its deadline plus 50 ms. Leases may outlive it and go back into nothing.
class WatchedPool {
public:
    explicit WatchedPool(WatchedPoolOptions options);
    ~WatchedPool(); // closes the pool, at once
    WatchedPool(const WatchedPool&) = delete;
    WatchedPool& operator=(const WatchedPool&) = delete;

    // Empty, or one sentence about the configuration, which the defaults then stand in for.
    [[nodiscard]] const std::string& problem() const noexcept { return m_problem; }
    [[nodiscard]] pool::ConnectionPool& pool() noexcept { return m_pool; }
    // Percentiles, culprits of each histogram bucket.
    [[nodiscard]] const PoolInstruments& instruments() const noexcept { return m_instruments; }
    // The newest of what has happened, oldest first; 10 000 are kept.
    [[nodiscard]] std::vector<EventRow> events(std::size_t atMost) const
    {
        return m_instruments.events().newest(atMost);
    }
    // The pool as it is now, in one consistent state, without touching the database (well below 1 ms).
    [[nodiscard]] std::string metrics(metrics::Format format = metrics::Format::Text);
    [[nodiscard]] static std::string_view contentType(metrics::Format format = metrics::Format::Text) noexcept
    {
        return metrics::contentType(format);
    }

private:
    const std::string m_problem;
    PoolInstruments m_instruments;
    core::Mutex m_mutex; // guards the use of m_collector: one page at a time
    PoolCollector m_collector GUARDED_BY(m_mutex);
    pool::ConnectionPool m_pool; // last: its threads use the instruments
};

} // namespace collect
