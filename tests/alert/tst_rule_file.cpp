// Rule files: what promtool accepts we accept, what it refuses we refuse; with file, line and reason.
#include "promtool.h"

#include "monitor/alert/rule_file.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

QByteArray rule(const char* fields)
{
    return QByteArray("groups:\n- name: g\n  rules:\n  - ") + fields + "\n";
}

} // namespace

class TstRuleFile final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void whatCannotBeReadIsNoRuleFile()
    {
        const QTemporaryDir folder;
        // A folder, and a file that opens and then fails as on a bad disk: EIO at its first byte (proc(5)).
        for (const std::string& path : {folder.path().toStdString(), std::string("/proc/self/mem")}) {
            const auto read = alert::readRuleFile(path);
            QVERIFY2(!read.has_value(), path.c_str());
            QVERIFY(read.error().text().find("cannot be read") != std::string::npos);
        }
    }

    void agreesWithPromtool_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::newRow("a rule") << rule("alert: A\n    expr: up == 0\n    for: 5m");
        QTest::newRow("a recording rule")
            << rule("record: job:up:sum\n    expr: sum by (job) (up)\n    labels: {a: b}");
        QTest::newRow("everything") << QByteArray(
            "groups:\n- name: g\n  interval: 30s\n  limit: 5\n  rules:\n  - alert: A\n    expr: up > 1\n"
            "    for: 1h30m\n    keep_firing_for: 5m\n    labels: {severity: x}\n"
            "    annotations: {d: '{{ $value | humanize }} {{ $labels.x }}'}\n");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no groups") << QByteArray("groups:\n");
        QTest::newRow("empty group") << QByteArray("groups: [{name: g}]");
        QTest::newRow("number as text") << rule("alert: 5\n    expr: 5");
        QTest::newRow("zero for") << rule("alert: A\n    expr: up\n    for: 0s");
        QTest::newRow("unknown key of a rule") << rule("alert: A\n    expr: up\n    fro: 5m");
        QTest::newRow("unknown key of a group")
            << QByteArray("groups:\n- name: g\n  inteval: 5s\n  rules: []\n");
        QTest::newRow("unknown key above") << QByteArray("group:\n- name: g\n");
        QTest::newRow("repeated key") << rule("alert: A\n    expr: up\n    expr: down");
        QTest::newRow("repeated group") << QByteArray("groups: [{name: g}, {name: g}]");
        QTest::newRow("nameless group") << QByteArray("groups: [{rules: []}]");
        QTest::newRow("both kinds") << rule("alert: A\n    record: b\n    expr: up");
        QTest::newRow("neither kind") << rule("expr: up");
        QTest::newRow("no expression") << rule("alert: A");
        QTest::newRow("bad expression") << rule("alert: A\n    expr: up ==");
        QTest::newRow("unknown function") << rule("alert: A\n    expr: foo(up)");
        QTest::newRow("wrong type") << rule("alert: A\n    expr: rate(up)");
        QTest::newRow("bad duration") << rule("alert: A\n    expr: up\n    for: 5 minutes");
        QTest::newRow("duration without unit") << rule("alert: A\n    expr: up\n    for: 5");
        QTest::newRow("units in the wrong order") << rule("alert: A\n    expr: up\n    for: 5s1m");
        QTest::newRow("recording with for") << rule("record: a\n    expr: up\n    for: 5m");
        QTest::newRow("recording with annotations")
            << rule("record: a\n    expr: up\n    annotations: {a: b}");
        QTest::newRow("bad recording name") << rule("record: a-b\n    expr: up");
        QTest::newRow("bad label name") << rule("alert: A\n    expr: up\n    labels: {a-b: c}");
        QTest::newRow("name as label") << rule("alert: A\n    expr: up\n    labels: {__name__: c}");
        QTest::newRow("bad annotation name") << rule("alert: A\n    expr: up\n    annotations: {1a: c}");
        QTest::newRow("labels are a list") << rule("alert: A\n    expr: up\n    labels: [a]");
        QTest::newRow("label is a map") << rule("alert: A\n    expr: up\n    labels: {a: {b: c}}");
        QTest::newRow("unclosed template")
            << rule("alert: A\n    expr: up\n    annotations: {a: '{{ $value'}");
        QTest::newRow("unknown template function")
            << rule("alert: A\n    expr: up\n    annotations: {a: '{{ $value | nice }}'}");
        QTest::newRow("undefined variable")
            << rule("alert: A\n    expr: up\n    annotations: {a: '{{ $vlaue }}'}");
        QTest::newRow("if without end") << rule("alert: A\n    expr: up\n    labels: {a: '{{ if true }}x'}");
        QTest::newRow("template in a recording rule")
            << rule("record: a\n    expr: up\n    labels: {a: '{{ x'}");
        QTest::newRow("limit is no number") << QByteArray("groups: [{name: g, limit: many}]");
        QTest::newRow("a list above") << QByteArray("- a\n- b\n");
        QTest::newRow("a word above") << QByteArray("hello");
        QTest::newRow("rules are a map") << QByteArray("groups: [{name: g, rules: {a: b}}]");
        QTest::newRow("broken YAML") << QByteArray("groups:\n- name: [g\n  rules: }");
        QTest::newRow("tabs") << QByteArray("groups:\n\t- name: g\n");
        QTest::newRow("two documents") << QByteArray("groups: []\n---\nnonsense: 1\n");
        QTest::newRow("anchors") << QByteArray(
            "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: &e up\n  - alert: B\n    expr: *e\n");
        QTest::newRow("unknown anchor") << rule("alert: A\n    expr: *nowhere");
    }

    void agreesWithPromtool()
    {
        QFETCH(QByteArray, yaml);
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("r.yml")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(yaml) == yaml.size());
        file.close();
        const auto theirs =
            promtool::run({QStringLiteral("check"), QStringLiteral("rules"), file.fileName()});
        QVERIFY2(theirs.started, "promtool (package prometheus) is needed");
        const auto ours = alert::parseRuleFile(yaml.toStdString(), "r.yml");
        const QString reason =
            ours ? QStringLiteral("accepted") : QString::fromStdString(ours.error().text());
        QVERIFY2(ours.has_value() == (theirs.exitCode == 0),
                 qPrintable(reason + QLatin1String(" | ") + theirs.output));
    }

    void errorsNameLineAndReason()
    {
        const auto broken =
            alert::parseRuleFile("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up ==\n", "my.yml");
        QVERIFY(!broken);
        QCOMPARE(broken.error().line, 5);
        QCOMPARE(QString::fromStdString(broken.error().text()),
                 QStringLiteral(
                     "my.yml:5: group \"g\", rule 1, \"A\": could not parse expression: 1:6: parse error: "
                     "unexpected end of input"));
    }

    void everyBrokenByteIsBorne()
    {
        const QByteArray good =
            rule("alert: A\n    expr: up > 1\n    annotations: {d: '{{ $value | printf \"%.2f\" }}'}");
        for (qsizetype cut = 0; cut < good.size(); ++cut) {
            (void)alert::parseRuleFile(good.left(cut).toStdString(), "r.yml");
            QByteArray bent = good;
            bent[cut] = static_cast<char>(bent[cut] ^ 0x15);
            (void)alert::parseRuleFile(bent.toStdString(), "r.yml");
        }
        QVERIFY(!alert::parseRuleFile(std::string(5 << 20, 'a'), "r.yml"));
        QVERIFY(!alert::parseRuleFile("groups: " + std::string(100'000, '['), "r.yml"));
        QVERIFY(!alert::parseRuleFile(
            rule(QByteArray("alert: A\n    expr: " + QByteArray(50'000, '(')).constData()).toStdString(),
            "r.yml"));
    }

    void theProgramsOwnFilesAreAccepted_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("rules");
        QTest::newRow("default") << QStringLiteral("/resources/rules/default.yml") << 24;
        QTest::newRow("export") << QStringLiteral("/resources/prometheus/alerts.yml") << 6;
    }

    void theProgramsOwnFilesAreAccepted()
    {
        QFETCH(QString, path);
        QFETCH(int, rules);
        const QString full = QStringLiteral(POOLSCOPE_SOURCE_DIR) + path;
        const auto file = alert::readRuleFile(full.toStdString());
        QVERIFY2(file.has_value(), file ? "" : file.error().text().c_str());
        std::size_t count = 0;
        for (const auto& group : file->groups) {
            count += group.rules.size();
        }
        QCOMPARE(count, static_cast<std::size_t>(rules));
        QCOMPARE(promtool::run({QStringLiteral("check"), QStringLiteral("rules"), full}).exitCode, 0);
    }

    void theScrapeConfigurationIsAccepted()
    {
        const auto outcome =
            promtool::run({QStringLiteral("check"), QStringLiteral("config"),
                           QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/prometheus/prometheus.yml")});
        QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.output));
    }
};

QTEST_GUILESS_MAIN(TstRuleFile)
#include "tst_rule_file.moc"
