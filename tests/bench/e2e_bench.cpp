// Statements through the real pool and a real server: borrow, execute, give back, all instruments and
// pre-ping on.
//   e2e_bench [--conninfo "host=… dbname=…"] [--cells threads:pool,…] [--query SQL] [--secs S] [--warm W]
// Without --conninfo on a private server of its own, which is gone afterwards.
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/core/fast_clock.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pool/connection_pool.h"
#include "tests/bench/cells.h"
#include "tests/bench/crew.h"
#include "tests/support/pg_server.h"

#include <memory>

namespace {

// Borrow → return, and the wait inside it, from the observer, which is the only one that knows.
class WaitTap final : public pool::PoolObserver {
public:
    void onAcquired(core::Nanos wait, pool::Outcome outcome, const pool::PoolEvent& event) noexcept override
    {
        t_wait = wait;
        m_instruments.onAcquired(wait, outcome, event);
    }
    void onReturned(core::Nanos use, const pool::PoolEvent& event) noexcept override
    {
        m_instruments.onReturned(use, event);
    }
    void onStatement(const pool::StatementInfo& statement) noexcept override
    {
        m_instruments.onStatement(statement);
    }
    void onEvent(const pool::PoolEvent& event) noexcept override { m_instruments.onEvent(event); }
    [[nodiscard]] static core::Nanos lastWait() noexcept { return t_wait; }

private:
    static inline thread_local core::Nanos t_wait{0};
    collect::PoolInstruments m_instruments;
};

void borrowAndAsk(pool::ConnectionPool& pool, const std::string& query, bench::Tally& tally)
{
    const core::SteadyTime begin = core::FastClock::instance().steadyNow();
    {
        auto lease = pool.acquire({.tag = "bench"});
        if (!lease) {
            std::fprintf(stderr, "%s\n", lease.error().message.c_str());
            std::exit(1);
        }
        if (const auto rows = lease->execute(query); !rows) {
            std::fprintf(stderr, "%s\n", rows.error().message.c_str());
            std::exit(1);
        }
        tally.waits.push_back(static_cast<double>(WaitTap::lastWait().count()));
    }
    const core::Nanos whole = core::FastClock::instance().steadyNow() - begin;
    tally.whole.push_back(static_cast<double>(whole.count()));
    ++tally.ops;
}

void measure(const bench::CellSpec& cell, const bench::Options& options, const pg::ConnInfo& info,
             const std::string& query)
{
    pool::PoolConfig config;
    config.size = cell.pool;
    config.maxOverflow = 0;
    WaitTap tap;
    pool::ConnectionPool pool(config, info, &tap);
    const bench::CrewResult result = bench::runCrew(
        cell.threads, options, [&](int, bench::Tally& tally) { borrowAndAsk(pool, query, tally); });
    std::vector<double> waits = result.waits;
    std::vector<double> whole = result.whole;
    const auto ops = static_cast<double>(result.ops);
    bench::line({{"bench", "e2e"}, {"metrics", "on"}, {"query", query.c_str()}},
                {{"threads", cell.threads},
                 {"pool", cell.pool},
                 {"qps", ops / result.wallSeconds},
                 {"us_p50", bench::percentile(whole, 0.5) / 1e3},
                 {"us_p99", bench::percentile(whole, 0.99) / 1e3},
                 {"wait_us_p50", bench::percentile(waits, 0.5) / 1e3},
                 {"wait_us_p99", bench::percentile(waits, 0.99) / 1e3},
                 {"wait_us_max", bench::percentile(waits, 1) / 1e3},
                 {"starved", result.starved},
                 {"cli_cpu_us", result.cpuSeconds * 1e6 / ops},
                 {"ops", ops}});
}

} // namespace

int main(int argc, char** argv)
{
    const bench::Options options = bench::parse(argc, argv);
    const std::string query = bench::argument(argc, argv, "--query", "SELECT 1");
    const std::string text = bench::argument(argc, argv, "--conninfo", "");
    std::unique_ptr<support::PgServer> own;
    pg::ConnInfo info;
    if (text.empty()) {
        own = std::make_unique<support::PgServer>();
        if (!own->ok()) {
            std::fprintf(stderr, "%s\n", own->error());
            return 1;
        }
        info = own->connInfo();
    } else {
        auto parsed = pg::ConnInfo::parse(text);
        if (!parsed) {
            std::fprintf(stderr, "%s\n", parsed.error().message.c_str());
            return 2;
        }
        info = std::move(*parsed);
    }
    const std::string cells = bench::argument(argc, argv, "--cells", "1:10,8:10,32:10");
    for (const bench::CellSpec& cell : bench::parseCells(cells)) {
        measure(cell, options, info, query);
    }
    return 0;
}
