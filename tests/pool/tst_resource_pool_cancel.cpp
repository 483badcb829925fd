// Giving up at every possible moment: a small day of six borrowers, told step by step, in which one or two of
// them are cancelled, or run into their deadline, before each of its steps in turn. Whatever the moment,
// nobody else suffers.
#include "tests/pool/hand_pool.h"

#include <QTest>

#include <array>
#include <stop_token>

using namespace std::chrono_literals;
using pool::Outcome;
using pool::Request;
using pool::Slot;
using pool::Step;

namespace {

constexpr int kBorrowers = 6;
constexpr int kTooLong = 400; // steps after which somebody hangs
constexpr core::Nanos kShort = 100ms;
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kStride = 16; // of the first of two moments: what is not measured there takes minutes
#else
constexpr std::size_t kStride = 1;
#endif

enum class Way { Cancelled, TimedOut };
constexpr Way kWays[] = {Way::Cancelled, Way::TimedOut};

struct Strike {
    int step = -1;
    int victim = 0;
    Way way = Way::Cancelled;
};

pool::PoolConfig config()
{
    pool::PoolConfig config;
    config.size = 2;
    config.maxOverflow = 1;
    config.timeout = 1h;
    return config;
}

class Day {
public:
    explicit Day(const std::vector<Strike>& strikes)
        : m_strikes(strikes)
        , m_hand(config())
    {
        for (const Strike& strike : strikes) {
            if (strike.way == Way::TimedOut) {
                m_borrowers[static_cast<std::size_t>(strike.victim)].request.timeout = kShort;
            }
        }
    }

    // Empty, or what went wrong.
    std::string run()
    {
        for (; m_step < kTooLong && !over(); ++m_step) {
            for (const Strike& strike : m_strikes) {
                if (strike.step == m_step) {
                    giveUp(strike);
                }
            }
            act(m_step % (kBorrowers + 3));
            m_hand.clock.advance(2ms);
            if (std::string rule = m_hand.pool.brokenRule(); !rule.empty()) {
                return rule;
            }
            if (!m_problem.empty()) {
                return m_problem;
            }
        }
        return m_step == kTooLong ? "somebody waits for ever" : verdict();
    }
    [[nodiscard]] int steps() const { return m_step; }
    [[nodiscard]] bool gaveUp(int victim) const
    {
        return m_borrowers[static_cast<std::size_t>(victim)].request.step == Step::Failed;
    }

private:
    struct Borrower {
        Request request;
        bool asked = false;
        bool done = false;
        int turns = 0; // of holding
    };

    [[nodiscard]] bool over() const
    {
        return m_opening == nullptr && m_resetting == nullptr && m_closing.empty() &&
               std::all_of(m_borrowers.begin(), m_borrowers.end(),
                           [](const Borrower& one) { return one.done; });
    }
    void giveUp(const Strike& strike)
    {
        Borrower& victim = m_borrowers[static_cast<std::size_t>(strike.victim)];
        if (strike.way == Way::TimedOut) {
            m_hand.clock.advance(kShort);
        }
        if (!victim.asked || victim.done || victim.request.step != Step::Queued) {
            return; // nothing to give up: a check ends, a lease goes back in its turn
        }
        std::stop_source stop;
        stop.request_stop();
        const Outcome expected = strike.way == Way::Cancelled ? Outcome::Cancelled : Outcome::Timeout;
        const Step step = m_hand.pool.await(victim.request, strike.way == Way::Cancelled ? stop.get_token()
                                                                                         : std::stop_token());
        if (step != Step::Failed || victim.request.outcome != expected) {
            m_problem = "who gives up has given up";
        }
    }
    void act(int actor)
    {
        if (actor < kBorrowers) {
            borrow(actor);
        } else if (actor == kBorrowers) {
            open();
        } else if (actor == kBorrowers + 1) {
            close();
        } else if (m_resetting != nullptr) {
            dispose(*std::exchange(m_resetting, nullptr), &Day::resetDone);
        }
    }
    // Comes after the one before, holds for two turns; what the second, the fourth and the fifth bring back
    // is not clean, and the third finds its first connection dead.
    void borrow(int index)
    {
        Borrower& one = m_borrowers[static_cast<std::size_t>(index)];
        if (one.done || m_step < 5 * index) {
            return;
        }
        if (!one.asked) {
            one.asked = true;
            (void)m_hand.pool.begin(one.request);
            return;
        }
        switch (one.request.step) {
        case Step::Queued:
            return;
        case Step::Failed:
            one.done = true;
            return;
        case Step::Check:
            check(one.request, index == 2 && !std::exchange(m_rejected, true));
            return;
        case Step::Granted:
            if (++one.turns == 2) {
                giveBack(one, index);
            }
        }
    }
    void check(Request& request, bool dead)
    {
        if (request.check != pool::Check::Replace && !dead) {
            m_hand.pool.confirm(request, m_hand.clock.steadyNow());
            return;
        }
        m_closing.push_back(request.slot);
        (void)m_hand.pool.reject(request, pool::CloseReason::Invalid, m_hand.clock.steadyNow());
    }
    void giveBack(Borrower& one, int index)
    {
        static constexpr std::array how = {pool::Returned::Clean,    pool::Returned::Dirty,
                                           pool::Returned::Clean,    pool::Returned::Broken,
                                           pool::Returned::Unwanted, pool::Returned::Clean};
        one.done = true;
        Slot& slot = *one.request.slot;
        const auto disposal = m_hand.pool.giveBack(
            slot, one.request.number, how[static_cast<std::size_t>(index)], m_hand.clock.steadyNow());
        if (disposal == pool::Disposal::Close) {
            m_closing.push_back(&slot);
        } else if (disposal == pool::Disposal::Reset) {
            m_resetting = &slot;
        }
    }
    pool::Disposal resetDone(Slot& slot) { return m_hand.pool.resetDone(slot, m_hand.clock.steadyNow()); }
    pool::Disposal opened(Slot& slot)
    {
        pool::Circuit::Turn turn = pool::Circuit::Turn::None;
        pool::ResourcePool<int>::valueOf(slot) = ++m_hand.opened;
        return m_hand.pool.opened(slot, m_hand.clock.steadyNow(), turn);
    }
    void dispose(Slot& slot, pool::Disposal (Day::*end)(Slot&))
    {
        if ((this->*end)(slot) == pool::Disposal::Close) {
            m_closing.push_back(&slot);
        }
    }
    // The second attempt fails, while the first one's connection is there.
    void open()
    {
        if (m_opening == nullptr) {
            m_opening = m_hand.pool.beginOpening();
        } else if (++m_attempts == 2 && m_hand.pool.counts().leased > 0) {
            (void)m_hand.pool.openFailed(*std::exchange(m_opening, nullptr),
                                         {pool::FaultKind::Saturated, "full", "53300"},
                                         m_hand.clock.steadyNow());
        } else {
            dispose(*std::exchange(m_opening, nullptr), &Day::opened);
        }
    }
    void close()
    {
        if (!m_closing.empty()) {
            m_hand.pool.closed(*m_closing.back());
            m_closing.pop_back();
        }
    }
    std::string verdict()
    {
        for (int i = 0; i < kBorrowers; ++i) {
            const bool victim = std::any_of(m_strikes.begin(), m_strikes.end(),
                                            [i](const Strike& strike) { return strike.victim == i; });
            if (!victim && gaveUp(i)) {
                return "somebody else was not served";
            }
        }
        const pool::PoolCounts counts = m_hand.pool.counts();
        if (counts.leased != 0 || counts.waiting != 0 || counts.total != counts.idle || counts.total > 2) {
            return "not all came back";
        }
        m_hand.clock.advance(2s); // whatever pause there was is over
        std::vector<std::unique_ptr<Request>> all;
        for (int i = 0; i < 3; ++i) {
            all.push_back(m_hand.take());
            if (all.back()->step != Step::Granted) {
                return "a place is lost";
            }
        }
        return {};
    }

    const std::vector<Strike>& m_strikes;
    support::HandPool m_hand;
    std::array<Borrower, kBorrowers> m_borrowers{};
    Slot* m_opening = nullptr;
    Slot* m_resetting = nullptr;
    std::vector<Slot*> m_closing;
    int m_attempts = 0;
    int m_step = 0;
    bool m_rejected = false;
    std::string m_problem;
};

std::string describe(const std::vector<Strike>& strikes, const std::string& problem)
{
    std::string text = problem;
    for (const Strike& strike : strikes) {
        text += " (borrower " + std::to_string(strike.victim) +
                (strike.way == Way::Cancelled ? " cancelled" : " timed out") + " at step " +
                std::to_string(strike.step) + ")";
    }
    return text;
}

} // namespace

class ResourcePoolCancelTest : public QObject {
    Q_OBJECT

    int m_steps = 0; // of the undisturbed day
    std::vector<Strike> m_moments;
    std::vector<Strike> m_struck; // those of them that hit somebody who waited

private Q_SLOTS:
    void initTestCase()
    {
        const std::vector<Strike> none;
        Day day(none);
        const std::string problem = day.run();
        QVERIFY2(problem.empty(), problem.c_str());
        m_steps = day.steps();
        QVERIFY(m_steps > 40); // worth it
        for (int step = 0; step <= m_steps; ++step) {
            for (int victim = 0; victim < kBorrowers; ++victim) {
                for (const Way way : kWays) {
                    m_moments.push_back({step, victim, way});
                }
            }
        }
    }
    void givingUpAtAnyMomentHarmsNobodyElse()
    {
        for (const Strike& moment : m_moments) {
            const std::vector<Strike> strikes = {moment};
            Day day(strikes);
            const std::string problem = day.run();
            QVERIFY2(problem.empty(), describe(strikes, problem).c_str());
            if (day.gaveUp(moment.victim)) {
                m_struck.push_back(moment);
            }
        }
        qInfo("%d steps, %zu moments, %zu of them struck somebody who waited", m_steps, m_moments.size(),
              m_struck.size());
        QVERIFY(m_struck.size() > 50);
    }
    void anyTwoGivingUpAtAnyTwoMomentsHarmNobodyElse()
    {
        std::size_t days = 0;
        for (std::size_t i = 0; i < m_struck.size(); i += kStride) {
            const Strike& first = m_struck[i];
            for (const Strike& second : m_moments) {
                if (second.step < first.step || second.victim == first.victim) {
                    continue;
                }
                const std::vector<Strike> strikes = {first, second};
                Day day(strikes);
                const std::string problem = day.run();
                QVERIFY2(problem.empty(), describe(strikes, problem).c_str());
                ++days;
            }
        }
        qInfo("%zu pairs", days);
        QVERIFY(days > 10'000);
    }
};

QTEST_GUILESS_MAIN(ResourcePoolCancelTest)
#include "tst_resource_pool_cancel.moc"
