// The same load in truth: one program of requests against pools of three sizes on a real server, and what
// each of the traces foretells for all of them.
#include "monitor/advise/advisor.h"
#include "monitor/advise/demand.h"
#include "monitor/advise/replay.h"
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/pool/connection_pool.h"
#include "tests/support/pg_server.h"

#include <QTest>

#include <fmt/format.h>

#include <array>
#include <memory>
#include <poll.h>
#include <random>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using core::Nanos;
using core::SteadyTime;

namespace {

constexpr std::array kSizes{3, 5, 8};
constexpr double kFactor = 1.5;

struct Ask {
    Nanos at{0};
    int millis = 0; // held, by a statement that takes so long
};

// Every 900 ms fourteen within 20 ms and some stragglers: an open loop, whatever becomes of them.
std::vector<Ask> program()
{
    std::mt19937 random(11);
    std::vector<Ask> asks;
    for (int burst = 0; burst < 6; ++burst) {
        for (int i = 0; i < 18; ++i) {
            const auto late = i < 14 ? random() % 20 : random() % 500;
            asks.push_back({burst * 900ms + Nanos(std::chrono::milliseconds(late)),
                            60 + static_cast<int>(random() % 80)});
        }
    }
    return asks;
}

// Waits for its moment on no condition: an open loop asks when it asks.
void until(SteadyTime moment)
{
    for (Nanos left = moment - std::chrono::steady_clock::now(); left > 0ms;
         left = moment - std::chrono::steady_clock::now()) {
        (void)::poll(nullptr, 0,
                     static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
    }
}

struct Trial {
    Trial(int size, const pg::ConnInfo& server)
        : pool(configOf(size), server, &instruments)
    {
    }
    static pool::PoolConfig configOf(int size)
    {
        pool::PoolConfig config;
        config.size = size;
        config.maxOverflow = 0;
        return config;
    }
    [[nodiscard]] metrics::RequestTrace trace()
    {
        const SteadyTime now = std::chrono::steady_clock::now();
        instruments.requests().drain(now, {});
        return instruments.requests().trace(Nanos(0), now, {});
    }

    collect::PoolInstruments instruments;
    pool::ConnectionPool pool;
};

void ask(pool::ConnectionPool& pool, const Ask& what, SteadyTime start)
{
    until(start + what.at);
    auto lease = pool.acquire();
    if (lease) {
        (void)lease->execute(fmt::format("SELECT pg_sleep({})", what.millis / 1000.0));
    }
}

metrics::WaitFigures measured(const metrics::RequestTrace& trace)
{
    std::vector<Nanos> waits;
    for (const metrics::RequestRecord& request : trace.requests) {
        waits.push_back(request.waited);
    }
    return advise::figuresOf(waits);
}

} // namespace

class AdviceInTruthTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatOneSizeForetellsIsWhatTheOthersDo()
    {
        support::PgServer server;
        QVERIFY2(server.ok(), server.error());
        const std::vector<Ask> asks = program();
        std::vector<std::unique_ptr<Trial>> trials;
        for (const int size : kSizes) {
            trials.push_back(std::make_unique<Trial>(size, server.connInfo()));
        }
        run(trials, asks);
        std::vector<metrics::RequestTrace> traces;
        for (const auto& trial : trials) {
            traces.push_back(trial->trace());
            QCOMPARE(traces.back().requests.size(), asks.size());
            QCOMPARE(traces.back().missed, std::uint64_t{0});
        }
        for (std::size_t from = 0; from < traces.size(); ++from) {
            for (std::size_t of = 0; of < traces.size(); ++of) {
                compare(traces[from], kSizes[from], traces[of], kSizes[of]);
            }
        }
    }

private:
    // All three at the same time, so that whatever else the machine does is done to all of them.
    static void run(const std::vector<std::unique_ptr<Trial>>& trials, const std::vector<Ask>& asks)
    {
        const SteadyTime start = std::chrono::steady_clock::now() + 200ms;
        std::vector<std::jthread> callers;
        for (const Ask& what : asks) {
            for (const auto& trial : trials) {
                callers.emplace_back([&what, &trial, start] { ask(trial->pool, what, start); });
            }
        }
    }
    static void compare(const metrics::RequestTrace& from, int fromSize, const metrics::RequestTrace& of,
                        int size)
    {
        advise::Today today;
        today.size = 0; // all are kept, as in the trials
        today.maxOverflow = fromSize;
        today.timeout = 30s;
        today.slow = 100ms;
        const auto advice = advise::advise(from, today);
        QVERIFY(advice);
        const double foretold = core::seconds(advice->forecasts[static_cast<std::size_t>(size) - 1].wait.p95);
        const double truth = core::seconds(measured(of).p95);
        qInfo("%d places by the trace of %d: p95 %.0f ms foretold, %.0f ms in truth", size, fromSize,
              foretold * 1000, truth * 1000);
        QVERIFY2(foretold <= truth * kFactor && truth <= foretold * kFactor,
                 qPrintable(QStringLiteral("%1 places by the trace of %2: %3 s foretold, %4 s in truth")
                                .arg(size)
                                .arg(fromSize)
                                .arg(foretold)
                                .arg(truth)));
    }
};

QTEST_GUILESS_MAIN(AdviceInTruthTest)
#include "tst_advice_in_truth.moc"
