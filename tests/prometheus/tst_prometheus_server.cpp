// A real Prometheus: what is written into it is asked back.
#include "monitor/export/open_metrics.h"
#include "monitor/prometheus/remote_writer.h"
#include "monitor/prometheus/server_querier.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>

#include <algorithm>
#include <memory>

using namespace std::chrono_literals;
using prometheus::RemoteWriter;

namespace {

constexpr const char* kConfig = R"(
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: itself
    static_configs: [{targets: ['127.0.0.1:%1'], labels: {pool: itself}}]
  - job_name: nobody
    static_configs: [{targets: ['127.0.0.1:1']}]
)";
constexpr const char* kRules = R"(
groups:
  - name: ours
    rules:
      - {alert: NobodyAnswers, expr: 'up{job="nobody"} == 0', labels: {severity: warning}, annotations: {summary: 'away'}}
      - {record: 'pool:waiting:max', expr: 'max(db_pool_waiting)'}
)";

series::LatestSample sampleOf(metrics::Labels labels, std::int64_t at, double value)
{
    std::sort(labels.begin(), labels.end());
    return {std::make_shared<const metrics::Labels>(std::move(labels)), {at, value}};
}

std::int64_t nowMillis()
{
    return core::epochMillis(core::SystemClock::instance().wallNow());
}

} // namespace

class PrometheusServerTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QProcess m_server;
    int m_port = 0;
    series::Head m_head;
    promql::Querier m_language{m_head};

    void write(const char* name, const QString& text) const
    {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(text.toUtf8());
    }
    [[nodiscard]] bool answers() const
    {
        prometheus::Client client(spec());
        return client.labelNames().has_value();
    }
    void startServer()
    {
        m_server.setProcessChannelMode(QProcess::MergedChannels);
        m_server.start("prometheus", {"--config.file=" + m_folder.filePath("prometheus.yml"),
                                      "--storage.tsdb.path=" + m_folder.filePath("data"),
                                      QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(m_port),
                                      "--web.enable-remote-write-receiver", "--log.level=error"});
        QVERIFY2(m_server.waitForStarted(), "prometheus is missing: tests/run fetches it");
        QTRY_VERIFY_WITH_TIMEOUT(answers(), 60'000);
    }
    void stopServer()
    {
        m_server.terminate();
        QVERIFY(m_server.waitForFinished(30'000));
    }
    [[nodiscard]] prometheus::ServerSpec spec() const
    {
        prometheus::ServerSpec spec;
        spec.url = fmt::format("http://127.0.0.1:{}", m_port);
        spec.interval = 1s;
        spec.timeout = 20s;
        spec.perSecond = 100; // counted where it matters
        auto sound = prometheus::soundServer(spec);
        return sound ? *sound : prometheus::ServerSpec{};
    }
    [[nodiscard]] prometheus::RemoteWriteSpec writeSpec(core::Nanos patience) const
    {
        prometheus::RemoteWriteSpec write;
        write.endpoint = spec();
        write.endpoint.url += "/api/v1/write";
        write.external = {{"console", "here"}};
        write.patience = patience;
        return write;
    }
    [[nodiscard]] double asked(const std::string& expression, std::int64_t at) const
    {
        prometheus::Client client(spec());
        const auto answer = client.instant(expression, at);
        return answer && answer->series.size() == 1 ? answer->series[0].points.at(0).value : -1;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        QTcpServer probe;
        QVERIFY(probe.listen(QHostAddress::LocalHost));
        m_port = probe.serverPort();
        probe.close();
        write("prometheus.yml", QString(kConfig).arg(m_port));
        write("rules.yml", kRules);
        startServer();
    }
    void cleanupTestCase() { stopServer(); }

    void whatIsWrittenIsReadBackTheSame()
    {
        const std::int64_t start = nowMillis() / 1000 * 1000 - 60'000;
        const metrics::Labels labels{{"__name__", "written_value"}, {"pool", "a\"b\\c\né"}};
        std::vector<double> values;
        {
            RemoteWriter writer(writeSpec(50ms));
            for (int i = 0; i < 30; ++i) {
                values.push_back(i * 0.1 - 1e-9);
                writer.push({sampleOf(labels, start + i * 1000, values.back())});
            }
            QTRY_COMPARE_WITH_TIMEOUT(writer.figures().sent, 30U, 30'000);
            QCOMPARE(writer.figures().problem, std::string());
        } // ends the series: its stale marker is at +29.001 s
        const prometheus::ServerQuerier server(spec(), m_language);
        const auto read = server.range("written_value", start, start + 50'000, 1000);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->size(), 1U);
        QCOMPARE(series::labelValue(read->at(0).labels, "pool"), std::string_view("a\"b\\c\né"));
        QCOMPARE(series::labelValue(read->at(0).labels, "console"), std::string_view("here"));
        QCOMPARE(read->at(0).points.size(), 30U);
        for (std::size_t i = 0; i < values.size(); ++i) {
            QCOMPARE(read->at(0).points[i].at, start + static_cast<std::int64_t>(i) * 1000);
            QVERIFY(read->at(0).points[i].value == values[i]);
        }
        QCOMPARE(QString::fromStdString(server.news().flavour), "Prometheus");
    }

    void anOutageLosesNothingAndTellsNothingTwice()
    {
        const std::int64_t start = nowMillis() / 1000 * 1000 - 40'000;
        RemoteWriter writer(writeSpec(50ms));
        const auto push = [&](int i) {
            writer.push({sampleOf({{"__name__", "outage_value"}}, start + i * 1000, i)});
        };
        for (int i = 0; i < 5; ++i) {
            push(i);
        }
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().sent, 5U, 30'000);
        stopServer();
        for (int i = 5; i < 36; ++i) { // 30 s of samples
            push(i);
        }
        QTRY_VERIFY_WITH_TIMEOUT(writer.figures().retried > 0 && !writer.figures().problem.empty(), 30'000);
        startServer();
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().sent, 36U, 60'000);
        QCOMPARE(writer.figures().failed + writer.figures().dropped, 0U);
        QCOMPARE(asked("count_over_time(outage_value[2m])", start + 36'000), 36.0);
        QCOMPARE(asked("sum_over_time(outage_value[2m])", start + 36'000), 630.0);
    }

    void whatItRefusesIsCounted()
    {
        const std::int64_t now = nowMillis();
        const auto sample = [](std::int64_t at) { return sampleOf({{"__name__", "refused"}}, at, 1); };
        RemoteWriter first(writeSpec(50ms));
        first.push({sample(now)});
        QTRY_COMPARE_WITH_TIMEOUT(first.figures().sent, 1U, 30'000);
        RemoteWriter writer(writeSpec(50ms)); // a second console with the same labels, its clock behind
        writer.push({sample(now - 10'000)});
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().failed, 1U, 30'000);
        QVERIFY(writer.figures().problem.find("400") != std::string::npos);
    }

    void itsRulesAlertsAndTargetsAreSeen()
    {
        prometheus::Client client(spec());
        QTRY_VERIFY_WITH_TIMEOUT(client.rules().has_value() && client.rules()->alerts.size() == 1, 30'000);
        const auto watched = client.rules();
        const metrics::RemoteAlert& alert = watched->alerts.at(0);
        QCOMPARE(alert.name, std::string("NobodyAnswers"));
        QCOMPARE(alert.annotations.at("summary"), std::string("away"));
        QVERIFY(alert.activeAt != core::WallTime{} && alert.value == 0);
        QVERIFY(watched->rules.size() == 2);
        QCOMPARE(watched->rules[0].state, metrics::AlertState::Firing);
        QCOMPARE(watched->rules[0].health, std::string("ok"));
        QVERIFY(watched->rules[0].evaluated != core::WallTime{} && watched->rules[0].interval == 1s);
        QCOMPARE(watched->rules[1].name, std::string("pool:waiting:max"));
        QVERIFY(watched->rules[1].recording);
        QTRY_VERIFY_WITH_TIMEOUT(client.targets().has_value() && client.targets()->size() == 2 &&
                                     client.targets()->at(1).health == "down",
                                 30'000);
        const auto targets = client.targets();
        QVERIFY(targets->at(1).job == "nobody" && targets->at(1).lastError.find("refused") != std::string::npos);
        QVERIFY(targets->at(1).interval == 1s && targets->at(1).instance == "127.0.0.1:1");
        const auto names = client.labelValues("__name__");
        QVERIFY(names && std::find(names->begin(), names->end(), "up") != names->end());
        QTRY_VERIFY_WITH_TIMEOUT(client.metadata().has_value() && !client.metadata()->empty(), 30'000);
        const auto sets = client.series("up", nowMillis() - 300'000, nowMillis());
        QVERIFY(sets && sets->size() == 2);
    }

    void itsWordsForAMistakeAreKept()
    {
        const prometheus::ServerQuerier server(spec(), m_language);
        const auto wrong = server.range("up{", 1'000'000, 2'000'000, 1000);
        QVERIFY(!wrong && wrong.error().code == "bad_data");
        QVERIFY(wrong.error().message.find("parse error") != std::string::npos);
        QVERIFY(!server.news().away);
    }

    // A past that was recorded here becomes blocks of the server's.
    void anExportBecomesBlocks()
    {
        const std::int64_t start = nowMillis() / 1000 * 1000 - 6 * 3'600'000;
        series::Head past;
        const metrics::Labels strange{{"__name__", "exported_value"}, {"pool", "a\"b\\c\nd"}};
        for (int i = 0; i < 100; ++i) {
            past.append(start + i * 1000, std::vector<series::NamedSample>{{strange, i / 3.0},
                                                                           {{{"__name__", "exported_total"}}, i * 2.0}});
        }
        const std::string file = m_folder.filePath("past.om").toStdString();
        const auto done = exporting::exportOpenMetrics(past, {}, {start, start + 200'000}, file, {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(done->values, 200U);
        stopServer();
        QProcess promtool;
        promtool.setProcessChannelMode(QProcess::MergedChannels);
        promtool.start("promtool", {"tsdb", "create-blocks-from", "openmetrics", QString::fromStdString(file),
                                    m_folder.filePath("data")});
        QVERIFY2(promtool.waitForFinished(60'000), "promtool is missing: tests/run fetches it");
        QVERIFY2(promtool.exitCode() == 0, promtool.readAll());
        startServer();
        const prometheus::ServerQuerier server(spec(), m_language);
        const auto read = server.range("exported_value{pool=\"a\\\"b\\\\c\\nd\"}", start, start + 99'000, 1000);
        QVERIFY2(read && read->size() == 1, read ? "" : read.error().message.c_str());
        QCOMPARE(read->at(0).points.size(), 100U);
        for (int i = 0; i < 100; ++i) {
            QVERIFY(read->at(0).points[static_cast<std::size_t>(i)].value == i / 3.0);
        }
        QCOMPARE(asked("count_over_time(exported_total[5m])", start + 100'000), 100.0);
    }

    // A chart of 200 instances is one query; a chart that goes on asks for its newest pieces only.
    void twoHundredInstancesAreOneQueryAChart()
    {
        const std::int64_t now = nowMillis() / 5000 * 5000;
        const std::vector<std::string> names{"db_pool_size", "db_pool_waiting", "db_pool_usage",
                                             "db_pool_acquire_seconds"};
        RemoteWriter writer(writeSpec(50ms));
        std::uint64_t pushed = 0;
        for (std::int64_t at = now - 600'000; at <= now; at += 15'000) {
            std::vector<series::LatestSample> tick;
            for (int instance = 0; instance < 200; ++instance) {
                for (const std::string& name : names) {
                    tick.push_back(
                        sampleOf({{"__name__", name}, {"instance", fmt::format("pool-{:03}:8000", instance)}},
                                 at, instance));
                }
            }
            pushed += tick.size();
            writer.push(std::move(tick));
        }
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().sent, pushed, 60'000);
        prometheus::ServerSpec paced = spec();
        paced.perSecond = 5;
        const prometheus::ServerQuerier server(paced, m_language);
        for (const std::string& name : names) {
            const auto chart = server.range(name, now - 600'000, now, 5000);
            QVERIFY(chart.has_value());
            QCOMPARE(chart->size(), 200U);
        }
        QCOMPARE(server.client().state().asked,
                 names.size() + 1); // and who it is: one burst, no waiting for turns
        for (int tick = 1; tick <= 3; ++tick) {
            QVERIFY(server.range(names[0], now - 600'000 + tick * 5000, now + tick * 5000, 5000).has_value());
        }
        QCOMPARE(server.client().state().asked, names.size() + 4);
    }
};

QTEST_GUILESS_MAIN(PrometheusServerTest)
#include "tst_prometheus_server.moc"
