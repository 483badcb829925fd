// What comes to light after an alert fired goes into its incident, and only where it belongs.
#include "monitor/alert/chronicle.h"
#include "monitor/alert/incident_json.h"

#include <QRegularExpression>
#include <QTest>

#include <vector>

using alert::Chronicle;
using namespace std::chrono_literals;

namespace {

alert::Moment at(int second)
{
    return {core::WallTime(std::chrono::seconds(1'700'000'000 + second)), core::SteadyTime(std::chrono::seconds(second))};
}

alert::Event fired(const std::string& name, int second)
{
    alert::Event event;
    event.row.name = name;
    event.row.incidentId = name + "-1";
    event.row.state = metrics::AlertState::Firing;
    event.row.firedAt = at(second).wall;
    event.change.from = metrics::AlertState::Pending;
    event.change.to = metrics::AlertState::Firing;
    return event;
}

struct World {
    World()
        : chronicle({[this](const metrics::Incident& one) { told.push_back(one); }, {}},
                    [](const metrics::Snapshot&) { return metrics::Evidence(); })
    {
    }

    [[nodiscard]] const metrics::Incident& open(const std::string& id) const { return chronicle.open().at(id); }

    std::vector<metrics::Incident> told;
    Chronicle chronicle;
};

std::vector<metrics::Evidence::Session> blocking()
{
    return {{4711, "app", "holder", "idle in transaction", "UPDATE t SET a = $1", {}, 5s},
            {4712, "app", "waiter", "active", "UPDATE t SET b = $1", {4711}, 3s}};
}

} // namespace

class TstChronicle final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void sessionsGoToThoseThatFiredLately()
    {
        World world;
        world.chronicle.changed(fired("Old", 0), {}, at(0));
        world.chronicle.changed(fired("New", 60), {}, at(60));
        world.told.clear();
        world.chronicle.add({blocking(), nullptr}, at(62));
        QCOMPARE(world.told.size(), std::size_t{1});
        QVERIFY(world.open("New-1").evidence.sessions == blocking());
        QVERIFY(world.open("Old-1").evidence.sessions.empty());
        world.chronicle.add({{blocking().front()}, nullptr}, at(63)); // what was seen first stays
        QCOMPARE(world.open("New-1").evidence.sessions.size(), std::size_t{2});
    }

    void whatResponsesDidGoesToTheAlertThatAsked()
    {
        World world;
        world.chronicle.changed(fired("Busy", 10), {}, at(10));
        world.chronicle.changed(fired("BusyToo", 10), {}, at(10));
        metrics::ResponseView view;
        view.degrade.why = "Busy, Other";
        view.log = {{at(12).wall, "level 2"}, {at(11).wall, "level 1"}, {at(3).wall, "before"}}; // newest first
        world.chronicle.add({{}, &view}, at(12));
        const auto& notes = world.open("Busy-1").responses;
        QCOMPARE(notes.size(), std::size_t{2});
        QCOMPARE(notes[0].text, std::string("level 1"));
        QCOMPARE(notes[1].text, std::string("level 2"));
        QVERIFY(world.open("BusyToo-1").responses.empty());
        const std::size_t told = world.told.size();
        world.chronicle.add({{}, &view}, at(13));
        QCOMPARE(world.told.size(), told); // nothing new, nothing written
        view.degrade.why.clear();
        view.log.insert(view.log.begin(), {at(14).wall, "level 0"});
        world.chronicle.add({{}, &view}, at(14));
        QCOMPARE(world.open("Busy-1").responses.size(), std::size_t{3});
    }

    void bothSurviveTheFile()
    {
        metrics::Incident incident;
        incident.id = "x";
        incident.firedAt = at(0).wall;
        incident.evidence.sessions = blocking();
        incident.evidence.holders = {{1, 2, "t", "s", "SELECT ?", std::chrono::seconds(3), false},
                                     {2, 3, "t", "s", "", std::chrono::seconds(2), true, "UPDATE \"x\""}};
        incident.responses = {{at(1).wall, "level 1 \"quoted\""}, {at(2).wall, "连接池"}};
        const auto read = alert::readIncident(alert::incidentLine(incident));
        QVERIFY(read.has_value());
        QVERIFY(read->evidence.holders == incident.evidence.holders);
        QVERIFY(read->responses == incident.responses);
        QVERIFY(read->evidence.sessions == incident.evidence.sessions);
        QVERIFY(alert::readIncident(R"({"id":"x","responses":[1,"a",{"at":5},null]})").has_value());
        QVERIFY(alert::readIncident(R"({"id":"x","responses":{"a":1}})").has_value());
    }
};

QTEST_GUILESS_MAIN(TstChronicle)
#include "tst_chronicle.moc"
