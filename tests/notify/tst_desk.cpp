// Groups, queues and hours on a clock that stands still until it is told.
#include "tests/notify/events.h"
#include "tests/support/fake_clock.h"

#include "monitor/notify/desk.h"

#include <QTest>

#include <algorithm>

using metrics::AlertTold;
using metrics::Severity;
using notify::Delivery;
using namespace std::chrono_literals;

namespace {

metrics::ChannelSetup channel(const std::string& name, const std::string& kind = "webhook")
{
    metrics::ChannelSetup setup;
    setup.name = name;
    setup.kind = kind;
    return setup;
}

// A desk whose messages all arrive, unless told otherwise.
struct Stage {
    explicit Stage(std::vector<metrics::ChannelSetup> setups = {channel("ops")})
        : desk(journal, clock)
    {
        desk.setMinute([this](core::WallTime) { return minute; });
        desk.configure(setups);
    }
    void fire(const std::string& name, Severity severity = Severity::Warning, const std::string& pool = "a")
    {
        tell(support::event(name, AlertTold::Fired, clock.wallNow(), severity, pool));
    }
    void resolve(const std::string& name, const std::string& pool = "a")
    {
        tell(support::event(name, AlertTold::Resolved, clock.wallNow(), Severity::Warning, pool));
    }
    void tell(const metrics::AlertEvent& event) { desk.take({&event, 1}); }
    // Moves time by `span`, a second at a time, and answers every job.
    std::vector<notify::Message> pass(core::Nanos span)
    {
        std::vector<notify::Message> sent;
        for (core::Nanos gone{0}; gone <= span; gone += 1s) {
            for (notify::Job& job : desk.due()) {
                tries.push_back(clock.steadyNow());
                desk.finish(job.channel, job.message.id, answer, answer.error);
                sent.push_back(std::move(job.message));
            }
            if (gone < span) {
                clock.advance(1s);
            }
        }
        return sent;
    }
    [[nodiscard]] metrics::ChannelRow row(const std::string& name = "ops") const
    {
        const auto rows = desk.rows();
        return *std::ranges::find(rows, name, &metrics::ChannelRow::name);
    }

    support::FakeClock clock;
    notify::Journal journal;
    notify::Desk desk;
    Delivery answer;
    int minute = 12 * 60;
    std::vector<core::SteadyTime> tries;
};

} // namespace

class TstDesk final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void alertsOfOneGroupShareAMessageAfterGroupWait()
    {
        Stage stage;
        stage.fire("A", Severity::Warning, "one");
        QCOMPARE(stage.pass(20s).size(), 0U);
        stage.fire("A", Severity::Critical, "two");
        stage.fire("B");
        const auto sent = stage.pass(40s);
        QCOMPARE(sent.size(), 2U);
        QCOMPARE(sent[0].groupKey, std::string("{}:{alertname=\"A\"}"));
        QCOMPARE(sent[0].alerts.size(), 2U);
        QCOMPARE(sent[0].alerts[0].severity, Severity::Critical); // the worst first
        QCOMPARE(sent[1].alerts.size(), 1U);
        QCOMPARE(stage.pass(1h).size(), 0U);
    }

    void aChangedGroupWaitsForGroupInterval()
    {
        Stage stage;
        stage.fire("A", Severity::Warning, "one");
        QCOMPARE(stage.pass(31s).size(), 1U);
        stage.fire("A", Severity::Warning, "two");
        QCOMPARE(stage.pass(4min).size(), 0U);
        const auto sent = stage.pass(2min);
        QCOMPARE(sent.size(), 1U);
        QCOMPARE(sent[0].alerts.size(), 2U);
    }

    void whatFiresAnewWithoutAnEndIsNotToldTwice()
    {
        Stage stage;
        stage.fire("A");
        QCOMPARE(stage.pass(31s).size(), 1U);
        auto again = support::event("A", AlertTold::Fired, stage.clock.wallNow());
        again.incidentId = "another"; // the rules' memory of the first was lost
        again.id = "another-1";
        stage.tell(again);
        QCOMPARE(stage.pass(10min).size(), 0U);
        again.incidentId = "a third";
        again.id = "a third-1";
        again.severity = Severity::Critical;
        stage.tell(again);
        QCOMPARE(stage.pass(10min).size(), 1U);
        again.told = AlertTold::Resolved;
        again.id = "a third-2";
        stage.tell(again);
        QCOMPARE(stage.pass(10min).size(), 1U);
        stage.fire("A");
        QCOMPARE(stage.pass(10min).size(), 1U);
    }

    void whatTheRulesForgotIsEndedWhenItIsNoMore()
    {
        Stage stage;
        stage.fire("A");
        stage.fire("B");
        stage.fire("C");
        QCOMPARE(stage.pass(35s).size(), 3U); // one a second
        stage.desk.setKnown({"A/a"});
        QVERIFY(stage.desk.hasOrphans());
        const std::uint64_t b = support::event("B", AlertTold::Fired, {}).fingerprint;
        stage.desk.settleOrphans({});
        QVERIFY(stage.desk.hasOrphans()); // a minute has not gone yet
        QCOMPARE(stage.pass(10min).size(), 0U);
        stage.desk.settleOrphans({b});
        auto ended = stage.pass(1min);
        QCOMPARE(ended.size(), 1U);
        QCOMPARE(ended[0].alerts[0].firing, false);
        QCOMPARE(ended[0].groupKey, std::string("{}:{alertname=\"C\"}"));
        stage.resolve("B"); // by the rules themselves
        QCOMPARE(stage.pass(1min).size(), 1U);
        QVERIFY(!stage.desk.hasOrphans());
        stage.desk.settleOrphans({});
        QCOMPARE(stage.pass(10min).size(), 0U);
    }

    void resolvedIsToldOnceAndOnlyOfWhatWasTold()
    {
        Stage stage;
        stage.fire("A");
        QCOMPARE(stage.pass(31s).size(), 1U);
        stage.resolve("A");
        const auto sent = stage.pass(10min);
        QCOMPARE(sent.size(), 1U);
        QCOMPARE(sent[0].firing(), 0U);
        stage.fire("Short");
        stage.resolve("Short"); // came and went within group_wait
        QCOMPARE(stage.pass(1h).size(), 0U);
        stage.resolve("Unknown");
        QCOMPARE(stage.pass(1h).size(), 0U);
    }

    void withoutSendResolvedNothingIsSaidOfTheEnd()
    {
        auto setup = channel("ops");
        setup.sendResolved = false;
        Stage stage({setup});
        stage.fire("A");
        QCOMPARE(stage.pass(31s).size(), 1U);
        stage.resolve("A");
        QCOMPARE(stage.pass(1h).size(), 0U);
    }

    void aSeverityThatRoseIsToldAtOnce()
    {
        Stage stage;
        stage.fire("A");
        QCOMPARE(stage.pass(31s).size(), 1U);
        stage.tell(support::event("A", AlertTold::SeverityRose, stage.clock.wallNow(), Severity::Critical));
        QCOMPARE(stage.pass(1s).size(), 1U);
    }

    void anUnchangedGroupRepeatsWhenTheRuleSaysSo()
    {
        Stage stage;
        stage.fire("A");
        QCOMPARE(stage.pass(31s).size(), 1U);
        stage.pass(4h);
        stage.tell(support::event("A", AlertTold::Repeated, stage.clock.wallNow()));
        QCOMPARE(stage.pass(1min).size(), 1U);
    }

    void theChannelsOwnRepeatIntervalWinsAndAcknowledgedOnesStaySilent()
    {
        auto setup = channel("ops");
        setup.repeatInterval = 1h;
        Stage stage({setup});
        stage.fire("A");
        QCOMPARE(stage.pass(31s).size(), 1U);
        stage.tell(support::event("A", AlertTold::Repeated, stage.clock.wallNow()));
        QCOMPARE(stage.pass(59min).size(), 0U);
        QCOMPARE(stage.pass(2min).size(), 1U);
        stage.desk.setAcked({"A/a"});
        QCOMPARE(stage.pass(3h).size(), 0U);
    }

    void quietHoursLetOnlySevereOnesThrough()
    {
        auto setup = channel("ops");
        setup.quiet = metrics::QuietHours{22 * 60, 7 * 60, Severity::Critical};
        Stage stage({setup});
        stage.minute = 23 * 60;
        stage.fire("Mild");
        stage.fire("Passing");
        stage.fire("Bad", Severity::Critical);
        const auto night = stage.pass(1min);
        QCOMPARE(night.size(), 1U);
        QCOMPARE(night[0].groupLabels[0].second, std::string("Bad"));
        QVERIFY(stage.row().quiet);
        stage.resolve("Passing");
        stage.minute = 7 * 60;
        stage.clock.advance(8h);
        const auto morning = stage.pass(1min);
        QCOMPARE(morning.size(), 1U); // what began and ended at night is no news
        QCOMPARE(morning[0].groupLabels[0].second, std::string("Mild"));
    }

    void aStormOfOneGroupIsOneMessage()
    {
        Stage stage;
        std::vector<metrics::AlertEvent> storm;
        for (int i = 0; i < 500; ++i) {
            storm.push_back(support::event("A", AlertTold::Fired, stage.clock.wallNow(), Severity::Warning,
                                           std::to_string(i)));
        }
        stage.desk.take(storm);
        const auto sent = stage.pass(1h);
        QCOMPARE(sent.size(), 1U);
        QCOMPARE(sent[0].alerts.size(), 500U);
    }

    void aStormOfManyGroupsIsOneDigest()
    {
        auto setup = channel("ops");
        setup.groupBy = {"..."};
        Stage stage({setup});
        for (int i = 0; i < 500; ++i) {
            stage.fire("A" + std::to_string(i));
        }
        const auto sent = stage.pass(1h);
        QCOMPARE(sent.size(), 1U);
        QCOMPARE(sent[0].alerts.size(), 500U);
    }

    void dingTalkNeverSeesMoreThanTwentyAMinute()
    {
        auto setup = channel("ding", "dingtalk");
        setup.groupBy = {"alertname"};
        setup.groupWait = 0s;
        setup.groupInterval = 1s;
        setup.deadline = 24h;
        Stage stage({setup});
        for (int i = 0; i < 200; ++i) { // one every second: no digest can help
            stage.fire("A" + std::to_string(i));
            stage.pass(1s);
        }
        stage.pass(30min);
        QCOMPARE(stage.tries.size(), 200U);
        for (std::size_t i = 20; i < stage.tries.size(); ++i) {
            QVERIFY(stage.tries[i] - stage.tries[i - 20] >= 60s);
        }
    }

    void theRateOutlivesAKill()
    {
        support::FakeClock clock;
        notify::Journal journal;
        auto setup = channel("ding", "dingtalk");
        setup.groupWait = 0s;
        std::size_t sent = 0;
        for (int life = 0; life < 3; ++life) { // three desks one after the other over the same journal
            notify::Desk desk(journal, clock);
            desk.configure({setup});
            for (int i = 0; i < 15; ++i) {
                const auto event = support::event("L" + std::to_string(life) + "-" + std::to_string(i),
                                                  AlertTold::Fired, clock.wallNow());
                desk.take({&event, 1});
                for (const notify::Job& job : desk.due()) {
                    desk.finish(job.channel, job.message.id, Delivery::sent(), "");
                    ++sent;
                }
            }
        }
        QCOMPARE(sent, 20U);
    }

    void whatFailsIsTriedAgainLaterAndLaterAndThenGivenUp()
    {
        Stage stage;
        stage.answer = Delivery::retry("no route");
        stage.fire("A");
        stage.pass(2h);
        QCOMPARE(stage.row().queued, 0U);
        QCOMPARE(stage.row().expired, 1U);
        QCOMPARE(stage.row().lastError, std::string("no route"));
        QVERIFY(stage.tries.size() >= 15U);
        QVERIFY(stage.tries.size() < 40U);
        for (std::size_t i = 2; i < stage.tries.size(); ++i) {
            const auto gap = stage.tries[i] - stage.tries[i - 1];
            QVERIFY(gap >= 800ms);
            QVERIFY(gap <= 6min + 1s);
        }
        QVERIFY(stage.tries.back() - stage.tries.front() <= 1h);
    }

    void retryAfterIsObeyed()
    {
        Stage stage;
        stage.answer = Delivery::retry("HTTP 429", 10min);
        stage.fire("A");
        stage.pass(31s);
        stage.answer = Delivery::sent();
        QCOMPARE(stage.pass(9min).size(), 0U);
        QCOMPARE(stage.pass(2min).size(), 1U);
        QCOMPARE(stage.tries.size(), 2U);
    }

    void whatIsRefusedIsNotTriedAgain()
    {
        Stage stage;
        stage.answer = Delivery::refused("HTTP 400");
        stage.fire("A");
        QCOMPARE(stage.pass(1h).size(), 1U);
        QCOMPARE(stage.row().failed, 1U);
        QCOMPARE(stage.row().queued, 0U);
    }

    void alertmanagerHearsAtOnceEachMinuteAndFifteenMinutesAfterTheEnd()
    {
        Stage stage({channel("am", "alertmanager")});
        stage.fire("A");
        QCOMPARE(stage.pass(0s).size(), 1U);
        QCOMPARE(stage.pass(10min).size(), 10U);
        stage.resolve("A");
        const auto after = stage.pass(1h);
        QVERIFY(after.size() >= 15U);
        QVERIFY(after.size() <= 17U);
        QVERIFY(std::ranges::all_of(after, [](const notify::Message& m) { return m.firing() == 0; }));
    }

    void anEventIsTakenOnce()
    {
        Stage stage;
        const auto fired = support::event("A", AlertTold::Fired, stage.clock.wallNow());
        stage.tell(fired);
        QCOMPARE(stage.pass(31s).size(), 1U);
        stage.tell(fired); // told again after a restart of the rules
        QCOMPARE(stage.pass(1h).size(), 0U);
    }

    void aChannelThatIsNewIsToldOfWhatFires()
    {
        Stage stage;
        stage.fire("A");
        stage.pass(31s);
        stage.desk.configure({channel("ops"), channel("later")});
        const auto sent = stage.pass(31s);
        QCOMPARE(sent.size(), 1U);
        QCOMPARE(sent[0].channel, std::string("later"));
    }

    void aWallClockSetBackDelaysNobody()
    {
        Stage stage;
        stage.fire("A");
        stage.clock.setWall(stage.clock.wallNow() - 24h);
        QCOMPARE(stage.pass(31s).size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TstDesk)
#include "tst_desk.moc"
