#include "monitor/net/endpoint.h"
#include "monitor/net/health_handler.h"
#include "monitor/net/host_handler.h"
#include "monitor/net/metrics_handler.h"
#include "monitor/net/responses_handler.h"
#include "monitor/net/notifiers_handler.h"
#include "monitor/net/scenarios_handler.h"
#include "monitor/net/status_handler.h"
#include "monitor/net/work_queue.h"
#include "monitor/net/workload_handler.h"
#include "tests/support/demo_witness.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <atomic>
#include <future>

using core::Lang;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr metrics::MetricDef kMemory{
    "host_memory_usage_ratio", metrics::Kind::Gauge, core::Unit::Ratio, "h", {}, {}, {}};
constexpr metrics::MetricDef kDisk{
    "host_disk_usage_ratio", metrics::Kind::Gauge, core::Unit::Ratio, "h", {}, {}, {}};
constexpr metrics::MetricDef kLoad{"host_load1", metrics::Kind::Gauge, core::Unit::Load, "h", {}, {}, {}};

// The reference's pool of 10 + 20 with `taken` connections in use and `idle` ones open.
std::shared_ptr<metrics::Snapshot> snapshotWith(int taken, int idle = 0)
{
    auto made = std::make_shared<metrics::Snapshot>();
    made->at = core::WallTime(std::chrono::microseconds(1'795'165'927'743'115));
    made->server.state = metrics::ServerView::State::Up;
    metrics::PoolView& pool = made->pool;
    pool.present = true;
    pool.state = "up";
    pool.config.timeout = 30s;
    pool.config.recycle = 3600s;
    pool.checkedOut = taken;
    pool.checkedIn = idle;
    pool.total = taken + idle;
    pool.overflow = std::max(0, pool.total - 10);
    pool.maxConnections = 30;
    pool.usage = taken / 30.0;
    return made;
}

json bodyOf(const net::Response& response)
{
    return json::parse(*response.body);
}

metrics::ScenarioRow scenario()
{
    metrics::ScenarioRow row;
    row.name = "burst";
    row.parameters = {{"rate", "Rate", "/s", 100, 100, 1, 1000, true},
                      {"work", "Work", "s", 0.5, 0.5, 0, 10, false}};
    return row;
}

} // namespace

class HandlersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void healthFollowsTheContractsTable_data()
    {
        QTest::addColumn<int>("taken");
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("usage");
        const auto row = [](int taken, const char* status, const char* message, const char* usage) {
            QTest::addRow("%d of 30", taken) << taken << status << message << usage;
        };
        row(0, "healthy", "数据库连接正常", "0.0%");
        row(1, "healthy", "数据库连接正常", "3.3%");
        row(5, "healthy", "数据库连接正常", "16.7%");
        row(10, "healthy", "数据库连接正常", "33.3%");
        row(17, "healthy", "数据库连接正常", "56.7%");
        row(18, "healthy", "数据库连接正常", "60.0%");
        row(19, "healthy", "数据库连接正常", "63.3%");
        row(24, "healthy", "数据库连接正常", "80.0%");
        row(25, "warning", "连接池使用率较高（>80%）", "83.3%");
        row(27, "warning", "连接池使用率较高（>80%）", "90.0%");
        row(28, "critical", "连接池使用率过高（>90%）", "93.3%");
        row(30, "critical", "连接池使用率过高（>90%）", "100.0%");
    }
    void healthFollowsTheContractsTable()
    {
        QFETCH(int, taken);
        QFETCH(QString, status);
        QFETCH(QString, message);
        QFETCH(QString, usage);
        const net::Response response = net::healthResponse(snapshotWith(taken), Lang::Chinese);
        QCOMPARE(response.status, 200);
        const json body = bodyOf(response);
        QCOMPARE(QString::fromStdString(body["status"].get<std::string>()), status);
        QCOMPARE(QString::fromStdString(body["message"].get<std::string>()), message);
        QCOMPARE(QString::fromStdString(body["pool"]["usage"].get<std::string>()), usage);
        QCOMPARE(body["pool"]["overflow"].get<int>(), std::max(0, taken - 10));
        QCOMPARE(body["pool"]["max_connections"].get<int>(), 30);
        QCOMPARE(body["timestamp"].get<std::string>(), std::string("2026-11-20T09:12:07.743115+00:00"));
    }

    void noIdleIsAWarningOnlyWhenNoPlaceIsLeft()
    {
        auto snapshot = snapshotWith(10);
        snapshot->pool.total = 30; // 20 more are being opened or reset
        QCOMPARE(bodyOf(net::healthResponse(snapshot, Lang::Chinese))["message"].get<std::string>(),
                 std::string("无空闲连接"));
        QCOMPARE(bodyOf(net::healthResponse(snapshot, Lang::Chinese))["status"].get<std::string>(),
                 std::string("warning"));
        snapshot->pool.maxConnections = 0; // limit not known
        QCOMPARE(bodyOf(net::healthResponse(snapshot, Lang::English))["status"].get<std::string>(),
                 std::string("healthy"));
    }

    void aServerThatIsAwayIsA503InOneCleanLine()
    {
        auto snapshot = snapshotWith(0);
        snapshot->server.state = metrics::ServerView::State::Down;
        snapshot->server.error =
            "connection to server at \"10.1.2.3\", port 5432 failed: FATAL:  the database system is "
            "shutting down\nwith user=app password=secret";
        snapshot->server.sqlstate = "57P03";
        const net::Response response = net::healthResponse(snapshot, Lang::Chinese);
        QCOMPARE(response.status, 503);
        QCOMPARE(bodyOf(response)["detail"].get<std::string>(),
                 std::string("数据库连接失败: FATAL: the database system is shutting down with user=… "
                             "password=… (SQLSTATE 57P03)"));
        snapshot->server.error.clear();
        snapshot->server.sqlstate.clear();
        QCOMPARE(bodyOf(net::healthResponse(snapshot, Lang::English))["detail"].get<std::string>(),
                 std::string("Database connection failed: the server does not answer"));
    }

    void aPoolThatGetsNoConnectionIsA503()
    {
        for (const char* state : {"down", "blocked", "closed"}) {
            auto snapshot = snapshotWith(0);
            snapshot->pool.state = state;
            QCOMPARE(net::healthResponse(snapshot, Lang::English).status, 503);
        }
        auto starting = snapshotWith(0);
        starting->server.state = metrics::ServerView::State::Starting;
        QCOMPARE(net::healthResponse(starting, Lang::English).status, 503);
        QCOMPARE(net::healthResponse(nullptr, Lang::English).status, 503);
        auto suspended = snapshotWith(3);
        suspended->pool.state = "suspended";
        QCOMPARE(net::healthResponse(suspended, Lang::English).status, 200);
    }

    void statusHasTheReferencesFieldsAndSentence()
    {
        auto snapshot = snapshotWith(0, 1);
        snapshot->pool.lastError = "timeout at 10.0.0.1";
        snapshot->pool.slots.resize(2);
        snapshot->pool.waiters.resize(1);
        for (std::uint64_t number = 8; number > 0; --number) {
            metrics::AutopsyRow autopsy;
            autopsy.number = number;
            autopsy.outcome = "timeout";
            autopsy.holders.resize(30);
            snapshot->pool.autopsies.push_back(std::make_shared<const metrics::AutopsyRow>(autopsy));
        }
        const std::vector<metrics::SnapshotPtr> history(75, snapshot);
        const json body = bodyOf(net::statusResponse(snapshot, history, Lang::English));
        QCOMPARE(body["pool"]["status"].get<std::string>(),
                 std::string("Pool size: 10  Connections in pool: 1 Current Overflow: 0 Current Checked out "
                             "connections: 0"));
        for (const char* field : {"size", "checked_in", "checked_out", "overflow"}) {
            QVERIFY2(body["pool"][field].is_number_integer(), field);
        }
        QVERIFY(body["config"]["pool_size"] == json(10));
        QVERIFY(body["config"]["max_overflow"] == json(20));
        QVERIFY(body["config"]["timeout"].is_number_integer());
        QVERIFY(body["config"]["timeout"] == json(30));
        QVERIFY(body["config"]["recycle"] == json(3600));
        QCOMPARE(body["history"].size(), std::size_t{60});
        QCOMPARE(body["slots"].size(), std::size_t{2});
        QCOMPARE(body["waiters"].size(), std::size_t{1});
        QCOMPARE(body["autopsies"].size(), std::size_t{5});
        QVERIFY(body["autopsies"][0]["number"] == json(8));
        QCOMPARE(body["autopsies"][0]["holders"].size(), std::size_t{30});
        QVERIFY(body["state"] == json("up"));
        QVERIFY(body["last_error"]["message"] == json("timeout at …"));
        QVERIFY(bodyOf(net::statusResponse(snapshotWith(1), {}, Lang::English))["last_error"].is_null());
        QCOMPARE(net::statusResponse(nullptr, {}, Lang::English).status, 503);
    }

    void statusSaysWhatIsWrongInTheCallersLanguage()
    {
        auto snapshot = snapshotWith(0);
        snapshot->pool.state = snapshot->pool.verdict = "down";
        snapshot->pool.lastError = "connection to server at \"10.1.2.3\", port 5432 failed: Connection refused";
        snapshot->pool.lastErrorSqlstate = "08006";
        const json english = bodyOf(net::statusResponse(snapshot, {}, Lang::English));
        QCOMPARE(english["cause"].get<std::string>(),
                 std::string("Down: no connection can be opened: Connection refused (08006)."));
        const json chinese = bodyOf(net::statusResponse(snapshot, {}, Lang::Chinese));
        QVERIFY(chinese["cause"].get<std::string>().starts_with("不可用"));
        QVERIFY(chinese["cause"].get<std::string>().find("10.1.2.3") == std::string::npos);
        QVERIFY(english["verdict"] == chinese["verdict"]); // words for programs stay as they are
        snapshot = snapshotWith(30);
        snapshot->pool.verdict = "held";
        snapshot->pool.slots.resize(1);
        snapshot->pool.slots[0].state = metrics::SlotState::Leaked;
        snapshot->pool.slots[0].tag = "orders";
        const json held = bodyOf(net::statusResponse(snapshot, {}, Lang::English));
        QVERIFY(held["cause"].get<std::string>().starts_with("Held, not working: 30 of 30"));
        QVERIFY(held["concern"].get<std::string>().starts_with("Suspected leak: place 0, orders"));
    }

    void statusTellsEventsAndLifeLines()
    {
        demo::Witness witness;
        auto snapshot = snapshotWith(0);
        snapshot->interval = 1s;
        snapshot->pool.slots.resize(2);
        snapshot->pool.slots[1].slot = 1;
        for (int tick = 0; tick < 400; ++tick) {
            snapshot->at += 1s;
            snapshot->pool.slots[0].state = metrics::SlotState::Idle;
            snapshot->pool.slots[1].state = tick % 2 == 0 ? metrics::SlotState::Active : metrics::SlotState::Held;
            witness.take(*snapshot);
        }
        for (int i = 0; i < 150; ++i) {
            metrics::PoolEventRow event;
            event.kind = "connect_failed";
            event.slot = 1;
            event.sqlstate = "08006";
            event.detail = "connection to server at \"db.example\" (10.1.2.3), port 5432 failed: no route";
            witness.add(event);
        }
        const json body = bodyOf(net::statusResponse(snapshot, {}, Lang::English, &witness));
        QCOMPARE(body["events"].size(), std::size_t{100});
        QVERIFY(body["events"][0]["number"] == json(150)); // the newest first
        QVERIFY(body["events"][0]["kind"] == json("connect_failed"));
        QVERIFY(body.dump().find("10.1.2.3") == std::string::npos);
        QVERIFY(body.dump().find("db.example") == std::string::npos);
        const json& lanes = body["life_lines"]["lanes"];
        QCOMPARE(lanes.size(), std::size_t{2});
        const double idle = lanes[0]["seconds"]["idle"].get<double>();
        QVERIFY(idle >= 299 && idle <= 302); // five minutes of the gauge "1 idle"
        QCOMPARE(lanes[1]["seconds"]["active"].get<double>() + lanes[1]["seconds"]["idle_held"].get<double>(), idle);
        QVERIFY(!bodyOf(net::statusResponse(snapshot, {}, Lang::English)).contains("events"));
    }

    void hostSpeaksPercentAndKnowsWhatItDoesNotKnow()
    {
        auto snapshot = snapshotWith(0);
        metrics::SampleBuilder builder(*snapshot);
        builder.push(kMemory, 0.25149);
        builder.push(kDisk, 0.5, {{"mountpoint", "/data"}});
        builder.push(kDisk, 0.251, {{"mountpoint", "/"}});
        builder.push(kLoad, 1.25);
        const json body = bodyOf(net::hostResponse(snapshot, Lang::English));
        QVERIFY(body["memory_usage"] == json(25.1));
        QVERIFY(body["disk_usage"] == json(25.1));
        QVERIFY(body["load_average"]["1"] == json(1.25));
        QVERIFY(body["load_average"]["15"].is_null());
        QVERIFY(body["cpu_usage"].is_null());
        QVERIFY(body["cores"].is_null());
    }

    void metricsAreMadeOncePerSnapshotAndFormat()
    {
        int made = 0;
        net::MetricsHandler handler([&](const metrics::Snapshot&, net::ExpositionFormat format) {
            ++made;
            return format == net::ExpositionFormat::Text004 ? std::string("text") : std::string("open");
        });
        const metrics::SnapshotPtr first = snapshotWith(1);
        const net::Response once = handler.answer(first, "", Lang::English);
        const net::Response twice = handler.answer(first, "", Lang::English);
        QCOMPARE(made, 1);
        QVERIFY(once.body == twice.body);
        QCOMPARE(*handler.answer(first, "application/openmetrics-text", Lang::English).body,
                 std::string("open"));
        QCOMPARE(*handler.answer(first, "", Lang::English).body, std::string("text"));
        QCOMPARE(made, 2);
        static_cast<void>(handler.answer(snapshotWith(2), "", Lang::English));
        QCOMPARE(made, 3);
        QCOMPARE(handler.answer(nullptr, "", Lang::English).status, 503);
    }

    void parametersAreCheckedAgainstTheirLimits_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const QByteArray& body, const QByteArray& problem) {
            QTest::newRow(name) << body << problem;
        };
        row("none", "", "");
        row("blank", " \r\n", "");
        row("empty object", "{}", "");
        row("both", R"({"rate": 1000, "work": 0.25})", "");
        row("consent", R"({"consent": true})", "");
        row("unknown", R"({"speed": 1})", "no parameter 'speed'");
        row("text", R"({"rate": "100"})", "must be a number");
        row("null", R"({"rate": null})", "must be a number");
        row("nested", R"({"rate": {"a": 1}})", "must be a number");
        row("consent as number", R"({"consent": 1})", "no parameter 'consent'");
        row("fraction", R"({"rate": 1.5})", "whole number");
        row("too small", R"({"rate": 0})", "out of range: 1 … 1000");
        row("too large", R"({"rate": 1e300})", "out of range");
        row("twice", R"({"rate": 1, "rate": 2})", "JSON object");
        row("list", "[1]", "JSON object");
        row("number", "7", "JSON object");
        row("cut off", R"({"rate": 1)", "JSON object");
        row("rubbish behind", R"({"rate": 1} x)", "JSON object");
        row("infinite", R"({"rate": 1e999})", "");
        row("deep", QByteArray(100'000, '['), "JSON object");
        row("deep objects", QByteArray(R"({"a":)").repeated(50'000), "JSON object");
        row("no UTF-8", "{\"\xff\": 1}", "JSON object");
        row("NUL", QByteArray("{\0}", 3), "JSON object");
    }
    void parametersAreCheckedAgainstTheirLimits()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, problem);
        const std::string_view text(body.constData(), static_cast<std::size_t>(body.size()));
        const auto parsed = net::parseParameters(text, scenario(), Lang::English);
        if (body.contains("1e999")) {
            QVERIFY(!parsed);
            return;
        }
        QCOMPARE(parsed.has_value(), problem.isEmpty());
        if (!parsed) {
            QVERIFY2(parsed.error().message.find(problem.constData()) != std::string::npos,
                     parsed.error().message.c_str());
        }
    }

    void scenarioErrorsBecomeFittingStatuses()
    {
        auto snapshot = snapshotWith(0);
        snapshot->scenarios = {scenario()};
        net::Backend backend;
        backend.latest = [&] { return metrics::SnapshotPtr(snapshot); };
        core::Result<void> answer;
        backend.startScenario = [&](const std::string&, const std::map<std::string, double>&) {
            return answer;
        };
        const auto start = [&](const std::string& name) {
            return net::startScenario(backend, name, "", Lang::English).status;
        };
        QCOMPARE(start("burst"), 200);
        QCOMPARE(start("no such"), 404);
        answer = core::fail("needs consent", "consent");
        QCOMPARE(start("burst"), 403);
        answer = core::fail("it is running", "running");
        QCOMPARE(start("burst"), 409);
        QCOMPARE(net::stopScenario(backend, "burst", Lang::English).status, 503);
        QVERIFY(bodyOf(net::listScenarios(backend))["scenarios"][0]["parameters"][1]["name"] == json("work"));
        QCOMPARE(net::startScenario({}, "burst", "", Lang::English).status, 503);
    }

    void workloadTextsAreTheReferences()
    {
        net::Backend backend;
        backend.runWorkload = [](net::Workload, const std::function<void(net::WorkloadResult)>& done) {
            done({true, 10, {}});
        };
        const auto message = [&](net::Workload workload) {
            json body;
            net::answerWorkload(backend, workload, Lang::Chinese,
                                [&](const net::Response& response) { body = bodyOf(response); });
            return body["message"].get<std::string>();
        };
        QCOMPARE(message(net::Workload::Normal), std::string("正常查询"));
        QCOMPARE(message(net::Workload::Slow), std::string("慢查询"));
        QCOMPARE(message(net::Workload::LongConnection), std::string("长时间占用连接"));
        int status = 0;
        net::answerWorkload({}, net::Workload::Slow, Lang::English,
                            [&](const net::Response& response) { status = response.status; });
        QCOMPARE(status, 503);
    }

    void commandsForResponsesAreExactlyOneThing_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("degrade"); // kind, -1 = refused
        QTest::addColumn<int>("scale");
        using Kind = metrics::ResponseCommand::Kind;
        const auto row = [](const char* body, int degrade, int scale) { QTest::newRow(body) << QByteArray(body) << degrade << scale; };
        row(R"({"level": 0})", int(Kind::HoldLevel), -1);
        row(R"({"level": 4})", int(Kind::HoldLevel), -1);
        row(R"({"level": 5})", -1, -1);
        row(R"({"level": -1})", -1, -1);
        row(R"({"level": 1.5})", -1, -1);
        row(R"({"level": "1"})", -1, -1);
        row(R"({"level": 18446744073709551615})", -1, -1);
        row(R"({"level": 1, "level": 2})", -1, -1);
        row(R"({"level": 1, "dry_run": false})", -1, -1);
        row(R"({"automatic": true})", int(Kind::Automatic), -1);
        row(R"({"automatic": false})", -1, -1);
        row(R"({"dry_run": false})", int(Kind::DegradeDryRun), int(Kind::ScaleDryRun));
        row(R"({"dry_run": 0})", -1, -1);
        row(R"({"act": true})", -1, int(Kind::ScaleNow));
        row(R"({"undo": true})", -1, int(Kind::UndoScale));
        row(R"({"act": {"a": {"b": {"c": 1}}}})", -1, -1);
        row("{}", -1, -1);
        row("[]", -1, -1);
        row("true", -1, -1);
        row("", -1, -1);
        row("{\"level\": 1", -1, -1);
        row("\xFF\xFE", -1, -1);
    }
    void commandsForResponsesAreExactlyOneThing()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, degrade);
        QFETCH(int, scale);
        const auto one = net::parseDegradeCommand(body.toStdString());
        const auto two = net::parseScaleCommand(body.toStdString());
        QCOMPARE(one ? int(one->kind) : -1, degrade);
        QCOMPARE(two ? int(two->kind) : -1, scale);
    }
    void degradationIsInTheStatusForOthersToFollow()
    {
        auto made = snapshotWith(1);
        made->responses.degrade.level = 2;
        made->responses.degrade.dryRun = false;
        made->responses.degrade.steps = {{"shed_background", "x", metrics::StepState::Done, "", {}},
                                         {"pause_jobs", "x", metrics::StepState::WouldDo, "", {}}};
        const json degrade = bodyOf(net::statusResponse(made, {}, Lang::English))["degrade"];
        QVERIFY(degrade["level"] == 2 && degrade["dry_run"] == false && degrade["since"].is_null());
        QVERIFY(degrade["steps"]["shed_background"] == "done" && degrade["steps"]["pause_jobs"] == "would_do");
    }
    void aTestOfANotifierAnswersWithItsOutcome()
    {
        net::Backend backend;
        core::Result<void> outcome;
        backend.testNotifier = [&](const std::string&, const std::function<void(const core::Result<void>&)>& answer) {
            answer(outcome);
        };
        const net::Router router = net::makeRouter(backend);
        const auto asked = [&] {
            const auto match = router.match("POST", "/api/v2/notifiers/ops/test");
            net::Request request;
            request.method = "POST";
            request.capture = match.capture;
            net::Response answer;
            match.route->handler(request, [&](const net::Response& response) { answer = response; });
            return answer;
        };
        QCOMPARE(router.match("POST", "/api/v2/notifiers/ops/test").route->access, net::Access::Token);
        QCOMPARE(asked().status, 200);
        QCOMPARE(bodyOf(asked())["name"].get<std::string>(), std::string("ops"));
        outcome = core::fail("there is no channel ops", "unknown");
        QCOMPARE(asked().status, 404);
        outcome = core::fail("other tests are under way", "busy");
        QCOMPARE(asked().status, 503);
        outcome = core::fail("HTTP 500 from 10.1.2.3:80", "delivery");
        QCOMPARE(asked().status, 502);
        QVERIFY(bodyOf(asked())["detail"].get<std::string>().find("10.1.2.3") == std::string::npos);
    }

    void channelsAreListedWithoutTheirSettings()
    {
        auto made = snapshotWith(1);
        metrics::ChannelRow row;
        row.name = "ops";
        row.kind = "email";
        row.sent = 3;
        row.lastError = "login refused";
        made->channels = {row};
        net::Backend backend;
        backend.latest = [&] { return made; };
        const json body = bodyOf(net::listNotifiers(backend));
        QCOMPARE(body["notifiers"].size(), 1U);
        QCOMPARE(body["notifiers"][0]["sent"].get<int>(), 3);
        QCOMPARE(body["notifiers"][0]["last_error"].get<std::string>(), std::string("login refused"));
        QVERIFY(body["notifiers"][0]["last_sent"].is_null());
    }

    void emptyBackendAnswersEverythingWithoutCrashing()
    {
        const net::Router router = net::makeRouter({});
        for (const char* path :
             {"/metrics", "/health/db", "/pool/status", "/host", "/-/ready", "/api/v1/query", "/api/v1/rules",
              "/api/v1/alerts", "/api/v1/metadata", "/api/v1/labels", "/api/v1/label/job/values"}) {
            net::Request request;
            request.method = "GET";
            request.path = path;
            std::promise<int> status;
            router.match("GET", path).route->handler(request, [&](const net::Response& response) {
                status.set_value(response.status);
            });
            QCOMPARE(status.get_future().get(), 503);
        }
    }

    void aFullQueueSaysSo()
    {
        std::promise<void> open;
        std::shared_future<void> gate(open.get_future());
        std::atomic<int> ran{0};
        {
            net::WorkQueue queue(1, 2);
            std::promise<void> begun;
            QVERIFY(queue.post([&] {
                begun.set_value();
                gate.wait();
                ++ran;
            }));
            begun.get_future().wait();
            QVERIFY(queue.post([&] { ++ran; }));
            QVERIFY(queue.post([&] { ++ran; }));
            QVERIFY(!queue.post([&] { ++ran; }));
            open.set_value();
            QTRY_COMPARE(ran.load(), 3);
        }
        QCOMPARE(ran.load(), 3);
    }
};

QTEST_GUILESS_MAIN(HandlersTest)
#include "tst_handlers.moc"
