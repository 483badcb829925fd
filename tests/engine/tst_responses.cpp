// Responses of the whole program on a real server: an alert fires, background requests are refused while critical ones go
// on, and everything is as before when it is over. And a watched log that makes an alert fire.
#include "monitor/engine/engine.h"
#include "monitor/pool/connection_pool.h"
#include "monitor/pool/result_cache.h"
#include "monitor/respond/job_gate.h"
#include "tests/support/http_client.h"
#include "tests/support/pg_server.h"
#include "tests/support/scale_server.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <charconv>
#include <memory>
#include <vector>

#include <fmt/format.h>

using namespace std::chrono_literals;
using metrics::ResponseCommand;
using pool::Outcome;
using pool::Priority;

class ResponsesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<engine::Engine> m_engine;
    std::uint16_t m_port = 0;

    std::string write(const char* name, const QByteArray& text) const
    {
        QFile file(m_folder->filePath(name));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Append) || file.write(text) != text.size()) {
            qFatal("cannot write");
        }
        return m_folder->filePath(name).toStdString();
    }
    engine::Config config() const
    {
        engine::Config config;
        config.embedded = false;
        config.server = m_server->connInfo();
        config.dataDir = m_folder->path().toStdString();
        config.defaultRules = POOLSCOPE_SOURCE_DIR "/resources/rules/default.yml";
        config.ruleFiles = {write("busy.yml", "groups:\n- name: g\n  rules:\n  - alert: Busy\n"
                                              "    expr: db_pool_checked_out >= 3\n"
                                              "  - alert: Asking\n    expr: db_pool_checked_out == 2\n"
                                              "    annotations: {poolscope_response: degrade}\n")};
        config.listen = engine::ListenAddress{"127.0.0.1", 0};
        config.interval = 100ms;
        config.pool.timeout = 5s;
        config.degrade.alerts = {"Busy"};
        config.degrade.stepUp = 300ms;
        config.degrade.stepDown = 1s;
        return config;
    }
    void start(const engine::Config& with)
    {
        m_engine = std::make_unique<engine::Engine>(with, [] { return engine::LogFigures{}; });
        const auto started = m_engine->start();
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        QTRY_VERIFY(m_engine->latest() && m_engine->latest()->server.state == metrics::ServerView::State::Up);
        const std::string endpoint = m_engine->latest()->endpoint;
        const std::string digits = endpoint.substr(endpoint.rfind(':') + 1);
        std::from_chars(digits.data(), digits.data() + digits.size(), m_port);
        QVERIFY(m_port != 0);
    }
    metrics::DegradeView degrade() const { return m_engine->latest()->responses.degrade; }
    QJsonObject json(std::string_view path) const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(support::httpCall({m_port, "GET", path}).body)).object();
    }
    int post(std::string_view path, std::string_view body, bool withToken) const
    {
        QFile file(m_folder->filePath("token"));
        if (!file.open(QIODevice::ReadOnly)) {
            return -1;
        }
        const std::string header =
            withToken ? fmt::format("Authorization: Bearer {}\r\n", file.readAll().trimmed().toStdString()) : std::string();
        return support::httpCall({m_port, "POST", path, header, body}).status;
    }
    Outcome ask(Priority priority) const
    {
        auto lease = m_engine->pool().acquire({.tag = pool::priorityName(priority), .priority = priority});
        return lease ? (lease->execute("SELECT 1") ? Outcome::Ok : Outcome::Down) : lease.error().outcome;
    }
    bool marked(const char* text) const
    {
        const auto snapshot = m_engine->latest();
        return snapshot->marks && std::any_of(snapshot->marks->begin(), snapshot->marks->end(), [&](const metrics::Mark& mark) {
                   return mark.text.find(text) != std::string::npos;
               });
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup()
    {
        m_engine.reset();
        m_folder.reset();
    }

    void anAlertDegradesStepByStepAndItsEndTakesEverythingBack()
    {
        engine::Config with = config();
        with.degrade.enabled = true;
        with.degrade.dryRun = false;
        start(with);
        bool paused = false;
        const auto job = m_engine->jobs().add("fetch", [&paused](bool now) { paused = now; });
        QVERIFY(m_engine->cache().ask("SELECT 42"));
        QCOMPARE(ask(Priority::Background), Outcome::Ok);
        std::vector<pool::Lease> busy;
        for (int i = 0; i < 3; ++i) {
            auto lease = m_engine->pool().acquire({.tag = "busy"});
            QVERIFY(lease);
            busy.push_back(std::move(*lease));
        }
        QTRY_VERIFY_WITH_TIMEOUT(degrade().level >= 1, 15000);
        QTRY_COMPARE_WITH_TIMEOUT(ask(Priority::Background), Outcome::Shed, 15000);
        QCOMPARE(ask(Priority::Critical), Outcome::Ok);
        QCOMPARE(ask(Priority::Normal), Outcome::Ok);
        QTRY_COMPARE_WITH_TIMEOUT(degrade().level, 4, 15000);
        QVERIFY(paused);
        const auto answer = m_engine->cache().ask("SELECT 42");
        QVERIFY(answer && answer->fromCache);
        QCOMPARE(degrade().why, std::string("Busy"));

        const QJsonObject told = json("/pool/status")["degrade"].toObject(); // others can follow
        QCOMPARE(told["level"].toInt(), 4);
        QCOMPARE(told["steps"].toObject()["shed_background"].toString(), QString("done"));
        const auto exposed = [this](const char* line) {
            return support::httpCall({m_port, "GET", "/metrics"}).body.find(line) != std::string::npos;
        };
        QTRY_VERIFY(exposed("\npoolscope_degrade_level 4")); // of the sample before, at the latest
        QVERIFY(exposed("\npoolscope_degrade_step_active{step=\"pause_jobs\"} 1"));
        QVERIFY(exposed("db_pool_acquire_total{result=\"shed\"}"));
        QTRY_VERIFY(marked("Limit background requests"));
        const auto& banners = m_engine->latest()->banners;
        QVERIFY(std::any_of(banners.begin(), banners.end(), [](const auto& banner) { return banner.id == "degrade"; }));

        busy.clear();
        QTRY_COMPARE_WITH_TIMEOUT(degrade().level, 0, 20000);
        QCOMPARE(ask(Priority::Background), Outcome::Ok);
        QVERIFY(!paused);
        QVERIFY(!m_engine->cache().ask("SELECT 42")->fromCache);
        QTRY_VERIFY(QFile::exists(m_folder->filePath("responses.jsonl")));
        QFile record(m_folder->filePath("responses.jsonl"));
        QVERIFY(record.open(QIODevice::ReadOnly));
        const QByteArray first = record.readLine();
        QCOMPARE(QJsonDocument::fromJson(first).object()["event.action"].toString(), QString("done"));
    }
    void aRuleMayAskForAResponseItself()
    {
        engine::Config with = config();
        with.degrade.enabled = true;
        with.degrade.alerts.clear();
        start(with);
        const auto first = m_engine->pool().acquire();
        const auto second = m_engine->pool().acquire();
        QVERIFY(first && second);
        QTRY_VERIFY_WITH_TIMEOUT(degrade().level >= 1, 15000);
        QCOMPARE(degrade().why, std::string("Asking"));
        QCOMPARE(degrade().steps[0].state, metrics::StepState::WouldDo); // a dry run until told otherwise
    }
    void unconfiguredNothingHappensButByHandItDoes()
    {
        start(config());
        std::vector<pool::Lease> busy;
        for (int i = 0; i < 3; ++i) {
            busy.push_back(std::move(*m_engine->pool().acquire()));
        }
        QTRY_VERIFY(std::any_of(m_engine->latest()->alerts.begin(), m_engine->latest()->alerts.end(), [](const auto& alert) {
            return alert.name == "Busy" && alert.state == metrics::AlertState::Firing;
        }));
        QCOMPARE(degrade().level, 0);
        QCOMPARE(post("/api/v2/responses/degrade", R"({"level": 1})", false), 401);
        QCOMPARE(post("/api/v2/responses/degrade", R"({"level": 9})", true), 400);
        QCOMPARE(post("/api/v2/responses/degrade", R"({"level": 1, "level": 2})", true), 400);
        QCOMPARE(post("/api/v2/responses/degrade", "[[[[", true), 400);
        QCOMPARE(post("/api/v2/responses/degrade", R"({"level": 1})", true), 202);
        QTRY_COMPARE(degrade().level, 1);
        QCOMPARE(degrade().steps[0].state, metrics::StepState::WouldDo); // rehearsed first
        QCOMPARE(ask(Priority::Background), Outcome::Ok);
        QCOMPARE(post("/api/v2/responses/degrade", R"({"dry_run": false})", true), 202);
        QTRY_COMPARE(ask(Priority::Background), Outcome::Shed);
        QVERIFY(m_engine->respond({ResponseCommand::Kind::HoldLevel, 0}));
        QTRY_COMPARE(ask(Priority::Background), Outcome::Ok);
        QVERIFY(m_engine->respond({ResponseCommand::Kind::Automatic, 0}));
        QCOMPARE(post("/api/v2/responses/scale-out", R"({"act": true})", true), 503); // no target
        QVERIFY(json("/api/v2/responses")["log"].toArray().size() >= 3);
    }
    void loadScalesOutThroughARealApi()
    {
        support::ScaleServer cluster;
        respond::KubernetesTarget target{"shop", "app"};
        target.api = cluster.url();
        target.tokenFile = write("k8s-token", support::ScaleServer::kToken);
        engine::Config with = config();
        with.scaleOut.enabled = true;
        with.scaleOut.dryRun = false;
        with.scaleOut.alerts = {"Busy"};
        with.scaleOut.target = target;
        start(with);
        std::vector<pool::Lease> busy;
        for (int i = 0; i < 3; ++i) {
            busy.push_back(std::move(*m_engine->pool().acquire()));
        }
        QTRY_COMPARE_WITH_TIMEOUT(cluster.replicas(), 3, 15000);
        QTRY_COMPARE(m_engine->latest()->responses.scale.phase, std::string("watching"));
        QTRY_COMPARE(m_engine->latest()->value("poolscope_scale_replicas"), 3.0);
        busy.clear();
        QTRY_COMPARE_WITH_TIMEOUT(m_engine->latest()->responses.scale.phase, std::string("cool_down"), 15000);
        const std::string state = support::httpCall({m_port, "GET", "/api/v2/responses"}).body;
        QVERIFY(state.find(support::ScaleServer::kToken) == std::string::npos);
        QVERIFY(state.find("127.0.0.1") == std::string::npos); // no addresses leave the machine
    }
    void theEndOfTheProgramTakesTheStepsBack()
    {
        engine::Config with = config();
        with.degrade.dryRun = false;
        start(with);
        bool paused = false;
        const auto job = m_engine->jobs().add("fetch", [&paused](bool now) { paused = now; });
        QVERIFY(m_engine->respond({ResponseCommand::Kind::HoldLevel, 2}));
        QTRY_COMPARE(degrade().level, 2);
        QTRY_VERIFY(paused);
        m_engine->stop();
        QVERIFY(!paused);
    }
    void aWatchedLogMakesItsAlertsFire()
    {
        engine::Config with = config();
        with.logs = {{"app", write("app.log", "ERROR before our time\n")}};
        with.logs[0].leakAfter = 1s;
        std::vector<metrics::LogEntry> own{{{}, metrics::LogLevel::Error, "poolscope.app", "one of our own"}};
        m_engine = std::make_unique<engine::Engine>(with, [] { return engine::LogFigures{}; });
        m_engine->watchOwnLog([&own] { return std::exchange(own, {}); });
        QVERIFY(m_engine->start());
        QTRY_VERIFY(m_engine->latest() && m_engine->latest()->logs.size() == 2);
        QTRY_COMPARE(m_engine->latest()->logs[1].state, metrics::LogFileState::Following);
        const auto fires = [this](const char* name) {
            const auto snapshot = m_engine->latest();
            return std::any_of(snapshot->alerts.begin(), snapshot->alerts.end(), [&](const metrics::AlertRow& alert) {
                return alert.name == name && alert.state == metrics::AlertState::Firing;
            });
        };
        for (int i = 0; i < 10; ++i) {
            (void)write("app.log", "2026-11-20 09:12:07,742 - app - ERROR - it broke\n");
        }
        (void)write("app.log", "INFO Creating new database session\n");
        QTRY_COMPARE(m_engine->latest()->value("log_errors_per_minute", {{"file", "app"}}), 10.0);
        QTRY_VERIFY_WITH_TIMEOUT(fires("SessionLeakSuspected"), 15000);
        QVERIFY(!fires("LogErrorRateHigh")); // ten are not more than ten
        (void)write("app.log", "ERROR once more\nINFO Closing database session\n");
        QTRY_VERIFY_WITH_TIMEOUT(fires("LogErrorRateHigh"), 15000);
        QTRY_VERIFY(!fires("SessionLeakSuspected"));
        QCOMPARE(m_engine->latest()->logs[0].name, std::string("poolscope"));
        QTRY_COMPARE(m_engine->latest()->logs[0].errors, 1U);
        m_engine->stop();
        (void)write("app.log", "ERROR while nobody looked\n");
        m_engine = std::make_unique<engine::Engine>(with, [] { return engine::LogFigures{}; });
        QVERIFY(m_engine->start());
        QTRY_VERIFY(m_engine->latest() && m_engine->latest()->value("log_errors_total", {{"file", "app"}}) == 1.0);
    }
};

QTEST_GUILESS_MAIN(ResponsesTest)
#include "tst_responses.moc"
