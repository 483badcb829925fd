// The contract of deadlines: asked for T, back after at most T + 50 ms, whatever the network or the server
// does and whatever the pool is just doing. Every fault in every phase; the faults of a phase run side by
// side, each with a proxy and a pool of its own. POOLSCOPE_ASKED_MS says what is asked for: 300 ms in a usual run,
// 5 s in the one labelled `long`.
#include "monitor/pool/connection_pool.h"
#include "tests/support/pg_server.h"
#include "tests/support/tcp_proxy.h"

#include <QTest>

#include <fmt/format.h>
#include <poll.h>

#include <functional>
#include <memory>
#include <thread>

using namespace std::chrono_literals;
using support::Fault;

namespace {

using Clock = std::chrono::steady_clock;

const core::Nanos kAsked =
    std::chrono::milliseconds(std::max(300, qEnvironmentVariableIntValue("POOLSCOPE_ASKED_MS")));
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr core::Nanos kOverrun = 150ms; // everything takes several times as long
#else
constexpr core::Nanos kOverrun = 50ms; // what the contract allows
#endif
constexpr core::Nanos kLoad = 1s; // what a loaded machine may add to a single try, never to all of them
constexpr int kTries = 4;

struct Case {
    const char* name;
    Fault fault;
    std::chrono::milliseconds delay{0};
};
// None is the control: what a phase does works when nothing is wrong.
constexpr Case kCases[] = {{"none", Fault::None},
                           {"delay", Fault::Delay, 5s}, // beyond what is asked for
                           {"trickle", Fault::Trickle, 200ms},
                           {"black hole", Fault::BlackHole},
                           {"reset", Fault::Reset},
                           {"half open", Fault::HalfOpen},
                           {"truncate", Fault::Truncate},
                           {"refuse", Fault::Refuse}};

struct Phase;

// One fault in one phase.
struct Cell {
    support::TcpProxy& proxy;
    std::function<void(std::size_t afterBytes)> strike = {}; // the fault sets in
    pg::ConnInfo info = {};
    bool good = false;        // nothing is wrong: it has to work
    core::Nanos asked{0};     // how long the call was allowed to take …
    core::Nanos took{0};      // … and did
    bool succeeded = false;   // the call itself
    std::string problem = {}; // what went wrong besides

    template <class Call>
    void time(core::Nanos span, Call call)
    {
        asked = span;
        const auto begin = Clock::now();
        succeeded = call();
        took = Clock::now() - begin;
    }
};

pool::PoolConfig smallPool()
{
    pool::PoolConfig config;
    config.size = 2;
    config.maxOverflow = 0;
    config.validateAfter = 0s;     // every checkout proves itself
    config.connectTimeout = 3 * kAsked; // longer than anybody asks for
    config.resetTimeout = 400ms;
    return config;
}

bool eventually(const std::function<bool()>& condition, core::Nanos atMost = 10s + 3 * kAsked)
{
    const auto end = Clock::now() + atMost;
    while (!condition()) {
        if (Clock::now() > end) {
            return false;
        }
        (void)poll(nullptr, 0, 5);
    }
    return true;
}

bool works(pool::ConnectionPool& pool)
{
    auto lease = pool.acquire({.timeout = 1s});
    return lease && lease->execute("SELECT 1", {}, 1s);
}

// Nobody is left behind, and all is well once the fault is gone.
void heal(Cell& cell, pool::ConnectionPool& pool)
{
    cell.proxy.setFault(Fault::None);
    if (!eventually([&] { return works(pool); }) ||
        !eventually([&] { return pool.counts().resetting == 0 && pool.counts().leased == 0; })) {
        cell.problem = "the pool does not heal";
    }
}

void inQueue(Cell& cell)
{
    pool::PoolConfig config = smallPool();
    config.size = 1;
    pool::ConnectionPool pool(config, cell.info, nullptr);
    {
        auto holder = pool.acquire({.timeout = 5s});
        cell.problem = holder ? "" : holder.error().message;
        cell.strike(0);
        cell.time(kAsked,
                  [&] { return !pool.acquire({.timeout = kAsked}); }); // in vain, with or without a fault
    }
    heal(cell, pool);
}

void acquireWith(Cell& cell, std::size_t afterBytes)
{
    pool::ConnectionPool pool(smallPool(), cell.info, nullptr);
    cell.strike(afterBytes);
    cell.time(cell.good ? 5s : kAsked, [&] { return pool.acquire({.timeout = cell.asked}).has_value(); });
    if (!cell.good && afterBytes > 0 && cell.proxy.struck() == 0 && cell.proxy.accepted() > 0) {
        cell.problem = "the fault did not strike in the middle";
    }
    heal(cell, pool);
}

void inConnect(Cell& cell)
{
    acquireWith(cell, 0);
}

void inTls(Cell& cell)
{
    cell.info.set("sslmode", "require");
    acquireWith(cell, 1 + 60); // 'S', and the server's hello has begun
}

void inLogin(Cell& cell)
{
    cell.info.set("user", "keyed");
    cell.info.set("password", "open sesame");
    acquireWith(cell, 24 + 20); // "SASL", and the server's challenge has begun
}

void inValidate(Cell& cell)
{
    pool::ConnectionPool pool(smallPool(), cell.info, nullptr);
    cell.problem = works(pool) ? "" : "nothing to validate";
    cell.strike(0);
    cell.time(cell.good ? 5s : kAsked, [&] { return pool.acquire({.timeout = cell.asked}).has_value(); });
    heal(cell, pool);
}

void inStatement(Cell& cell)
{
    pool::ConnectionPool pool(smallPool(), cell.info, nullptr);
    {
        auto lease = pool.acquire({.timeout = 5s});
        cell.problem = lease ? "" : lease.error().message;
        cell.strike(100); // the answer has begun
        cell.time(cell.good ? 5s : kAsked, [&] {
            return lease && lease->execute("SELECT repeat('x', 100000)", {}, cell.asked).has_value();
        });
    }
    heal(cell, pool);
}

void inRollback(Cell& cell)
{
    pool::ConnectionPool pool(smallPool(), cell.info, nullptr);
    {
        auto lease = pool.acquire({.timeout = 5s});
        cell.problem =
            lease && lease->execute("BEGIN; SELECT 1", {}, 5s) ? "" : "no transaction to roll back";
        cell.strike(0);
        cell.time(0s, [&] {
            lease->giveBack();
            return true;
        });
    }
    heal(cell, pool);
}

// With an idle connection, one that is being reset, one being opened, and somebody who waits.
void inClose(Cell& cell)
{
    pool::PoolConfig config = smallPool();
    config.size = 4;
    config.resetTimeout = 10s;
    pool::ConnectionPool pool(config, cell.info, nullptr);
    auto first = pool.acquire({.timeout = 5s});
    auto dirty = pool.acquire({.timeout = 5s});
    auto held = pool.acquire({.timeout = 5s});
    if (!first || !dirty || !held || !dirty->execute("BEGIN", {}, 5s)) {
        cell.problem = "nothing to close";
        return;
    }
    first->giveBack();
    cell.strike(0);
    dirty->giveBack();
    std::jthread waiter([&] { (void)pool.acquire({.timeout = 10s}); });
    std::jthread another([&] { (void)pool.acquire({.timeout = 10s}); });
    cell.time(0s, [&] {
        pool.close();
        held->giveBack();
        return true;
    });
    waiter.join();
    another.join();
    if (pool.counts().total != 0) {
        cell.problem = "a closed pool is empty";
    }
}

struct Phase {
    const char* name;
    void (*run)(Cell&);
};
constexpr Phase kPhases[] = {{"queue", inQueue},       {"connect", inConnect},   {"TLS", inTls},
                             {"login", inLogin},       {"validate", inValidate}, {"statement", inStatement},
                             {"rollback", inRollback}, {"close", inClose}};

core::Nanos beyond(const Cell& cell)
{
    return std::max(core::Nanos(0), cell.took - cell.asked);
}

// Empty, or what went wrong. A machine with other work may be late once: the contract is held by one try out
// of four, and not even the worst one hangs.
std::string judge(const std::vector<std::string>& problems, const std::vector<core::Nanos>& overruns)
{
    for (const std::string& problem : problems) {
        if (!problem.empty()) {
            return problem;
        }
    }
    const auto [best, worst] = std::minmax_element(overruns.begin(), overruns.end());
    return *best > kOverrun || *worst > kLoad
               ? fmt::format("{:.0f} ms beyond the deadline at best, {:.0f} ms at worst",
                             core::seconds(*best) * 1e3, core::seconds(*worst) * 1e3)
               : std::string();
}

} // namespace

class PoolDeadlinesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;

    static std::string target() { return support::PgServer::loopback() + ":5432"; }
    pg::ConnInfo throughProxy(const support::TcpProxy& proxy) const
    {
        pg::ConnInfo info = m_server->connInfo();
        info.set("host", "127.0.0.1");
        info.set("port", std::to_string(proxy.port()));
        info.set("sslmode", "disable");
        info.set("gssencmode", "disable");
        return info;
    }
    std::string check(const Phase& phase, const Case& wrong) const
    {
        std::vector<std::string> problems;
        std::vector<core::Nanos> overruns;
        for (int i = 0; i < kTries && (overruns.empty() || overruns.back() > kOverrun); ++i) {
            support::TcpProxy proxy(target());
            Cell cell{proxy, {}, throughProxy(proxy)};
            cell.good = wrong.fault == Fault::None;
            cell.strike = [&](std::size_t afterBytes) {
                const bool late = wrong.fault == Fault::Delay;
                const core::Nanos delay = wrong.delay + (late ? kAsked : 0s);
                proxy.setFault(wrong.fault, std::chrono::duration_cast<std::chrono::milliseconds>(delay),
                               afterBytes);
            };
            phase.run(cell);
            if (cell.good && !cell.succeeded && cell.problem.empty()) {
                cell.problem = "it does not even work without a fault";
            }
            problems.push_back(cell.problem);
            overruns.push_back(beyond(cell));
        }
        return judge(problems, overruns);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<support::PgServer>(
            support::PgServerOptions{.maxConnections = 100, .listens = support::Listens::Loopback});
        QVERIFY2(m_server->ok(), m_server->error());
        QVERIFY2(m_server->offerTls(), m_server->error());
        QVERIFY2(m_server->setAccess("host all keyed 0.0.0.0/0 scram-sha-256\nhost all all 0.0.0.0/0 trust"),
                 m_server->error());
        auto admin = pool::ConnectionPool({}, m_server->connInfo(), nullptr).acquire();
        QVERIFY(admin && admin->execute("CREATE ROLE keyed LOGIN PASSWORD 'open sesame'"));
    }

    void whateverTheNetworkDoesNobodyIsKeptBeyondTheDeadline_data()
    {
        QTest::addColumn<int>("phase");
        for (std::size_t i = 0; i < std::size(kPhases); ++i) {
            QTest::newRow(kPhases[i].name) << static_cast<int>(i);
        }
    }
    void whateverTheNetworkDoesNobodyIsKeptBeyondTheDeadline()
    {
        QFETCH(int, phase);
        std::vector<std::string> verdicts(std::size(kCases));
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < std::size(kCases); ++i) {
                threads.emplace_back([&, i] { verdicts[i] = check(kPhases[phase], kCases[i]); });
            }
        }
        std::string all;
        for (std::size_t i = 0; i < std::size(kCases); ++i) {
            all += verdicts[i].empty() ? "" : fmt::format("{}: {}; ", kCases[i].name, verdicts[i]);
        }
        QVERIFY2(all.empty(), all.c_str());
    }
    // SIGSTOP to the server and all its processes, in every phase at the same time.
    void withTheServerFrozenNobodyIsKeptBeyondTheDeadline()
    {
        std::vector<std::string> problems;
        std::array<std::vector<core::Nanos>, std::size(kPhases)> overruns;
        const auto held = [&] {
            return std::all_of(overruns.begin(), overruns.end(),
                               [](const auto& each) { return !each.empty() && each.back() <= kOverrun; });
        };
        for (int round = 0; round < kTries && !held(); ++round) {
            std::array<std::string, std::size(kPhases)> troubles;
            std::atomic<int> ready{0};
            std::atomic<int> struck{0};
            std::atomic<bool> frozen{false};
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < std::size(kPhases); ++i) {
                threads.emplace_back([&, i] {
                    support::TcpProxy proxy(target());
                    Cell cell{proxy, {}, throughProxy(proxy)};
                    cell.strike = [&](std::size_t) {
                        ++ready;
                        (void)eventually([&] { return frozen.load(); });
                    };
                    kPhases[i].run(cell);
                    troubles[i] =
                        cell.problem == "the fault did not strike in the middle" ? "" : cell.problem;
                    overruns[i].push_back(beyond(cell));
                    ++struck;
                });
            }
            QTRY_COMPARE_WITH_TIMEOUT(ready.load(), static_cast<int>(std::size(kPhases)), 20'000);
            m_server->freeze();
            frozen = true;
            (void)QTest::qWaitFor([&] { return struck.load() == static_cast<int>(std::size(kPhases)); },
                                  static_cast<int>(kAsked / 1ms) + 2'200);
            m_server->thaw(); // they heal
            threads.clear();
            problems.insert(problems.end(), troubles.begin(), troubles.end());
        }
        for (std::size_t i = 0; i < std::size(kPhases); ++i) {
            const std::string verdict = judge(problems, overruns[i]);
            QVERIFY2(verdict.empty(), fmt::format("{}: {}", kPhases[i].name, verdict).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(PoolDeadlinesTest)
#include "tst_pool_deadlines.moc"
