// Both documents' rules, shipped for us and for Prometheus, over half an hour of edge cases: what our engine
// fires, tick by tick and word by word, is put to Prometheus' own evaluation of the same samples.
#include "monitor/alert/rule_engine.h"
#include "monitor/core/format.h"
#include "promtool.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <optional>

using metrics::MetricDef;
using namespace std::chrono_literals;

namespace {

constexpr int kStep = 15;   // s, the scrape interval of the document
constexpr int kTicks = 121; // half an hour
constexpr std::int64_t kEpoch = 1'700'000'000;

// A series and its value at a second; nullopt where there is none.
struct Story {
    const char* metric;
    metrics::Labels labels;
    std::function<std::optional<double>(int second)> value;
};

std::function<std::optional<double>(int)> steps(std::vector<std::pair<int, double>> from)
{
    return [from = std::move(from)](int second) {
        double value = 0;
        for (const auto& [begin, next] : from) {
            value = second >= begin ? next : value;
        }
        return std::optional(value);
    };
}

// Exactly on the threshold, a hair above it for just under and just over `for`, dips, the end.
std::optional<double> usage(int second)
{
    return *steps({{0, 0.5},
                   {60, 0.8},
                   {240, 25.0 / 30},
                   {525, 0.8},
                   {540, 0.800001},
                   {855, 0.9},
                   {900, 28.0 / 30},
                   {1005, 0.9},
                   {1020, 28.0 / 30},
                   {1155, 1.0},
                   {1200, 0.5},
                   {1215, 0.85},
                   {1500, 0.5}})(second);
}

// A counter that grows by `rate` a second and is set back at `reset`.
std::function<std::optional<double>(int)> counter(double rate, int from, int until, int reset)
{
    return [=](int second) {
        const int begin = second >= reset ? std::max(from, reset) : from;
        return std::optional(std::max(0.0, rate * (std::min(second, until) - begin)));
    };
}

std::optional<double> withGap(int second)
{
    const bool gap = (second >= 600 && second < 660) || (second >= 1200 && second < 1620);
    return gap ? std::nullopt : std::optional(second >= 300 ? 0.81 : 0.8);
}

std::vector<Story> stories()
{
    return {
        {"db_pool_usage", {}, usage},
        {"db_pool_max_connections", {}, steps({{0, 30}})},
        {"db_pool_checked_out",
         {},
         steps({{0, 10},
                {120, 24},
                {180, 25},
                {300, 27},
                {315, 28},
                {600, 30},
                {645, 29},
                {660, 30},
                {735, 0}})},
        {"db_pool_checked_in", {}, steps({{0, 3}, {120, 0}, {165, 1}, {180, 0}, {255, 2}})},
        {"db_slow_query_total", {}, counter(10.7, 30, 1200, 1500)},
        {"db_pool_leaked", {}, steps({{0, 0}, {450, 2}, {465, 0}})},
        {"db_pool_waiters", {}, steps({{0, 0}, {900, 1}, {915, 3}, {930, 0}})},
        {"db_up", {}, steps({{0, 1}, {1000, 0}, {1060, 1}})},
        {"host_memory_usage_ratio", {}, withGap},
        {"host_disk_usage_ratio", {{"mountpoint", "/"}}, steps({{0, 0.8}, {300, 0.8000001}, {330, 0.5}})},
        {"host_disk_usage_ratio", {{"mountpoint", "/data"}}, steps({{0, 0.95}, {700, 0.1}})},
        {"host_load5", {}, steps({{0, 3}, {200, 3.0001}, {400, 2}})},
        {"host_cpu_cores", {}, steps({{0, 2}})},
        {"poolscope_log_errors_total", {}, counter(0.5, 200, 700, 900)},
        {"log_errors_per_minute", {{"file", "app.log"}}, steps({{0, 10}, {150, 11}, {300, 10}})},
        {"log_session_leaks_suspected", {{"file", "app.log"}}, steps({{0, 0}, {500, 1}, {700, 0}})},
        {"log_file_up", {{"file", "app.log"}}, steps({{0, 1}, {100, 0}, {385, 1}, {600, 0}, {1000, 1}})},
        {"db_connection_error_total", {}, counter(0.11, 400, 900, 1100)},
    };
}

QString quoted(const std::string& text)
{
    return QLatin1Char('\'') + QString::fromStdString(text).replace(QLatin1Char('\''), QStringLiteral("''")) +
           QLatin1Char('\'');
}

// As a test file has it: a series that ends is stale, as after a scrape without it.
QString inputOf(const Story& story)
{
    metrics::Labels labels = story.labels;
    series::setLabel(labels, series::kNameLabel, story.metric);
    QStringList values;
    bool there = false;
    for (int tick = 0; tick < kTicks; ++tick) {
        const auto value = story.value(tick * kStep);
        values << (value   ? QString::fromStdString(core::numberText(*value))
                   : there ? QStringLiteral("stale")
                           : QStringLiteral("_"));
        there = value.has_value();
    }
    return QStringLiteral("  - {series: %1, values: '%2'}\n")
        .arg(quoted(series::labelsText(labels)), values.join(QLatin1Char(' ')));
}

QString checkOf(int second, const QString& name, const std::vector<metrics::AlertRow>& rows)
{
    QString text =
        QStringLiteral("  - eval_time: %1s\n    alertname: %2\n    exp_alerts:\n").arg(second).arg(name);
    const auto map = [](const auto& pairs) -> QString {
        QStringList list;
        for (const auto& [key, value] : pairs) {
            list << QString::fromStdString(key) + QStringLiteral(": ") + quoted(value);
        }
        return QLatin1Char('{') + list.join(QStringLiteral(", ")) + QLatin1Char('}');
    };
    bool any = false;
    for (const metrics::AlertRow& row : rows) {
        if (QString::fromStdString(row.name) == name && metrics::isOpen(row.state)) {
            text += QStringLiteral("    - exp_labels: %1\n      exp_annotations: %2\n")
                        .arg(map(row.labels), map(row.annotations));
            any = true;
        }
    }
    return any ? text : QStringLiteral("  - {eval_time: %1s, alertname: %2}\n").arg(second).arg(name);
}

} // namespace

class TstDocuments final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void prometheusFiresTheSameAtTheSameEvaluationWithTheSameText_data()
    {
        QTest::addColumn<QString>("rules");
        QTest::addColumn<QStringList>("mustFire"); // so that silence cannot pass for agreement
        QTest::newRow("the rules of the window")
            << QStringLiteral("rules/default.yml")
            << QStringList{"HighPoolUsage",   "CriticalPoolUsage",  "NoIdleConnections", "HighSlowQueryRate",
                           "PoolUsageOver80", "LowIdleConnections", "LeakSuspected",     "HighMemoryUsage",
                           "LowDiskSpace",    "HighCpuLoad",        "HighErrorLogRate",  "DatabaseDown"};
        QTest::newRow("the rules for Prometheus")
            << QStringLiteral("prometheus/alerts.yml")
            << QStringList{"HighPoolUsage", "CriticalPoolUsage", "NoIdleConnections", "HighSlowQueryRate"};
    }

    void prometheusFiresTheSameAtTheSameEvaluationWithTheSameText()
    {
        QFETCH(QString, rules);
        QFETCH(QStringList, mustFire);
        const QString file = QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/") + rules;
        series::Head head;
        const promql::Querier querier(head);
        alert::RuleEngine engine(head, querier);
        QVERIFY(engine.load({file.toStdString()}).has_value());
        const std::vector<Story> all = stories();
        std::map<std::string, MetricDef> defs;
        for (const Story& story : all) {
            defs.try_emplace(story.metric,
                             MetricDef{story.metric, metrics::Kind::Gauge, core::Unit::None, "", {}});
        }
        QString checks;
        QSet<QString> fired;
        int compared = 0;
        for (int tick = 0; tick < kTicks; ++tick) {
            metrics::Snapshot snapshot;
            snapshot.at = core::WallTime(std::chrono::seconds(kEpoch + tick * kStep));
            snapshot.steady = core::SteadyTime(std::chrono::seconds(tick * kStep));
            snapshot.interval = std::chrono::seconds(kStep);
            metrics::SampleBuilder builder(snapshot);
            for (const Story& story : all) {
                if (const auto value = story.value(tick * kStep)) {
                    builder.push(defs.at(story.metric), *value, story.labels);
                }
            }
            head.append(snapshot);
            engine.evaluate(snapshot);
            QSet<QString> names;
            for (const metrics::RuleRow& rule : snapshot.rules) {
                names.insert(QString::fromStdString(rule.name));
            }
            for (const QString& name : names) {
                checks += checkOf(tick * kStep, name, snapshot.alerts);
                ++compared;
            }
            for (const metrics::AlertRow& row : snapshot.alerts) {
                if (row.state == metrics::AlertState::Firing) {
                    fired.insert(QString::fromStdString(row.name));
                }
            }
        }
        for (const QString& name : mustFire) {
            QVERIFY2(fired.contains(name), qPrintable(name + QStringLiteral(" never fired")));
        }
        QVERIFY(compared > 700);
        judge(file, all, checks);
    }

private:
    static void judge(const QString& rules, const std::vector<Story>& all, const QString& checks)
    {
        QTemporaryDir folder;
        QString text =
            QStringLiteral(
                "rule_files: [%1]\nevaluation_interval: %2s\ntests:\n- interval: %2s\n  input_series:\n")
                .arg(rules)
                .arg(kStep);
        for (const Story& story : all) {
            text += inputOf(story);
        }
        text += QStringLiteral("  alert_rule_test:\n") + checks;
        QFile file(folder.filePath(QStringLiteral("test.yml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.toUtf8());
        file.close();
        const auto theirs =
            promtool::run({QStringLiteral("test"), QStringLiteral("rules"), file.fileName()}, folder.path());
        QVERIFY2(theirs.started, "promtool (package prometheus) is needed");
        QVERIFY2(theirs.exitCode == 0, qPrintable(theirs.output.left(4000)));
    }
};

QTEST_GUILESS_MAIN(TstDocuments)
#include "tst_documents.moc"
