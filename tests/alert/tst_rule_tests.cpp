// Rule test files through promtool and through ours: the same verdict.
#include "monitor/alert/rule_tests.h"
#include "promtool.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

void write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

// Both the rules of the documents and what Prometheus' rule files can say besides.
constexpr const char* kRules = R"(groups:
- name: first
  interval: 7m
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
    labels: {kind: recorded}
  - alert: Down
    expr: up == 0
    for: 5m
    labels: {severity: page, where: '{{ $labels.instance }}'}
    annotations: {summary: '{{ $labels.instance }} of {{ $labels.job }} is at {{ $value }}'}
  - alert: Away
    expr: up == 0
    labels: {cluster: '{{ $externalLabels.cluster }}'}
    annotations: {summary: '{{ .ExternalLabels.cluster }}/{{ $externalLabels.none }}/{{ $externalURL }}'}
  - alert: Kept
    expr: up == 0
    keep_firing_for: 3m
- name: second
  limit: 1
  rules:
  - alert: FewUp
    expr: job:up:sum < 2
  - alert: Slow
    expr: rate(slow_total[5m]) > 10
    for: 5m
    annotations: {description: '{{ $value | printf "%.2f" }} a second'}
  - alert: Hysteresis
    expr: up > 0.8
    annotations: {poolscope_clear: '< 0.5'}
)";

QByteArray testFile(const char* body)
{
    return QByteArray("rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n") + body;
}

} // namespace

class TstRuleTests final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void agreesWithPromtool_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<bool>("succeeds");
        const auto row = [](const char* name, const char* body, bool succeeds) {
            QTest::newRow(name) << testFile(body) << succeeds;
        };
        const char* inputs = "- interval: 1m\n  input_series:\n"
                             "  - {series: 'up{job=\"a\", instance=\"x\"}', values: '1 1 0x10 1x5'}\n"
                             "  - {series: 'slow_total', values: '0+640x20'}\n";
        const auto with = [inputs](const char* checks) -> QByteArray { return QByteArray(inputs) + checks; };
        const auto both = [&](const char* name, const char* checks, bool succeeds) {
            row(name, with(checks).constData(), succeeds);
        };
        both("external labels and URL in texts",
             "  external_labels: {cluster: eu}\n  external_url: http://prom.example.org/x\n"
             "  alert_rule_test:\n  - eval_time: 5m\n    alertname: Away\n    exp_alerts:\n"
             "    - exp_labels: {job: a, instance: x, cluster: eu}\n"
             "      exp_annotations: {summary: 'eu//http://prom.example.org/x'}\n",
             true);
        both("no external labels",
             "  alert_rule_test:\n  - eval_time: 5m\n    alertname: Away\n    exp_alerts:\n"
             "    - exp_labels: {job: a, instance: x, cluster: eu}\n"
             "      exp_annotations: {summary: 'eu//'}\n",
             false);
        both("fires after for",
             "  alert_rule_test:\n  - eval_time: 7m\n    alertname: Down\n    exp_alerts:\n"
             "    - exp_labels: {job: a, instance: x, severity: page, where: x}\n"
             "      exp_annotations: {summary: 'x of a is at 0'}\n",
             true);
        both("not before for", "  alert_rule_test:\n  - {eval_time: 6m, alertname: Down, exp_alerts: []}\n",
             true);
        both("said too early",
             "  alert_rule_test:\n  - eval_time: 6m\n    alertname: Down\n    exp_alerts:\n"
             "    - exp_labels: {job: a, instance: x, severity: page, where: x}\n"
             "      exp_annotations: {summary: 'x of a is at 0'}\n",
             false);
        both("a wrong text",
             "  alert_rule_test:\n  - eval_time: 7m\n    alertname: Down\n    exp_alerts:\n"
             "    - exp_labels: {job: a, instance: x, severity: page, where: x}\n"
             "      exp_annotations: {summary: 'x of a is at 1'}\n",
             false);
        both("a forgotten alert", "  alert_rule_test:\n  - {eval_time: 8m, alertname: Down}\n", false);
        both("an alert that does not exist", "  alert_rule_test:\n  - {eval_time: 8m, alertname: Nobody}\n",
             true);
        both("kept firing",
             "  alert_rule_test:\n  - eval_time: 15m\n    alertname: Kept\n    exp_alerts:\n"
             "    - exp_labels: {job: a, instance: x}\n",
             true);
        both("kept firing no longer", "  alert_rule_test:\n  - {eval_time: 16m, alertname: Kept}\n", true);
        both("between evaluations the last one counts",
             "  alert_rule_test:\n  - eval_time: 7m30s\n    alertname: Down\n    exp_alerts:\n"
             "    - exp_labels: {job: a, instance: x, severity: page, where: x}\n"
             "      exp_annotations: {summary: 'x of a is at 0'}\n",
             true);
        both("a rate from a cold start",
             "  alert_rule_test:\n  - eval_time: 10m\n    alertname: Slow\n    exp_alerts:\n"
             "    - exp_annotations: {description: '10.67 a second'}\n",
             true);
        both("a recorded series",
             "  promql_expr_test:\n  - expr: job:up:sum\n    eval_time: 1m\n    exp_samples:\n"
             "    - {labels: 'job:up:sum{job=\"a\", kind=\"recorded\"}', value: 1}\n",
             true);
        both(
            "ALERTS as a series",
            "  promql_expr_test:\n  - expr: ALERTS{alertname=\"Down\"}\n    eval_time: 7m\n    exp_samples:\n"
            "    - {labels: 'ALERTS{alertname=\"Down\", alertstate=\"firing\", instance=\"x\", job=\"a\", "
            "severity=\"page\", where=\"x\"}', value: 1}\n",
            true);
        both("ALERTS_FOR_STATE says since when",
             "  promql_expr_test:\n  - expr: ALERTS_FOR_STATE{alertname=\"Down\"} - 120\n    eval_time: 7m\n"
             "    exp_samples:\n    - {labels: '{alertname=\"Down\", instance=\"x\", job=\"a\", "
             "severity=\"page\", "
             "where=\"x\"}', value: 0}\n",
             true);
        both("a scalar",
             "  promql_expr_test:\n  - {expr: '1 + 1', eval_time: 1m, exp_samples: [{value: 2}]}\n", true);
        both("a wrong value",
             "  promql_expr_test:\n  - {expr: up, eval_time: 1m, exp_samples: [{labels: 'up{job=\"a\", "
             "instance=\"x\"}', value: 2}]}\n",
             false);
        both("no samples where some are", "  promql_expr_test:\n  - {expr: up, eval_time: 1m}\n", false);
        both("an expression that is none", "  promql_expr_test:\n  - {expr: 'up +', eval_time: 1m}\n", false);
        both("clear levels are ours alone",
             "  alert_rule_test:\n  - {eval_time: 3m, alertname: Hysteresis}\n", true);
        row("gaps and stale markers",
            "- interval: 1m\n  input_series:\n  - {series: 'up{job=\"b\"}', values: '1 _ _x3 stale 4 5-1x3 "
            "-1+0.5x2 1e-1 Inf'}\n"
            "  promql_expr_test:\n"
            "  - {expr: up, eval_time: 4m, exp_samples: [{labels: 'up{job=\"b\"}', value: 1}]}\n"
            "  - {expr: up, eval_time: 5m}\n"
            "  - {expr: up, eval_time: 9m, exp_samples: [{labels: 'up{job=\"b\"}', value: 3}]}\n"
            "  - {expr: up, eval_time: 12m, exp_samples: [{labels: 'up{job=\"b\"}', value: -0.5}]}\n"
            "  - {expr: up, eval_time: 14m, exp_samples: [{labels: 'up{job=\"b\"}', value: 0.1}]}\n"
            "  - {expr: up, eval_time: 15m, exp_samples: [{labels: 'up{job=\"b\"}', value: .Inf}]}\n",
            true);
        row("more alerts than the limit",
            "- interval: 1m\n  input_series:\n  - {series: 'up{job=\"a\"}', values: '1x5'}\n"
            "  - {series: 'up{job=\"b\"}', values: '1x5'}\n  promql_expr_test:\n  - {expr: '1', eval_time: "
            "2m, exp_samples: [{value: 1}]}\n",
            false);
        row("an own interval of the test",
            "- interval: 30s\n  name: quick\n  input_series:\n  - {series: 'up{instance=\"y\"}', values: '1 "
            "0x40'}\n"
            "  alert_rule_test:\n  - {eval_time: 5m, alertname: Down}\n  - eval_time: 6m\n    alertname: "
            "Down\n    exp_alerts:\n"
            "    - exp_labels: {instance: y, severity: page, where: y}\n      exp_annotations: {summary: 'y "
            "of  is at 0'}\n",
            true);
        row("nothing is tested", "- interval: 1m\n", true);
        row("an unknown key", "- interval: 1m\n  inputs: []\n", false);
        row("a repeated key", "- interval: 1m\n  interval: 2m\n", false);
        row("a bad duration", "- interval: 1 minute\n", false);
        row("bad values", "- interval: 1m\n  input_series:\n  - {series: up, values: '1+x3'}\n", false);
        row("a series with a condition",
            "- interval: 1m\n  input_series:\n  - {series: 'up{a!=\"b\"}', values: '1'}\n", false);
        row("no list", "- interval: 1m\n  input_series: {series: up}\n", false);
        QTest::newRow("no such rule file") << QByteArray("rule_files: [none.yml]\ntests: []\n") << true;
        QTest::newRow("a broken rule file")
            << QByteArray("rule_files: [broken.yml]\ntests:\n- interval: 1m\n") << false;
        QTest::newRow("a pattern")
            << QByteArray("rule_files: ['rule?.yml']\ntests:\n- interval: 1m\n  input_series:\n"
                          "  - {series: 'up{job=\"a\"}', values: '1x9'}\n  alert_rule_test:\n"
                          "  - eval_time: 2m\n    alertname: FewUp\n    exp_alerts:\n    - exp_labels: {job: "
                          "a, kind: recorded}\n")
            << true;
        QTest::newRow("the order of groups")
            << QByteArray(
                   "rule_files: [rules.yml]\ngroup_eval_order: [second, first]\ntests:\n- interval: 1m\n"
                   "  input_series:\n  - {series: 'up{job=\"a\"}', values: '1x9'}\n  alert_rule_test:\n"
                   "  - {eval_time: 0m, alertname: FewUp}\n")
            << true;
        QTest::newRow("a group twice in the order")
            << QByteArray("rule_files: [rules.yml]\ngroup_eval_order: [first, first]\ntests: []\n") << false;
        QTest::newRow("nothing at all") << QByteArray() << true;
        QTest::newRow("no mapping") << QByteArray("- a\n- b\n") << false;
    }

    void agreesWithPromtool()
    {
        QFETCH(QByteArray, file);
        QFETCH(bool, succeeds);
        QTemporaryDir folder;
        write(folder.filePath(QStringLiteral("rules.yml")), kRules);
        write(folder.filePath(QStringLiteral("broken.yml")),
              "groups: [{name: g, rules: [{alert: A, expr: 'up >'}]}]\n");
        write(folder.filePath(QStringLiteral("test.yml")), file);
        const auto theirs = promtool::run(
            {QStringLiteral("test"), QStringLiteral("rules"), QStringLiteral("test.yml")}, folder.path());
        QVERIFY2(theirs.started, "promtool (package prometheus) is needed");
        const auto ours = alert::runRuleTestFile(folder.filePath(QStringLiteral("test.yml")).toStdString());
        QStringList failures;
        for (const std::string& failure : ours) {
            failures << QString::fromStdString(failure);
        }
        const QString told = failures.join(QLatin1Char('\n')) + QLatin1Char('\n') + theirs.output;
        QVERIFY2((theirs.exitCode == 0) == succeeds, qPrintable(told));
        QVERIFY2(ours.empty() == succeeds, qPrintable(told));
    }

    void hostileFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("zeros") << QByteArray("\0\0\0", 3);
        QTest::newRow("cut off") << QByteArray(
            "tests:\n- interval: 1m\n  input_series: [{series: up, values: '1x");
        QTest::newRow("too many values")
            << QByteArray("tests:\n- input_series: [{series: up, values: '1x99999999999'}]\n");
        QTest::newRow("many values together")
            << QByteArray("tests:\n- input_series: [{series: up, values: '") +
                   QByteArray("1x999998 ").repeated(3) + QByteArray("'}]\n");
        QTest::newRow("no UTF-8") << QByteArray(
            "tests:\n- input_series: [{series: \xff\xfe, values: '1'}]\n");
        QTest::newRow("deep") << QByteArray("tests: ") + QByteArray(2000, '[');
    }

    void hostileFilesAreRefused()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!alert::parseRuleTests(text.toStdString()).has_value());
    }
};

QTEST_GUILESS_MAIN(TstRuleTests)
#include "tst_rule_tests.moc"
