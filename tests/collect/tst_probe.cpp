// The monitor's own connection against a real server: up, stopped, frozen, refused.
#include "monitor/collect/pg/probe.h"
#include "monitor/collect/pg/probe_session.h"
#include "tests/collect/host_root.h"
#include "tests/collect/pool_fixture.h"
#include "tests/support/pg_server.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using State = metrics::ServerView::State;
using Lines = std::vector<std::string>;

namespace {

collect::ProbeOptions optionsFor(const support::Log& log) {
    collect::ProbeOptions options;
    options.logger = log.logger;
    options.lang = [] { return core::Lang::Chinese; };
    return options;
}

pg::ConnInfo nowhere() {
    pg::ConnInfo info;
    info.set("host", "127.0.0.1");
    info.set("port", "1"); // tcpmux: nobody listens
    info.set("user", "nobody");
    info.set("dbname", "none");
    return info;
}

double elapsed(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace

class ProbeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.ok(), m_server.error()); }
    void init() { QVERIFY2(m_server.start(), m_server.error()); }
    void cleanup() { m_server.thaw(); }

    void aServerThatAnswersIsUp() {
        const support::Log log;
        collect::PgProbe probe(optionsFor(log));
        QCOMPARE(probe.view().state, State::Unknown);
        probe.start(m_server.connInfo(), "embedded");
        QTRY_COMPARE(probe.view().state, State::Up);
        const metrics::ServerView view = probe.view();
        QCOMPARE(view.target, std::string("embedded"));
        QVERIFY(view.version.starts_with("15"));
        QVERIFY(view.version.find(' ') == std::string::npos);
        QVERIFY(view.latency > 0ns && view.latency < 1s);
        QCOMPARE(view.maxConnections, 60);
        QVERIFY(view.ownSessions >= 1);
        QVERIFY(view.error.empty());
        QVERIFY(log.sink->take().empty());
        QVERIFY(probe.figures().serverTime >= view.latency);
    }
    // One holds a row, one waits for it, one waits for the second; the probe sees all three, without literals.
    void saysWhoBlocksWhom() {
        const auto connect = [this](const char* name) {
            pg::ConnInfo info = m_server.connInfo();
            info.set("application_name", name);
            return pg::Connection::open(info, pg::Deadline::in(5s));
        };
        auto holder = connect("holder"), first = connect("first"), second = connect("second");
        QVERIFY(holder && first && second);
        QVERIFY((*holder)->execute("CREATE TABLE IF NOT EXISTS blocked (id int)", {}, pg::Deadline::in(5s)));
        QVERIFY((*holder)->execute("BEGIN", {}, pg::Deadline::in(5s)));
        QVERIFY((*holder)->execute("LOCK TABLE blocked IN ACCESS EXCLUSIVE MODE", {}, pg::Deadline::in(5s)));
        std::vector<std::jthread> waiting;
        for (auto* one : {&first, &second}) {
            waiting.emplace_back([one] {
                (void)(**one)->execute("DELETE FROM blocked WHERE id = 4711", {}, pg::Deadline::in(30s));
            });
        }
        collect::PgProbe probe;
        probe.start(m_server.connInfo());
        QTRY_COMPARE(probe.view().state, State::Up);
        QVERIFY(probe.takeBlocking().empty()); // nobody has asked
        std::vector<metrics::Evidence::Session> seen;
        const auto look = [&] {
            probe.wantBlocking();
            auto found = probe.takeBlocking();
            if (!found.empty()) { // QTRY_COMPARE asks once more after the answer it waited for
                seen = std::move(found);
            }
            return seen.size();
        };
        QTRY_COMPARE_WITH_TIMEOUT(look(), std::size_t{3}, 20000);
        QVERIFY((*holder)->execute("ROLLBACK", {}, pg::Deadline::in(5s)));
        waiting.clear(); // joins
        QCOMPARE(seen[0].application, std::string("holder")); // who blocks stands first
        QVERIFY(seen[0].blockedBy.empty());
        QCOMPARE(seen[0].state, std::string("idle in transaction"));
        for (std::size_t i = 1; i < seen.size(); ++i) {
            QVERIFY(std::ranges::find(seen[i].blockedBy, seen[0].pid) != seen[i].blockedBy.end());
            QVERIFY2(seen[i].statement.find("4711") == std::string::npos, seen[i].statement.c_str());
            QVERIFY(seen[i].statement.find("blocked") != std::string::npos);
        }
    }
    void sessionsAreOursOrTheOthers() {
        collect::ProbeSession session(m_server.connInfo(), {"poolscope-monitor", "poolscope-pool"});
        const auto alone = [&] { // the sessions of the test before take a moment to go
            const auto answer = session.ask(2s, {});
            return answer && answer->ownSessions == 1 && answer->otherSessions == 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(alone(), 20000);
        pg::ConnInfo ours = m_server.connInfo();
        ours.set("application_name", "poolscope-pool");
        pg::ConnInfo theirs = m_server.connInfo();
        theirs.set("application_name", "it's {odd}, isn't it");
        const auto one = pg::Connection::open(ours, pg::Deadline::in(5s));
        const auto two = pg::Connection::open(theirs, pg::Deadline::in(5s));
        QVERIFY(one && two);
        const auto after = session.ask(2s, {});
        QVERIFY(after);
        QCOMPARE(after->ownSessions, 2);
        QCOMPARE(after->otherSessions, 1);
    }
    void theProbeCannotWriteNorRunLong() {
        const auto session =
            pg::Connection::open(collect::probeTarget(m_server.connInfo()), pg::Deadline::in(5s));
        QVERIFY(session);
        QVERIFY((*session)->execute(collect::probeSettings()));
        const auto shown =
            (*session)->execute("SELECT current_setting('statement_timeout'),"
                                " current_setting('lock_timeout'), current_setting('application_name')");
        QVERIFY(shown);
        QCOMPARE(shown->text(0, 0), std::string_view("2s"));
        QCOMPARE(shown->text(0, 1), std::string_view("200ms"));
        QCOMPARE(shown->text(0, 2), std::string_view("poolscope-monitor"));
        const auto written = (*session)->execute("CREATE TABLE forbidden (id int)");
        QVERIFY(!written);
        QCOMPARE(written.error().code, std::string("25006"));
    }
    void aStoppedServerIsDownOnceInTheLogAndBack() {
        const support::Log log;
        collect::PgProbe probe(optionsFor(log));
        probe.setInterval(100ms);
        probe.start(m_server.connInfo());
        QTRY_COMPARE(probe.view().state, State::Up);
        m_server.stop();
        QTRY_COMPARE(probe.view().state, State::Down);
        const metrics::ServerView down = probe.view();
        QVERIFY(!down.error.empty());
        QVERIFY(down.error.find('\n') == std::string::npos);
        QVERIFY(!down.sqlstate.empty());
        QVERIFY(down.nextTryIn <= 1s);
        const std::uint64_t failures = probe.figures().failures;
        QTRY_VERIFY(probe.figures().failures >= failures + 2); // tries again, and says nothing more
        QVERIFY2(m_server.start(), m_server.error());
        probe.retryNow();
        QTRY_COMPARE(probe.view().state, State::Up);
        const Lines lines = log.sink->take();
        QCOMPARE(lines.size(), std::size_t{2});
        QVERIFY2(lines[0].starts_with("error 健康检查失败: "), lines[0].c_str());
        QVERIFY2(lines[1].starts_with("info 健康检查恢复正常"), lines[1].c_str());
    }
    void aFrozenServerIsNoticedWithinThreeSeconds() {
        const support::Log log;
        collect::PgProbe probe(optionsFor(log));
        probe.start(m_server.connInfo());
        QTRY_COMPARE(probe.view().state, State::Up);
        m_server.freeze();
        const auto begin = std::chrono::steady_clock::now();
        QTRY_COMPARE_WITH_TIMEOUT(probe.view().state, State::Down, 6000);
        const double took = elapsed(begin);
        m_server.thaw();
        QVERIFY2(took <= 3.1, qPrintable(QString::number(took)));
        probe.retryNow();
        QTRY_COMPARE(probe.view().state, State::Up);
    }
    void stoppingDoesNotWaitForAFrozenServer() {
        const support::Log log;
        collect::PgProbe probe(optionsFor(log));
        probe.start(m_server.connInfo());
        QTRY_COMPARE(probe.view().state, State::Up);
        m_server.freeze();
        const auto begin = std::chrono::steady_clock::now();
        probe.stop();
        QVERIFY(elapsed(begin) < 2.5);
    }
    void nobodyListeningIsDownWithAReason() {
        const support::Log log;
        collect::PgProbe probe(optionsFor(log));
        probe.start(nowhere());
        QTRY_COMPARE(probe.view().state, State::Down);
        QVERIFY(!probe.view().error.empty());
        probe.retarget(m_server.connInfo(), "another");
        QTRY_COMPARE(probe.view().state, State::Up); // at once, whatever the backoff
        QCOMPARE(probe.view().target, std::string("another"));
    }
    void theCollectorTellsWhatIsKnown() {
        const support::Log log;
        collect::PgProbe probe(optionsFor(log));
        collect::ProbeCollector collector(probe);
        metrics::Snapshot snapshot;
        QVERIFY(support::collectInto(collector, snapshot));
        QVERIFY(std::isnan(snapshot.value("db_up"))); // nobody knows yet
        probe.start(m_server.connInfo());
        QTRY_COMPARE(probe.view().state, State::Up);
        QVERIFY(support::collectInto(collector, snapshot));
        QCOMPARE(snapshot.value("db_up"), 1.0);
        QCOMPARE(snapshot.value("db_server_max_connections"), 60.0);
        QCOMPARE(snapshot.server.state, State::Up);
        m_server.stop();
        probe.retryNow();
        QTRY_COMPARE(probe.view().state, State::Down);
        const bool content = support::collectInto(collector, snapshot);
        QVERIFY(!content);
        QCOMPARE(snapshot.value("db_up"), 0.0);
        QVERIFY(std::isnan(snapshot.value("db_probe_latency_seconds")));
        QVERIFY(std::isnan(snapshot.value("db_server_other_sessions")));
        QVERIFY(snapshot.value("db_probe_failures_total") >= 1);
    }

private:
    support::PgServer m_server;
};

QTEST_GUILESS_MAIN(ProbeTest)
#include "tst_probe.moc"
