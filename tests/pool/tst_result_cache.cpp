// Marked statements and their answers, against a real server; ages by a clock moved by hand.
#include "monitor/pg/connection.h"
#include "monitor/pool/result_cache.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pg_server.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using pool::ResultCache;

class ResultCacheTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<pool::ConnectionPool> m_pool;
    support::FakeClock m_clock;

    static constexpr const char* kTick = "SELECT nextval('ticks')";
    static std::string valueOf(const core::Result<pool::CachedAnswer>& answer)
    {
        return answer ? std::string(answer->rows->text(0, 0)) : answer.error().message;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
        m_pool = std::make_unique<pool::ConnectionPool>(pool::PoolConfig{}, m_server->connInfo(), nullptr);
    }
    void init()
    {
        auto lease = m_pool->acquire();
        QVERIFY(lease && lease->execute("DROP SEQUENCE IF EXISTS ticks") && lease->execute("CREATE SEQUENCE ticks"));
    }
    void cleanupTestCase() { m_pool.reset(); }

    void servedLiveItAlwaysAsksTheDatabase()
    {
        ResultCache cache(*m_pool, {}, m_clock);
        QCOMPARE(valueOf(cache.ask(kTick)), std::string("1"));
        const auto second = cache.ask(kTick);
        QCOMPARE(valueOf(second), std::string("2"));
        QVERIFY(!second->fromCache);
        QCOMPARE(second->age, core::Nanos(0));
    }
    void servedFromTheCacheTheAgeIsSaid()
    {
        ResultCache cache(*m_pool, {100, 1 << 20}, m_clock);
        QCOMPARE(valueOf(cache.ask(kTick)), std::string("1"));
        cache.serve(ResultCache::Serve::Cached);
        m_clock.advance(7s);
        const std::uint64_t asked = m_pool->stats().requests;
        const auto old = cache.ask(kTick);
        QCOMPARE(valueOf(old), std::string("1"));
        QVERIFY(old->fromCache);
        QCOMPARE(old->age, core::Nanos(7s));
        QCOMPARE(m_pool->stats().requests, asked); // no connection was wanted
        cache.serve(ResultCache::Serve::Live);
        QCOMPARE(valueOf(cache.ask(kTick)), std::string("2"));
        QCOMPARE(cache.figures().oldestServed, core::Nanos(7s));
    }
    void nothingOlderThanAllowedIsServed()
    {
        ResultCache cache(*m_pool, {100, 1 << 20}, m_clock);
        QCOMPARE(valueOf(cache.ask(kTick)), std::string("1"));
        cache.serve(ResultCache::Serve::Cached, 20s);
        m_clock.advance(20s);
        QVERIFY(cache.ask(kTick, {}, {.maxAge = 20s})->fromCache);
        QCOMPARE(valueOf(cache.ask(kTick, {}, {.maxAge = 19s})), std::string("2")); // the caller's own limit
        m_clock.advance(21s);
        QCOMPARE(valueOf(cache.ask(kTick, {}, {.maxAge = 1h})), std::string("3")); // the service's
        QCOMPARE(cache.figures().missed, 2U);
    }
    void differentParametersAreDifferentQuestions()
    {
        ResultCache cache(*m_pool, {100, 1 << 20}, m_clock);
        const std::string sql = "SELECT $1::text || $2::text";
        const std::vector<std::string> one{"a1:", "b"};
        const std::vector<std::string> two{"a", "1:b"};
        QCOMPARE(valueOf(cache.ask(sql, one)), std::string("a1:b"));
        cache.serve(ResultCache::Serve::Cached);
        QVERIFY(cache.ask(sql, one)->fromCache);
        QVERIFY(!cache.ask(sql, two)->fromCache); // the same letters, another cut
    }
    void failuresAreNotKept()
    {
        ResultCache cache(*m_pool, {100, 1 << 20}, m_clock);
        const auto failed = cache.ask("SELECT 1/0");
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, std::string("22012"));
        QCOMPARE(cache.figures().entries, std::size_t(0));
        m_pool->limit({.background = 0});
        pool::CachedAsk shed;
        shed.acquire.priority = pool::Priority::Background;
        QVERIFY(!cache.ask(kTick, {}, shed));
        m_pool->limit({});
    }
    void aShedCallerGetsTheOldAnswerInstead()
    {
        ResultCache cache(*m_pool, {100, 1 << 20}, m_clock);
        pool::CachedAsk background;
        background.acquire.priority = pool::Priority::Background;
        QCOMPARE(valueOf(cache.ask(kTick, {}, background)), std::string("1"));
        m_pool->limit({.background = 0});
        cache.serve(ResultCache::Serve::Cached);
        QCOMPARE(valueOf(cache.ask(kTick, {}, background)), std::string("1"));
        m_pool->limit({});
    }
    void itStaysWithinItsBounds()
    {
        ResultCache cache(*m_pool, {10, 100'000}, m_clock);
        for (int i = 0; i < 30; ++i) {
            QVERIFY(cache.ask("SELECT " + std::to_string(i)));
        }
        QCOMPARE(cache.figures().entries, std::size_t(10));
        QCOMPARE(cache.figures().evicted, 20U);
        cache.serve(ResultCache::Serve::Cached);
        QVERIFY(cache.ask("SELECT 29")->fromCache);
        QVERIFY(!cache.ask("SELECT 0")->fromCache);
        cache.serve(ResultCache::Serve::Live);
        QVERIFY(cache.ask("SELECT repeat('x', 50000)")); // more than an eighth: passed on, not kept
        cache.serve(ResultCache::Serve::Cached);
        QVERIFY(!cache.ask("SELECT repeat('x', 50000)")->fromCache);
        for (int i = 0; i < 30; ++i) {
            QVERIFY(cache.ask("SELECT repeat('x', 10000), " + std::to_string(i)));
            QVERIFY(cache.figures().bytes <= 100'000U);
        }
        cache.clear();
        QCOMPARE(cache.figures().bytes, std::size_t(0));
    }
    void manyThreadsAskAtOnce()
    {
        ResultCache cache(*m_pool, {20, 1 << 20}, m_clock);
        std::atomic<int> failures{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 8; ++i) {
                threads.emplace_back([&, i] {
                    for (int round = 0; round < 100; ++round) {
                        cache.serve(round % 10 == 0 ? ResultCache::Serve::Live : ResultCache::Serve::Cached);
                        const std::string number = std::to_string((i * 7 + round) % 40);
                        failures += valueOf(cache.ask("SELECT " + number)) == number ? 0 : 1;
                    }
                });
            }
        }
        QCOMPARE(failures.load(), 0);
        QVERIFY(cache.figures().entries <= 20U);
    }
};

QTEST_GUILESS_MAIN(ResultCacheTest)
#include "tst_result_cache.moc"
