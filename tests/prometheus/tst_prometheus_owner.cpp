// A rule that a real Prometheus owns: told by it while it is there, by a running Poolscope while it is not,
// and never by both.
#include "monitor/alert/rule_file.h"
#include "monitor/alert/rule_writer.h"
#include "monitor/targets/federation.h"
#include "tests/support/http_catcher.h"
#include "tests/support/prometheus_server.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <set>

using namespace std::chrono_literals;

namespace {

constexpr int kPatience = 60'000; // ms
constexpr auto kTakeOver = 2s;

constexpr const char* kScrape = R"(
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: poolscope
    static_configs: [{targets: ['127.0.0.1:%1']}]
)";
constexpr const char* kConsole = R"(
logs: [{name: watched, path: '%1'}]
prometheus:
  - {name: central, url: '%2', watch: 1s, take_over: 2s, match: {job: poolscope, instance: '127.0.0.1:%3'}}
notify:
  channels:
    - {name: ops, kind: webhook, url: '%4', group_by: ['...'], group_wait: 0s, group_interval: 1s, per_minute: 600}
)";
// One that is theirs, and one that is ours over the same: it says when the other would have been told.
constexpr const char* kRules = R"(
groups:
  - name: ours
    interval: 1s
    rules:
      - alert: Theirs
        expr: 'log_file_up{file="watched"} == 0'
        labels: {severity: warning}
        annotations: {summary: '{{ $labels.file }} is away', poolscope_owner: prometheus}
      - alert: Ours
        expr: 'log_file_up{file="watched"} == 0'
        labels: {severity: warning}
)";

} // namespace

class PrometheusOwnerTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    support::HttpCatcher m_people;
    support::PrometheusServer m_server;
    QProcess m_console;
    quint16 m_port = support::freePort();

    void write(const QString& path, const QByteArray& text) const
    {
        QFile file(path);
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate) && file.write(text) == text.size());
    }
    void setTrouble(bool trouble) const
    {
        const QString log = m_folder.filePath("watched.log");
        if (trouble) {
            QVERIFY(QFile::remove(log));
        } else {
            write(log, "here\n");
        }
    }
    // As it is exported for a Prometheus.
    void giveRules() const
    {
        const QString own = m_folder.filePath("rules.yml");
        write(own, kRules);
        const auto rules = alert::readRuleFile(own.toStdString());
        QVERIFY2(rules.has_value(), rules ? "" : rules.error().text().c_str());
        write(m_server.file("rules.yml"), QByteArray::fromStdString(alert::ruleFileText(*rules)));
    }
    // "firing" and "resolved" of an alert, each message once.
    [[nodiscard]] QStringList told(const QString& alert) const
    {
        QStringList all;
        std::set<std::string> known;
        for (const support::CaughtRequest& request : m_people.requests()) {
            const auto body = QJsonDocument::fromJson(QByteArray::fromStdString(request.body)).object();
            const QJsonObject first = body[QLatin1String("alerts")].toArray().at(0).toObject();
            if (first[QLatin1String("labels")][QLatin1String("alertname")].toString() == alert &&
                known.insert(request.headers.at("x-poolscope-message-id")).second) {
                all << first[QLatin1String("status")].toString();
            }
        }
        return all;
    }
    // What the server says of the rule.
    [[nodiscard]] bool firesThere() const
    {
        prometheus::Client client(m_server.spec());
        const auto rules = client.rules();
        return rules && std::ranges::any_of(rules->alerts, [](const metrics::RemoteAlert& alert) {
                   return alert.name == "Theirs" && alert.state == metrics::AlertState::Firing;
               });
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        setTrouble(false);
        giveRules();
        const QString config = m_folder.filePath("poolscope.yml");
        write(config, QString(kConsole)
                          .arg(m_folder.filePath("watched.log"), QString::fromStdString(m_server.spec().url))
                          .arg(m_port)
                          .arg(QString::fromStdString(m_people.url("/hook")))
                          .toUtf8());
        m_console.setProcessChannelMode(QProcess::MergedChannels);
        QVERIFY2(m_server.start(QString(kScrape).arg(m_port)), "prometheus is missing: tests/run fetches it");
        m_console.start(POOLSCOPE_PROGRAM,
                        {"--headless", "--listen", QStringLiteral("127.0.0.1:%1").arg(m_port), "--data-dir",
                         m_folder.path(), "--config", config, "--rules", m_folder.filePath("rules.yml")});
        QVERIFY(m_console.waitForStarted());
    }
    void cleanupTestCase()
    {
        m_console.terminate();
        if (!m_console.waitForFinished(20'000)) {
            m_console.kill();
            m_console.waitForFinished();
        }
    }

    // What it scrapes of the console is a pool here, by its /federate.
    void whatItScrapesIsAPoolAnInstance()
    {
        const std::string instance = "127.0.0.1:" + std::to_string(m_port);
        QTRY_VERIFY_WITH_TIMEOUT(m_server.serves("db_pool_max_connections"), kPatience);
        const auto url =
            targets::federationUrl(m_server.spec().url, "{job=\"poolscope\",__name__=~\"db_.*|pools.*|up\"}");
        QVERIFY(url.has_value());
        targets::TargetSpec spec;
        spec.url = *url;
        const auto scrape = targets::scrapeOnce(spec, targets::loadMappings({}).mappings);
        QCOMPARE(scrape.error, std::string());
        QCOMPARE(scrape.note, std::string());
        QCOMPARE(scrape.sources, std::vector<std::string>{"Poolscope"});
        QCOMPARE(scrape.pools.size(), 1U);
        QCOMPARE(scrape.pools[0].figures.pool, instance);
        QVERIFY(scrape.pools[0].figures[targets::Figure::Max] > 0);
        spec.url = *targets::federationUrl(m_server.spec().url, "{job=\"nobody\"}");
        QCOMPARE(targets::scrapeOnce(spec, {}).error, std::string("nothing there is selected by its match"));
    }

    void whatItOwnsIsToldOnceWhoeverIsThere()
    {
        const QStringList begun{"firing"};
        const QStringList ended{"firing", "resolved"};
        QTRY_VERIFY_WITH_TIMEOUT(m_server.serves("log_file_up{file=\"watched\"} == 1"), kPatience);
        setTrouble(true);
        QTRY_COMPARE_WITH_TIMEOUT(told("Ours"), begun, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(firesThere(), kPatience);
        QCOMPARE(told("Theirs"), QStringList()); // the server tells it

        const auto killed = std::chrono::steady_clock::now();
        m_server.kill();
        QTRY_COMPARE_WITH_TIMEOUT(told("Theirs"), begun, kPatience);
        QVERIFY(std::chrono::steady_clock::now() - killed >= kTakeOver);

        QVERIFY(m_server.start(QString(kScrape).arg(m_port)));
        QTRY_VERIFY_WITH_TIMEOUT(firesThere(), kPatience); // it fires there, too, and it is one incident
        setTrouble(false);
        QTRY_COMPARE_WITH_TIMEOUT(told("Ours"), ended, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(told("Theirs"), ended,
                                  kPatience); // who heard that it began hears of its end
        QTRY_VERIFY_WITH_TIMEOUT(!firesThere(), kPatience);
        setTrouble(true); // the next one is the server's again
        QTRY_COMPARE_WITH_TIMEOUT(told("Ours"), ended + begun, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(firesThere(), kPatience);
        QCOMPARE(told("Theirs"), ended);
    }
};

QTEST_GUILESS_MAIN(PrometheusOwnerTest)
#include "tst_prometheus_owner.moc"
