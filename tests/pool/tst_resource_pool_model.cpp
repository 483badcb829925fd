// A million random deeds on the core, one after the other, every rule asked for after each, and an account
// kept beside the pool's own. A failure prints the seed that repeats it: POOLSCOPE_SEED=n
// tst_resource_pool_model.
#include "tests/pool/hand_pool.h"

#include <QTest>

#include <map>
#include <random>
#include <set>

using namespace std::chrono_literals;
using pool::Outcome;
using pool::Request;
using pool::Slot;
using pool::Step;

namespace {

// How much of the time places are on shelves. Looking at the figures empties them, so that with shelves it is not done
// after every deed.
enum class Shelving { Never, Often };

class Model {
public:
    explicit Model(std::uint32_t seed, Shelving shelving = Shelving::Never)
        : m_random(seed)
        , m_shelving(shelving)
        , m_hand(config())
    {
        using Policy = pool::PoolCore::Shelving;
        m_hand.pool.setShelving(shelving == Shelving::Often ? Policy::Always : Policy::WhenCrowded);
    }

    // Empty, or the rule that a deed has broken.
    std::string step()
    {
        static constexpr std::array deeds = {
            &Model::ask,         &Model::ask,         &Model::ask,           &Model::giveBack,
            &Model::giveBack,    &Model::finishCheck, &Model::finishCheck,   &Model::expire,
            &Model::open,        &Model::open,        &Model::finishOpening, &Model::finishOpening,
            &Model::finishReset, &Model::finishClose, &Model::wait,          &Model::doubleReturn,
            &Model::reap,        &Model::lapse,       &Model::kill,          &Model::rarely};
        (this->*deeds[pick(deeds.size())])();
        return m_shelving == Shelving::Often && chance(80) ? checkOwners() : check();
    }
    // Everything ends and comes back: nothing may be left.
    std::string windUp()
    {
        m_hand.pool.close();
        for (int i = 0; i < 100'000 && m_hand.pool.counts().total > 0; ++i) {
            giveBack();
            finishCheck();
            finishOpening();
            finishReset();
            finishClose();
            reap();
        }
        const pool::PoolCounts counts = m_hand.pool.counts();
        return counts.total != 0 || counts.waiting != 0 ? "a closed pool empties" : check();
    }
    [[nodiscard]] std::uint64_t grants() const { return m_grants; }

private:
    std::size_t pick(std::size_t below)
    {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(m_random);
    }
    bool chance(int percent) { return static_cast<int>(pick(100)) < percent; }

    pool::PoolConfig config()
    {
        pool::PoolConfig config;
        config.size = static_cast<int>(pick(4));
        config.maxOverflow = static_cast<int>(pick(5)) - 1;
        if (config.size == 0 && config.maxOverflow == 0) {
            config.maxOverflow = 2;
        }
        config.minIdle = static_cast<int>(pick(static_cast<std::size_t>(config.size) + 1));
        config.maxWaiters = chance(20) ? 3 : 0;
        config.prePing = chance(80);
        config.idleOrder = chance(50) ? pool::IdleOrder::Fifo : pool::IdleOrder::Lifo;
        config.overflowLinger = chance(30) ? 5s : 0s;
        config.recycle = chance(50) ? 60s : 0s;
        return config;
    }

    template <class T>
    T* any(std::vector<T>& from)
    {
        return from.empty() ? nullptr : &from[pick(from.size())];
    }
    Request* anyIn(Step step)
    {
        std::vector<Request*> found;
        for (const auto& request : m_requests) {
            if (request->step == step) {
                found.push_back(request.get());
            }
        }
        return found.empty() ? nullptr : found[pick(found.size())];
    }
    void forget(const Request* request)
    {
        std::erase_if(m_requests, [request](const auto& entry) { return entry.get() == request; });
    }

    void ask()
    {
        if (m_requests.size() < 24) {
            m_requests.push_back(std::make_unique<Request>());
            m_requests.back()->thread = static_cast<std::uint32_t>(1 + pick(6));
            m_requests.back()->priority = static_cast<pool::Priority>(pick(pool::kPriorities));
            if (chance(30)) {
                m_requests.back()->timeout = std::chrono::milliseconds(pick(4000));
            }
            (void)m_hand.pool.begin(*m_requests.back());
            ++m_asked;
        }
    }
    void dispose(Slot& slot, pool::Disposal disposal)
    {
        if (disposal == pool::Disposal::Close) {
            m_closing.push_back(&slot);
        } else if (disposal == pool::Disposal::Reset) {
            m_resetting.push_back(&slot);
        }
    }
    void giveBack()
    {
        if (Request* request = anyIn(Step::Granted)) {
            static constexpr std::array how = {pool::Returned::Clean,  pool::Returned::Clean,
                                               pool::Returned::Clean,  pool::Returned::Dirty,
                                               pool::Returned::Broken, pool::Returned::Unwanted};
            m_returned = {request->slot, request->number};
            dispose(*request->slot, m_hand.pool.giveBack(*request->slot, request->number,
                                                         how[pick(how.size())], m_hand.clock.steadyNow()));
            forget(request);
            ++m_given;
        }
    }
    void doubleReturn()
    {
        if (m_returned.first != nullptr) {
            const auto again = m_hand.pool.giveBack(*m_returned.first, m_returned.second,
                                                    pool::Returned::Clean, m_hand.clock.steadyNow());
            m_broken = again == pool::Disposal::Refused ? m_broken : "a second return is refused";
        }
    }
    void finishCheck()
    {
        if (Request* request = anyIn(Step::Check)) {
            if (request->check != pool::Check::Replace && chance(80)) {
                m_hand.pool.confirm(*request, m_hand.clock.steadyNow());
                return;
            }
            Slot& slot = *request->slot;
            const auto reason = request->check == pool::Check::Replace ? pool::CloseReason::Lifetime
                                                                       : pool::CloseReason::Invalid;
            m_hand.clock.advance(chance(30) ? 200ms : 0ms);
            (void)m_hand.pool.reject(*request, reason, m_hand.clock.steadyNow() - (chance(30) ? 100ms : 0ms));
            m_closing.push_back(&slot);
        }
    }
    void expire()
    {
        if (Request* request = anyIn(Step::Queued)) {
            m_broken = m_hand.pool.expire(*request, Outcome::Cancelled) ? m_broken
                                                                        : "one that waits can be cancelled";
        }
    }
    // One whose deadline has passed wakes up.
    void lapse()
    {
        Request* request = anyIn(Step::Queued);
        if (request != nullptr && m_hand.clock.steadyNow() >= request->deadline) {
            const Step step = m_hand.pool.await(*request, {});
            const bool ended = request->outcome == Outcome::Timeout || request->outcome == Outcome::Suspended;
            m_broken = step == Step::Failed && ended ? m_broken : "a deadline ends a wait";
        }
    }
    // An idle one turns out to be dead.
    void kill()
    {
        std::vector<int> idle;
        m_hand.pool.visitIdle([&idle](const Slot& slot) { idle.push_back(slot.index); });
        if (!idle.empty()) {
            const int victim = idle[pick(idle.size())];
            for (Slot* slot : m_hand.pool.takeIdle({&victim, 1})) {
                m_hand.pool.resetFailed(*slot, pool::CloseReason::Broken);
                m_closing.push_back(slot);
            }
        }
    }
    void open()
    {
        if (Slot* slot = m_hand.pool.beginOpening()) {
            m_opening.push_back(slot);
            const pool::PoolCounts counts = m_hand.pool.counts();
            if (counts.maxConnections >= 0 && counts.total > counts.maxConnections) {
                m_broken = "nothing is opened beyond the limit";
            }
        }
    }
    void finishOpening()
    {
        if (Slot** slot = any(m_opening)) {
            Slot& opened = **slot;
            std::erase(m_opening, &opened);
            if (chance(m_luck)) {
                ++m_opened;
                pool::Circuit::Turn turn = pool::Circuit::Turn::None;
                pool::ResourcePool<int>::valueOf(opened) = ++m_hand.opened;
                dispose(opened, m_hand.pool.opened(opened, m_hand.clock.steadyNow(), turn));
                return;
            }
            static constexpr std::array kinds = {pool::FaultKind::Unreachable, pool::FaultKind::Unreachable,
                                                 pool::FaultKind::Unreachable, pool::FaultKind::Unreachable,
                                                 pool::FaultKind::Saturated,   pool::FaultKind::NeedsPerson};
            (void)m_hand.pool.openFailed(opened, {kinds[pick(kinds.size())], "no", "08001"},
                                         m_hand.clock.steadyNow());
        }
    }
    void finishReset()
    {
        if (Slot** slot = any(m_resetting)) {
            Slot& reset = **slot;
            std::erase(m_resetting, &reset);
            if (chance(80)) {
                dispose(reset, m_hand.pool.resetDone(reset, m_hand.clock.steadyNow()));
            } else {
                m_hand.pool.resetFailed(reset);
                m_closing.push_back(&reset);
            }
        }
    }
    void finishClose()
    {
        if (Slot** slot = any(m_closing)) {
            Slot& closed = **slot;
            std::erase(m_closing, &closed);
            pool::ResourcePool<int>::valueOf(closed) = 0;
            m_hand.pool.closed(closed);
            ++m_closed;
        }
    }
    void wait() { m_hand.clock.advance(std::chrono::milliseconds(pick(3000))); }
    void reap()
    {
        for (Slot* slot : m_hand.pool.reap()) {
            m_closing.push_back(slot);
        }
    }
    void rarely()
    {
        switch (pick(20)) {
        case 0:
            m_hand.pool.configure(config());
            break;
        case 1:
            m_hand.pool.setGate(pool::PoolCore::Gate::Hold);
            break;
        case 2:
            m_hand.pool.setGate(pool::PoolCore::Gate::Refuse);
            break;
        case 3:
            m_hand.pool.drain();
            break;
        case 4:
            m_hand.pool.recycleAll();
            break;
        case 5:
            (void)m_hand.pool.recycle(static_cast<int>(pick(8)) - 1);
            break;
        case 6:
            m_hand.pool.setLimits({static_cast<int>(pick(4)) - 1, static_cast<int>(pick(4)) - 1});
            break;
        case 7:
            m_hand.pool.doubtAll();
            break;
        default:
            m_hand.pool.retryNow();
            m_hand.pool.setLimits({});
            m_hand.pool.setGate(pool::PoolCore::Gate::Open);
            break;
        }
    }

    // What only an onlooker can see, without asking the pool.
    std::string checkOwners()
    {
        std::set<const Slot*> owned;
        std::uint64_t firstQueued = std::numeric_limits<std::uint64_t>::max();
        for (const auto& request : m_requests) {
            if (request->step == Step::Queued) {
                firstQueued = std::min(firstQueued, request->number);
            }
        }
        for (const auto& request : m_requests) {
            if (request->step != Step::Granted && request->step != Step::Check) {
                continue;
            }
            if (!owned.insert(request->slot).second ||
                pool::ResourcePool<int>::valueOf(*request->slot) == 0) {
                return "a resource is open and has one owner";
            }
            if (m_seen.insert(request->number).second) {
                ++m_grants;
                if (request->waited && request->number > firstQueued) {
                    return "grants are in the order of requests";
                }
            }
        }
        for (const auto& request : m_requests) {
            m_failed[static_cast<std::size_t>(request->outcome)] += request->step == Step::Failed ? 1 : 0;
        }
        std::erase_if(m_requests, [](const auto& request) { return request->step == Step::Failed; });
        return m_broken;
    }

    // That, and the core's own rules and figures.
    std::string check()
    {
        if (std::string rule = m_hand.pool.brokenRule(); !rule.empty()) {
            return rule;
        }
        if (std::string rule = checkOwners(); !rule.empty()) {
            return rule;
        }
        const pool::PoolCounts counts = m_hand.pool.counts();
        if (counts.idle + counts.leased + counts.opening + counts.resetting != counts.total) {
            return "the states add up";
        }
        if (counts.idle < 0 || counts.leased < 0 || counts.opening < 0 || counts.resetting < 0 ||
            counts.waiting < 0) {
            return "no gauge is negative";
        }
        if (std::string rule = checkAccount(); !rule.empty()) {
            return rule;
        }
        const std::uint64_t version = m_hand.pool.version();
        if (version < m_version) {
            return "the version grows";
        }
        m_version = version;
        return m_broken;
    }

    // The pool's figures are an onlooker's, who has only counted what it did and saw; and none of them ever
    // falls.
    std::string checkAccount()
    {
        const pool::PoolStats now = m_hand.pool.stats([](const Slot&, pool::SlotInfo&) {});
        std::uint64_t held = 0;
        for (const auto& request : m_requests) {
            held += request->step == Step::Granted ? 1 : 0;
        }
        auto outcomes = m_failed;
        outcomes[static_cast<std::size_t>(Outcome::Ok)] = m_given + held;
        if (now.requests != m_asked || now.outcomes != outcomes || now.checkins != m_given) {
            return "requests and outcomes are those an onlooker counts";
        }
        if (now.checkouts != m_given + held || now.counts.leased != static_cast<int>(held)) {
            return "leases are those an onlooker counts";
        }
        std::uint64_t closed = 0;
        for (std::size_t i = 0; i < pool::kCloseReasons; ++i) {
            closed += now.closed[i];
            if (now.closed[i] < m_last.closed[i]) {
                return "no counter falls";
            }
        }
        if (now.opened != m_opened || closed != m_closed) {
            return "opened and closed are those an onlooker counts";
        }
        if (now.waited < m_last.waited || now.connectErrors < m_last.connectErrors ||
            now.validationFailures < m_last.validationFailures || now.doubleReturns < m_last.doubleReturns) {
            return "no counter falls";
        }
        m_last = now;
        return {};
    }

    std::mt19937 m_random;
    const Shelving m_shelving;
    const int m_luck = chance(50) ? 85 : 99; // of connecting, in percent
    support::HandPool m_hand;
    std::vector<std::unique_ptr<Request>> m_requests;
    std::vector<Slot*> m_opening, m_resetting, m_closing;
    std::pair<Slot*, std::uint64_t> m_returned{nullptr, 0};
    std::set<std::uint64_t> m_seen;
    std::uint64_t m_grants = 0;
    std::uint64_t m_asked = 0, m_given = 0, m_opened = 0, m_closed = 0; // the onlooker's account
    std::array<std::uint64_t, pool::kOutcomes> m_failed{};
    pool::PoolStats m_last;
    std::uint64_t m_version = 0;
    std::string m_broken;
};

} // namespace

class ResourcePoolModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRuleHoldsAfterEachOfManyRandomDeeds() { run(Shelving::Never); }
    void everyRuleHoldsWithPlacesOnShelves() { run(Shelving::Often); }

private:
    static void run(Shelving shelving)
    {
        const bool given = qEnvironmentVariableIsSet("POOLSCOPE_SEED");
        const std::uint32_t first =
            given ? qEnvironmentVariable("POOLSCOPE_SEED").toUInt() : std::random_device{}();
        qInfo("first seed %u", first);
        std::uint64_t grants = 0;
        for (std::uint32_t run = 0; run < (given ? 1U : 520U); ++run) {
            Model model(first + run, shelving);
            for (int i = 0; i < 2'000; ++i) {
                const std::string rule = model.step();
                QVERIFY2(
                    rule.empty(),
                    qPrintable(QString("seed %1, step %2: %3").arg(first + run).arg(i).arg(rule.c_str())));
            }
            const std::string rule = model.windUp();
            QVERIFY2(rule.empty(),
                     qPrintable(QString("seed %1, at the end: %2").arg(first + run).arg(rule.c_str())));
            grants += model.grants();
        }
        qInfo("%llu grants", static_cast<unsigned long long>(grants));
        QVERIFY(given || grants > 30'000); // the deeds did reach something
    }
};

QTEST_GUILESS_MAIN(ResourcePoolModelTest)
#include "tst_resource_pool_model.moc"
