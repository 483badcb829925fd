// Statements through the real pool and a real server: borrow, execute, give back, all instruments and
// pre-ping on.
//   e2e_bench [--conninfo "host=… dbname=…"] [--cells threads:pool,…] [--query SQL] [--secs S] [--warm W]
//             [--peers on|off]
// Beside it, cell by cell: libpq with a connection of its own for each thread, and a fair pool without
// instruments. Without --conninfo on a private server of its own, which is gone afterwards.
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/core/fast_clock.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pool/connection_pool.h"
#include "tests/bench/cells.h"
#include "tests/bench/crew.h"
#include "tests/bench/floor_pool.h"
#include "tests/support/pg_server.h"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

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

// One cell, and how it is to be measured.
struct Run {
    bench::CellSpec cell;
    bench::Options options;
    std::string conninfo;
    std::string query;
};

void print(const char* peer, const Run& run, const bench::CrewResult& result)
{
    std::vector<double> waits = result.waits;
    std::vector<double> whole = result.whole;
    const auto ops = static_cast<double>(result.ops);
    bench::lineOf(peer,
                  {{"bench", "e2e"},
                   {"metrics", std::string_view(peer) == "poolscope" ? "on" : "off"},
                   {"query", run.query.c_str()}},
                  {{"threads", run.cell.threads},
                   {"pool", run.cell.pool},
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

void measure(const Run& run, const pg::ConnInfo& info)
{
    pool::PoolConfig config;
    config.size = run.cell.pool;
    config.maxOverflow = 0;
    WaitTap tap;
    pool::ConnectionPool pool(config, info, &tap);
    const bench::CrewResult result =
        bench::runCrew(run.cell.threads, run.options,
                       [&](int, bench::Tally& tally) { borrowAndAsk(pool, run.query, tally); });
    print("poolscope", run, result);
}

// Connections as any C program has them; the first that fails ends the bench.
class BareConnection {
public:
    explicit BareConnection(const std::string& conninfo)
        : m_connection(PQconnectdb(conninfo.c_str()))
    {
        if (PQstatus(m_connection.get()) != CONNECTION_OK) {
            std::fprintf(stderr, "%s", PQerrorMessage(m_connection.get()));
            std::exit(1);
        }
    }
    void ask(const std::string& query)
    {
        PGresult* const result = PQexec(m_connection.get(), query.c_str());
        if (PQresultStatus(result) != PGRES_TUPLES_OK) {
            std::fprintf(stderr, "%s", PQerrorMessage(m_connection.get()));
            std::exit(1);
        }
        PQclear(result);
    }

private:
    struct Finish {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Finish> m_connection;
};

// `take` gives the place of a connection, `giveBack` takes it back.
template <class Take, class GiveBack>
void measureBare(const char* peer, const Run& run, int connections, Take take, GiveBack giveBack)
{
    std::vector<BareConnection> all;
    for (int i = 0; i < connections; ++i) {
        all.emplace_back(run.conninfo);
    }
    const core::Clock& clock = core::FastClock::instance();
    const bench::CrewResult result =
        bench::runCrew(run.cell.threads, run.options, [&](int thread, bench::Tally& tally) {
            const core::SteadyTime begin = clock.steadyNow();
            const int place = take(thread);
            const core::SteadyTime granted = clock.steadyNow();
            all[static_cast<std::size_t>(place)].ask(run.query);
            giveBack(place);
            tally.waits.push_back(static_cast<double>(core::Nanos(granted - begin).count()));
            tally.whole.push_back(static_cast<double>(core::Nanos(clock.steadyNow() - begin).count()));
            ++tally.ops;
        });
    print(peer, run, result);
}

} // namespace

int main(int argc, char** argv)
{
    const bench::Options options = bench::parse(argc, argv);
    const std::string query = bench::argument(argc, argv, "--query", "SELECT 1");
    std::string text = bench::argument(argc, argv, "--conninfo", "");
    std::unique_ptr<support::PgServer> own;
    pg::ConnInfo info;
    if (text.empty()) {
        own = std::make_unique<support::PgServer>();
        if (!own->ok()) {
            std::fprintf(stderr, "%s\n", own->error());
            return 1;
        }
        info = own->connInfo();
        text = own->dsn();
    } else {
        auto parsed = pg::ConnInfo::parse(text);
        if (!parsed) {
            std::fprintf(stderr, "%s\n", parsed.error().message.c_str());
            return 2;
        }
        info = std::move(*parsed);
    }
    const std::string cells = bench::argument(argc, argv, "--cells", "1:10,8:10,32:10");
    const bool peers = bench::argument(argc, argv, "--peers", "on") == "on";
    for (const bench::CellSpec& cell : bench::parseCells(cells)) {
        const Run run{cell, options, text, query};
        measure(run, info);
        if (peers) {
            bench::FloorPool places(cell.pool);
            measureBare(
                "libpq", run, cell.threads, [](int thread) { return thread; }, [](int) {});
            measureBare(
                "floor_fifo", run, cell.pool, [&](int) { return places.take(); },
                [&](int place) { places.giveBack(place); });
        }
    }
    return 0;
}
