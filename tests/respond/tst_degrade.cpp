// Degradation step by step on a clock moved by hand.
#include "monitor/respond/degrade.h"
#include "monitor/respond/job_gate.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using metrics::StepState;
using respond::DegradeConfig;
using respond::Degrader;
using respond::DegradeStep;
using respond::ResponseEvent;

class DegradeTest : public QObject {
    Q_OBJECT

    support::FakeClock m_clock;
    std::vector<std::string> m_pulled; // "+0", "-0" …
    std::vector<ResponseEvent> m_events;
    bool m_broken = false; // lever 1 does not work
    std::unique_ptr<Degrader> m_degrader;
    using Pulled = std::vector<std::string>;

    respond::Lever lever(int index)
    {
        const auto pull = [this, index](const char* sign) -> core::Result<respond::Words> {
            if (m_broken && index == 1) {
                return core::fail("stuck");
            }
            m_pulled.push_back(sign + std::to_string(index));
            return respond::Words{"done", "完成"};
        };
        return {[pull] { return pull("+"); }, [pull] { return pull("-"); }};
    }
    Degrader& make(DegradeConfig config)
    {
        m_degrader = std::make_unique<Degrader>(
            std::move(config), std::array{lever(0), lever(1), lever(2), lever(3)},
            [this](const ResponseEvent& event) { m_events.push_back(event); }, m_clock);
        return *m_degrader;
    }
    static DegradeConfig real()
    {
        DegradeConfig config;
        config.enabled = true;
        config.dryRun = false;
        config.stepUp = 30s;
        config.stepDown = 60s;
        return config;
    }
    Pulled pulled() { return std::exchange(m_pulled, {}); }

private Q_SLOTS:
    void init()
    {
        m_pulled.clear();
        m_events.clear();
        m_broken = false;
    }

    void itIsOffUntilSwitchedOn()
    {
        Degrader& degrader = make({});
        degrader.evaluate({"HighPoolUsage"});
        QCOMPARE(degrader.level(), 0);
        QVERIFY(m_events.empty());
    }
    void upWithTheTroubleAndDownAfterQuiet()
    {
        Degrader& degrader = make(real());
        const std::vector<std::string> trouble{"CriticalPoolUsage"};
        degrader.evaluate(trouble);
        QCOMPARE(degrader.level(), 1); // at once: the rule has had its `for`
        QCOMPARE(pulled(), Pulled{"+0"});
        m_clock.advance(29s);
        degrader.evaluate(trouble);
        QCOMPARE(degrader.level(), 1);
        QCOMPARE(degrader.view(core::Lang::English).nextChange, core::Nanos(1s));
        m_clock.advance(1s);
        degrader.evaluate(trouble);
        QCOMPARE(degrader.level(), 2);
        for (int i = 0; i < 10; ++i) {
            m_clock.advance(30s);
            degrader.evaluate(trouble);
        }
        QCOMPARE(degrader.level(), 4);
        QCOMPARE(pulled(), (Pulled{"+1", "+2", "+3"}));
        QVERIFY(degrader.inForce(DegradeStep::Record));
        degrader.evaluate({});
        m_clock.advance(59s);
        degrader.evaluate({});
        QCOMPARE(degrader.level(), 4);
        m_clock.advance(1s);
        degrader.evaluate({});
        QCOMPARE(degrader.level(), 3);
        QCOMPARE(pulled(), Pulled{"-3"}); // the harshest first
        m_clock.advance(59s);
        degrader.evaluate({});
        QCOMPARE(degrader.level(), 3); // each level has its own quiet
        for (int i = 0; i < 4; ++i) {
            m_clock.advance(60s);
            degrader.evaluate({});
        }
        QCOMPARE(degrader.level(), 0);
        QCOMPARE(pulled(), (Pulled{"-2", "-1", "-0"}));
        const auto view = degrader.view(core::Lang::English);
        QVERIFY(view.why.empty());
        QCOMPARE(view.steps[0].state, StepState::Undone);
        QCOMPARE(degrader.changes(), 8U);
    }
    void aDipDoesNotUndoWhatIsNeededAgain()
    {
        Degrader& degrader = make(real());
        degrader.evaluate({"A"});
        for (int i = 0; i < 20; ++i) { // 20 s of quiet, 10 s of trouble: never a minute of quiet
            m_clock.advance(20s);
            degrader.evaluate({});
            m_clock.advance(10s);
            degrader.evaluate({"A"});
        }
        QVERIFY(degrader.level() >= 1);
        QCOMPARE(std::count(m_pulled.begin(), m_pulled.end(), "-0"), 0);
    }
    void itGoesNoFurtherThanAllowed()
    {
        DegradeConfig config = real();
        config.mostLevel = 2;
        Degrader& degrader = make(config);
        for (int i = 0; i < 10; ++i) {
            degrader.evaluate({"A"});
            m_clock.advance(1h);
        }
        QCOMPARE(degrader.level(), 2);
        QCOMPARE(pulled(), (Pulled{"+0", "+1"}));
    }
    void aDryRunSaysWhatItWouldDoAndDoesNothing()
    {
        DegradeConfig config = real();
        config.dryRun = true;
        Degrader& degrader = make(config);
        degrader.evaluate({"A"});
        degrader.evaluate({"A"});
        QVERIFY(pulled().empty());
        QCOMPARE(degrader.view(core::Lang::English).steps[0].state, StepState::WouldDo);
        QCOMPARE(m_events.size(), std::size_t(1)); // once, not at each look
        QCOMPARE(m_events[0].kind, ResponseEvent::Kind::Rehearsed);
        QCOMPARE(m_events[0].cause, std::string("A"));
        degrader.setDryRun(respond::DryRun::Off); // switched over while it stands: now it is done
        degrader.evaluate({"A"});
        QCOMPARE(pulled(), Pulled{"+0"});
        degrader.setDryRun(respond::DryRun::On); // and back: taken back
        degrader.evaluate({"A"});
        QCOMPARE(pulled(), Pulled{"-0"});
    }
    void byHandItHoldsWhateverFires()
    {
        Degrader& degrader = make({.dryRun = false}); // not even enabled
        QVERIFY(degrader.hold(3));
        degrader.evaluate({});
        QCOMPARE(degrader.level(), 3);
        QCOMPARE(pulled(), (Pulled{"+0", "+1", "+2"}));
        m_clock.advance(1h);
        degrader.evaluate({"A"});
        QCOMPARE(degrader.level(), 3);
        QVERIFY(degrader.view(core::Lang::English).byHand);
        QVERIFY(degrader.hold(0));
        degrader.evaluate({});
        QCOMPARE(pulled(), (Pulled{"-2", "-1", "-0"}));
        degrader.automatic();
        degrader.evaluate({});
        QVERIFY(!degrader.view(core::Lang::English).byHand);
        QVERIFY(!degrader.hold(5));
        QVERIFY(!degrader.hold(-1));
    }
    void aStepThatFailsIsSeenAndTriedAgain()
    {
        Degrader& degrader = make(real());
        m_broken = true;
        QVERIFY(degrader.hold(3));
        degrader.evaluate({});
        QCOMPARE(pulled(), (Pulled{"+0", "+2"})); // the others are done
        QCOMPARE(degrader.view(core::Lang::English).steps[1].state, StepState::Failed);
        QCOMPARE(degrader.view(core::Lang::English).steps[1].detail, std::string("stuck"));
        m_broken = false;
        degrader.evaluate({});
        QVERIFY(pulled().empty()); // not in a frenzy
        m_clock.advance(5s);
        degrader.evaluate({});
        QCOMPARE(pulled(), Pulled{"+1"});
        QCOMPARE(degrader.view(core::Lang::English).steps[1].state, StepState::Done);
    }
    void atTheEndEverythingIsTakenBack()
    {
        Degrader& degrader = make(real());
        QVERIFY(degrader.hold(4));
        degrader.evaluate({});
        (void)pulled();
        degrader.undoAll();
        QCOMPARE(pulled(), (Pulled{"-3", "-2", "-1", "-0"}));
    }
    // Whatever happens: what is in force is what the level says, and each step is applied and taken back in turn.
    void whateverHappensTheStepsFollowTheLevel()
    {
        std::mt19937 random(11); // NOLINT: the same story each time
        Degrader& degrader = make(real());
        std::array<int, 4> balance{};
        bool dryRun = false;
        for (int i = 0; i < 3000; ++i) {
            switch (random() % 8) {
            case 0:
                (void)degrader.hold(static_cast<int>(random() % 5));
                break;
            case 1:
                degrader.automatic();
                break;
            case 2:
                dryRun = random() % 4 == 0;
                degrader.setDryRun(dryRun ? respond::DryRun::On : respond::DryRun::Off);
                break;
            default:
                m_clock.advance(std::chrono::seconds(random() % 40));
            }
            degrader.evaluate(random() % 2 == 0 ? std::vector<std::string>{"A"} : std::vector<std::string>{});
            for (const std::string& pull : pulled()) {
                balance[std::size_t(pull[1] - '0')] += pull[0] == '+' ? 1 : -1;
            }
            for (int step = 0; step < 4; ++step) {
                const bool wanted = !dryRun && step < degrader.level();
                QCOMPARE(balance[std::size_t(step)], wanted ? 1 : 0);
                QCOMPARE(degrader.inForce(static_cast<DegradeStep>(step)), wanted);
            }
        }
    }
    void settingsOutOfRangeAreRefused()
    {
        QVERIFY(respond::problemOf(DegradeConfig{}));
        for (const auto& spoil : std::vector<std::function<void(DegradeConfig&)>>{
                 [](DegradeConfig& c) { c.mostLevel = 0; }, [](DegradeConfig& c) { c.mostLevel = 5; },
                 [](DegradeConfig& c) { c.stepUp = -1s; }, [](DegradeConfig& c) { c.stepDown = 0s; },
                 [](DegradeConfig& c) { c.backgroundPlaces = -2; }, [](DegradeConfig& c) { c.cacheAge = 0s; }}) {
            DegradeConfig config;
            spoil(config);
            QVERIFY(!respond::problemOf(config));
        }
    }

    void timedJobsPauseTogetherAndLateOnesAtOnce()
    {
        respond::JobGate gate;
        std::vector<std::string> heard;
        const auto hook = [&heard](const char* name) {
            return [&heard, name](bool paused) { heard.push_back(std::string(name) + (paused ? " pauses" : " goes on")); };
        };
        auto first = gate.add("fetch prices", hook("first"));
        QCOMPARE(gate.pause(), std::size_t(1));
        QCOMPARE(gate.pause(), std::size_t(0)); // already
        auto second = gate.add("clean up", hook("second"));
        QVERIFY(gate.paused());
        QCOMPARE(gate.names(), (std::vector<std::string>{"clean up", "fetch prices"}));
        second = {};
        QCOMPARE(gate.resume(), std::size_t(1));
        QCOMPARE(heard, (std::vector<std::string>{"first pauses", "second pauses", "first goes on"}));
        {
            respond::JobGate::Registration outlives;
            {
                respond::JobGate shortLived;
                outlives = shortLived.add("x", hook("x"));
            }
        } // a registration may outlive its gate
    }
};

QTEST_GUILESS_MAIN(DegradeTest)
#include "tst_degrade.moc"
