// What a server says it watches, and how that stays known while it is away.
#include "monitor/prometheus/answer.h"
#include "monitor/prometheus/watcher.h"
#include "tests/prometheus/server_catcher.h"
#include "tests/support/fake_clock.h"

#include <QRegularExpression>
#include <QTest>

using namespace std::chrono_literals;
using prometheus_test::saying;
using prometheus_test::specOf;
using support::CatcherAnswer;

namespace {

const std::string kRules =
    R"({"status":"success","data":{"groups":[{"name":"g","file":"r.yml","interval":15,"rules":[)"
    R"({"state":"firing","name":"A","query":"up == 0","duration":60,"labels":{"severity":"critical"},"health":"ok",)"
    R"("evaluationTime":0.002,"lastEvaluation":"2026-11-27T05:00:00.5Z","type":"alerting","alerts":[)"
    R"({"labels":{"alertname":"A","instance":"a:1","severity":"critical"},"annotations":{"summary":"gone"},)"
    R"("state":"firing","activeAt":"2026-11-27T04:00:00+01:00","value":"1.5e+01"},)"
    R"({"labels":{"alertname":"A","instance":"b:1"},"state":"pending","activeAt":"2026-11-27T04:59:00Z","value":"0"},)"
    R"({"labels":{"alertname":"A"},"state":"inactive"}, 7, {"labels":[]}]},)"
    R"({"name":"A","query":"up == 1","health":"err","lastError":"many-to-many\nmatching","type":"alerting",)"
    R"("lastEvaluation":"0001-01-01T00:00:00Z"},)"
    R"({"name":"a:b","query":"up + up","type":"recording","health":"unknown"}, {"query":"no name"}, "no rule"]},)"
    R"(17, {"name":"empty","rules":{"no":"list"}}]}})";
const std::string kTargets =
    R"({"status":"success","data":{"activeTargets":[)"
    R"({"labels":{"job":"j","instance":"a:1"},"scrapePool":"j","scrapeUrl":"http://a:1/metrics","health":"down",)"
    R"("lastError":"refused","lastScrape":"2026-11-27T05:00:00Z","lastScrapeDuration":0.25,"scrapeInterval":"1m30s"},)"
    R"({"labels":{"job":"j"},"health":"up","scrapeInterval":"250ms"}, {"health":"up"}, null],"droppedTargets":[]}})";

// As a Prometheus answers about what it watches.
CatcherAnswer watching(const support::CaughtRequest& request)
{
    return saying(200, request.path.find("/rules") != std::string::npos ? kRules : kTargets);
}

} // namespace

class PrometheusWatcherTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void rulesWithTheirAlertsAreRead()
    {
        const auto read = prometheus::readRules(kRules);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->rules.size(), 3U);
        const metrics::RemoteRule& first = read->rules[0];
        QCOMPARE(first.group, std::string("g"));
        QVERIFY(first.firing == 1 && first.pending == 1 && first.number == 1 && !first.recording);
        QVERIFY(first.holdFor == 60s && first.interval == 15s && first.took == 2ms);
        QCOMPARE(core::epochMillis(first.evaluated), 1795755600500);
        QCOMPARE(read->rules[1].number, 2);
        QCOMPARE(read->rules[1].lastError, std::string("many-to-many matching"));
        QVERIFY(read->rules[1].evaluated == core::WallTime{}); // Go's zero time is never
        QVERIFY(read->rules[2].recording);
        QCOMPARE(read->alerts.size(), 2U);
        QCOMPARE(read->alerts[0].severity, metrics::Severity::Critical);
        QCOMPARE(read->alerts[0].annotations.at("summary"), std::string("gone"));
        QVERIFY(read->alerts[0].value == 15 && read->alerts[0].state == metrics::AlertState::Firing);
        QCOMPARE(core::epochMillis(read->alerts[0].activeAt), 1795748400000);
        QCOMPARE(read->alerts[1].state, metrics::AlertState::Pending);
    }

    void targetsAreRead()
    {
        const auto read = prometheus::readTargets(kTargets);
        QVERIFY(read && read->size() == 2);
        QVERIFY(read->at(0).job == "j" && read->at(0).instance == "a:1" && read->at(0).health == "down");
        QVERIFY(read->at(0).took == 250ms && read->at(0).interval == 90s && read->at(1).interval == 250ms);
        QVERIFY(read->at(1).scraped == core::WallTime{});
    }

    void tooManyRulesAreRefused()
    {
        std::string rules;
        for (int i = 0; i < 20'001; ++i) {
            rules += std::string(i == 0 ? "" : ",") + R"({"name":"A","type":"alerting"})";
        }
        const auto read =
            prometheus::readRules(R"({"status":"success","data":{"groups":[{"rules":[)" + rules + "]}]}}");
        QVERIFY(!read && read.error().code == "strange");
    }

    void whatItKnewStaysWhileItIsAway_data()
    {
        QTest::addColumn<int>("act");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, CatcherAnswer::Do act, int status, const QByteArray& body) {
            QTest::newRow(name) << static_cast<int>(act) << status << body;
        };
        row("garbage", CatcherAnswer::Do::Reply, 200, "<html>login</html>");
        row("half an answer", CatcherAnswer::Do::Half, 200, kRules.c_str());
        row("a cut off text", CatcherAnswer::Do::Reply, 200, kRules.substr(0, 200).c_str());
        row("reset", CatcherAnswer::Do::Reset, 200, "");
        row("503", CatcherAnswer::Do::Reply, 503, "over capacity");
        row("500", CatcherAnswer::Do::Reply, 500, "");
        row("elsewhere", CatcherAnswer::Do::Reply, 302, "");
    }
    void whatItKnewStaysWhileItIsAway()
    {
        QFETCH(int, act);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        support::HttpCatcher catcher;
        catcher.answerTo(watching);
        support::FakeClock clock;
        prometheus::Client client(specOf(catcher), clock);
        prometheus::Watcher watcher(client, clock);
        using State = metrics::RemoteServer::State;
        QTRY_COMPARE_WITH_TIMEOUT(watcher.view()->state, State::Up, 20'000);
        QVERIFY(watcher.view()->rules.size() == 3 && watcher.view()->rules[0].server == client.spec().name);
        QVERIFY(watcher.view()->alerts.size() == 2 && watcher.view()->targets.size() == 2);
        const core::WallTime heard = watcher.view()->heard;
        clock.advance(15s);
        catcher.answer([&](std::size_t) {
            return CatcherAnswer{static_cast<CatcherAnswer::Do>(act), status,
                                 status == 302 ? "Location: http://elsewhere/\r\n" : "", body.toStdString()};
        });
        watcher.refresh();
        QTRY_COMPARE_WITH_TIMEOUT(watcher.view()->state, State::Away, 20'000);
        QVERIFY(!watcher.view()->error.empty() && watcher.view()->heard == heard);
        QCOMPARE(watcher.view()->alerts.size(), 2U);
        QVERIFY(watcher.view()->since > heard);
        catcher.answerTo(watching);
        clock.advance(120s); // beyond the longest pause
        watcher.refresh();
        QTRY_COMPARE_WITH_TIMEOUT(watcher.view()->state, State::Up, 20'000);
        QVERIFY(watcher.view()->error.empty() && watcher.view()->heard > heard);
    }

    void whoDoesNotKnowAQuestionIsNotAway()
    {
        support::HttpCatcher catcher; // Mimir has no targets, a Thanos without rulers no rules
        catcher.answerTo([](const support::CaughtRequest& request) {
            return request.path.find("/rules") != std::string::npos ? saying(200, kRules)
                                                                    : saying(404, "404 page not found");
        });
        prometheus::Client client(specOf(catcher));
        prometheus::Watcher watcher(client);
        QTRY_COMPARE_WITH_TIMEOUT(watcher.view()->state, metrics::RemoteServer::State::Up, 20'000);
        QVERIFY(watcher.view()->rulesNote.empty() && watcher.view()->rules.size() == 3);
        QVERIFY(watcher.view()->targetsNote.find("404") != std::string::npos);
    }
};

QTEST_MAIN(PrometheusWatcherTest)
#include "tst_prometheus_watcher.moc"
