// The core under real threads: borrowers, openers and somebody who resizes, suspends, drains, recycles and
// kills. What no single thread can show: that nobody is forgotten, overtaken or given what another one has. A
// failure prints the seed of its run (POOLSCOPE_SEED=n repeats the deeds, though not their interleaving).
#include "monitor/core/fast_clock.h"
#include "monitor/pool/resource_pool.h"

#include <QTest>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using pool::Disposal;
using pool::PoolCore;
using pool::Request;
using pool::Returned;
using pool::Slot;
using pool::Step;

namespace {

struct Resource {
    std::atomic<int> owners{0};
    std::atomic<bool> open{false};
};
using Pool = pool::ResourcePool<Resource>;

pool::PoolConfig configOf(int size, int overflow)
{
    pool::PoolConfig config;
    config.size = size;
    config.maxOverflow = overflow;
    config.timeout = 60s; // nobody may ever need that long
    config.validateAfter = 20ms;
    config.recycle = 1s;
    return config;
}

// What all of them counted, and the first thing that was wrong.
struct Account {
    std::atomic<std::uint64_t> asked{0}, granted{0}, returned{0}, waited{0}, failed{0}, quick{0};
    std::atomic<int> held{0}, mostHeld{0};
    std::atomic<const char*> wrong{nullptr};
    std::string broken; // the meddler's alone: what `wrong` may point to

    void expect(bool holds, const char* rule)
    {
        if (!holds) {
            wrong.store(rule);
        }
    }
    void holds(int change)
    {
        const int now = held.fetch_add(change) + change;
        int most = mostHeld.load();
        while (now > most && !mostHeld.compare_exchange_weak(most, now)) {
        }
    }
};

class Borrower {
public:
    Borrower(Pool& pool, Account& account, std::uint32_t seed)
        : m_pool(pool)
        , m_account(account)
        , m_random(seed)
    {
    }

    void borrow()
    {
        Request request;
        ++m_account.asked;
        Step step = m_pool.begin(request);
        while (step == Step::Queued || step == Step::Check) {
            step = step == Step::Queued ? m_pool.await(request, {}) : check(request);
        }
        m_account.waited += request.waited ? 1 : 0;
        if (step == Step::Failed) {
            ++m_account.failed;
            m_account.expect(request.outcome == pool::Outcome::Suspended || request.outcome == pool::Outcome::Shed,
                             "only a closed gate or a limit refuses anybody");
            return;
        }
        ++m_account.granted;
        use(*request.slot, request.number);
    }

private:
    bool chance(unsigned inThousand) { return m_random() % 1000 < inThousand; }

    Step check(Request& request)
    {
        if (request.check != pool::Check::Replace && !chance(2)) {
            m_pool.confirm(request, m_pool.clock().steadyNow());
            return request.step;
        }
        Slot& slot = *request.slot;
        const auto reason =
            request.check == pool::Check::Replace ? pool::CloseReason::Lifetime : pool::CloseReason::Invalid;
        const Step step = m_pool.reject(request, reason, m_pool.clock().steadyNow());
        close(slot);
        return step;
    }
    void use(Slot& slot, std::uint64_t number)
    {
        Resource& resource = Pool::valueOf(slot);
        m_account.holds(1);
        m_account.quick += slot.shelf.load(std::memory_order_relaxed) != nullptr ? 1 : 0;
        m_account.expect(resource.owners.fetch_add(1) == 0, "a resource has one owner");
        m_account.expect(resource.open.load(), "what is lent is open");
        if (chance(20)) {
            std::this_thread::yield();
        }
        resource.owners.fetch_sub(1);
        m_account.holds(-1);
        const Returned how = chance(5) ? Returned::Dirty : chance(2) ? Returned::Broken : Returned::Clean;
        Disposal disposal = m_pool.giveBack(slot, number, how, m_pool.clock().steadyNow());
        ++m_account.returned;
        m_account.expect(disposal != Disposal::Refused, "the holder may return it");
        if (disposal == Disposal::Reset) {
            disposal = m_pool.resetDone(slot, m_pool.clock().steadyNow());
        }
        if (disposal == Disposal::Close) {
            close(slot);
        }
    }
    void close(Slot& slot)
    {
        Pool::valueOf(slot).open.store(false);
        m_pool.closed(slot);
    }

    Pool& m_pool;
    Account& m_account;
    std::mt19937 m_random;
};

void openAsWanted(Pool& pool, const std::stop_token& stop)
{
    while (Slot* slot = pool.awaitOpening(stop)) {
        Pool::valueOf(*slot).open.store(true);
        pool::Circuit::Turn turn = pool::Circuit::Turn::None;
        if (pool.opened(*slot, pool.clock().steadyNow(), turn) == Disposal::Close) {
            Pool::valueOf(*slot).open.store(false);
            pool.closed(*slot);
        }
    }
}

void closeAll(Pool& pool, const std::vector<Slot*>& slots)
{
    for (Slot* slot : slots) {
        Pool::valueOf(*slot).open.store(false);
        pool.closed(*slot);
    }
}

// Whatever can be done to a pool from outside, one deed a call; what it must never allow is asked for each
// time.
class Meddler {
public:
    Meddler(Pool& pool, Account& account, std::uint32_t seed)
        : m_pool(pool)
        , m_account(account)
        , m_random(seed)
    {
    }
    static constexpr int kMost = 8; // places, of all configurations

    void meddle()
    {
        switch (m_random() % 12) {
        case 0: {
            const int size = 1 + static_cast<int>(m_random() % 5);
            m_pool.configure(
                configOf(size, static_cast<int>(m_random() % static_cast<unsigned>(kMost - size))));
            break;
        }
        case 1:
            m_pool.setGate(PoolCore::Gate::Hold);
            break;
        case 2:
            m_pool.drain();
            break;
        case 3:
            m_pool.recycleAll();
            break;
        case 4:
            kill();
            break;
        case 5:
            m_pool.setLimits({static_cast<int>(m_random() % 3) + 4, -1});
            break;
        case 6:
            m_pool.setGate(PoolCore::Gate::Refuse);
            break;
        default:
            m_pool.setLimits({});
            break;
        }
        look();
        m_pool.setGate(PoolCore::Gate::Open);
        m_pool.setLimits({});
        closeAll(m_pool, m_pool.reap());
        look();
    }

private:
    void kill()
    {
        const std::vector<int> all{0, 1, 2};
        for (Slot* slot :
             m_pool.takeIdle(std::span(all).first(std::min<std::size_t>(all.size(), places())))) {
            m_pool.resetFailed(*slot, pool::CloseReason::Broken);
            closeAll(m_pool, {slot});
        }
    }
    std::size_t places()
    {
        return m_pool.stats([](const Slot&, pool::SlotInfo&) {}).slots.size();
    }
    void look()
    {
        if (std::string rule = m_pool.brokenRule(); !rule.empty() && m_account.broken.empty()) {
            m_account.broken = std::move(rule);
            m_account.wrong.store(m_account.broken.c_str());
        }
        const pool::PoolCounts counts = m_pool.counts();
        m_account.expect(counts.total <= kMost, "never more than the largest size");
    }

    Pool& m_pool;
    Account& m_account;
    std::mt19937 m_random;
};

} // namespace

class PoolThreadsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nobodyIsForgottenOvertakenOrGivenAnothersPlace_data()
    {
        QTest::addColumn<int>("threads");
        QTest::addColumn<PoolCore::Shelving>("shelving");
        QTest::newRow("as it comes") << 6 << PoolCore::Shelving::WhenCrowded;
        QTest::newRow("always on shelves, enough for all") << 4 << PoolCore::Shelving::Always;
        QTest::newRow("always on shelves, too few") << 12 << PoolCore::Shelving::Always;
    }
    void nobodyIsForgottenOvertakenOrGivenAnothersPlace()
    {
        QFETCH(const int, threads);
        QFETCH(const PoolCore::Shelving, shelving);
        const std::uint32_t seed = qEnvironmentVariableIsSet("POOLSCOPE_SEED")
                                       ? qEnvironmentVariable("POOLSCOPE_SEED").toUInt()
                                       : std::random_device{}();
        qInfo("seed %u", seed);
        Pool pool(configOf(4, 4), core::FastClock::instance());
        pool.setShelving(shelving);
        Account account;
        {
            std::vector<std::jthread> openers;
            for (int i = 0; i < 2; ++i) {
                openers.emplace_back([&pool](const std::stop_token& stop) { openAsWanted(pool, stop); });
            }
            runCrowd(pool, account, threads, seed);
            pool.poke();
        }
        if (const char* wrong = account.wrong.load()) {
            QFAIL(wrong);
        }
        verifyConserved(pool, account);
        qInfo("%llu granted, %llu of them from shelves, %llu waited, at most %d at once",
              static_cast<unsigned long long>(account.granted),
              static_cast<unsigned long long>(account.quick), static_cast<unsigned long long>(account.waited),
              account.mostHeld.load());
        QVERIFY(shelving != PoolCore::Shelving::Always || account.quick > 100U);
        QVERIFY(account.waited > 0U || threads <= 4);
    }

private:
    static constexpr int kUses = 20'000; // of each thread

    static void runCrowd(Pool& pool, Account& account, int threads, std::uint32_t seed)
    {
        std::atomic<int> working{threads};
        std::vector<std::jthread> crowd;
        for (int t = 0; t < threads; ++t) {
            crowd.emplace_back([&, t] {
                Borrower borrower(pool, account, seed + 1 + static_cast<std::uint32_t>(t));
                for (int i = 0; i < kUses; ++i) {
                    borrower.borrow();
                }
                --working;
            });
        }
        Meddler meddler(pool, account, seed);
        while (working.load() > 0) {
            meddler.meddle();
            const std::uint64_t quiet = account.asked.load() + 500; // requests until the next deed
            while (working.load() > 0 && account.asked.load() < quiet) {
                std::this_thread::yield();
            }
        }
    }
    // Everything is told of exactly once, and everything has come back.
    static void verifyConserved(Pool& pool, const Account& account)
    {
        const pool::PoolStats stats = pool.stats([](const Slot&, pool::SlotInfo&) {});
        QCOMPARE(stats.requests, account.asked.load());
        QCOMPARE(stats.checkouts, account.granted.load());
        QCOMPARE(stats.checkins, account.returned.load());
        QCOMPARE(stats.waited, account.waited.load());
        QCOMPARE(stats.counts.leased, 0);
        QCOMPARE(stats.counts.waiting, 0);
        QCOMPARE(account.asked.load(), account.granted.load() + account.failed.load());
        QVERIFY(account.mostHeld.load() <= Meddler::kMost);
        QVERIFY(stats.peakLeased <= Meddler::kMost);
        QCOMPARE(pool.brokenRule(), std::string());
        pool.close();
        closeAll(pool, pool.reap());
        QCOMPARE(pool.counts().total, 0);
    }
};

QTEST_GUILESS_MAIN(PoolThreadsTest)
#include "tst_pool_threads.moc"
