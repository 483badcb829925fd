// Templates, compared with what Prometheus itself makes of them (promtool test rules prints what an alert
// said).
#include "../alert/promtool.h"

#include "monitor/gotext/template.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

const double kValues[]{0,       1,           0.8333, 0.93333, 0.99999, 0.0333, 27.674975000000003,
                       1000000, 123456789.5, -0.5,   1e-07,   1024.5,  90061,  59.95,
                       -3661,   0.002,       999.96, 123456,  1e+09};

QString expanded(const QString& text, double value)
{
    const auto made = gotext::Template::parse(text.toStdString(), "__alert_A");
    if (!made) {
        return QString::fromStdString(made.error().message);
    }
    gotext::TemplateContext context{{{"__name__", "m"}, {"x", "a.b:80"}}, value, 0, {}};
    const auto result = made->expand(context);
    return QString::fromStdString(result ? *result : "error: " + result.error().message);
}

} // namespace

class TstTemplate final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void everyValueReadsAsPrometheusWritesIt()
    {
        const QStringList texts{
            QStringLiteral("{{ $value }}"),
            QStringLiteral("{{ $value | humanize }}"),
            QStringLiteral("{{ $value | humanize1024 }}"),
            QStringLiteral("{{ $value | humanizePercentage }}"),
            QStringLiteral("{{ $value | humanizeDuration }}"),
            QStringLiteral("{{ $value | humanizeTimestamp }}"),
            QStringLiteral("{{ printf \"%.2f|%6.1f|%-9.3e|%g|%v|%d|%+.1f|%s\" .Value .Value .Value .Value "
                           ".Value .Value .Value .Value }}"),
            QStringLiteral("{{ if gt $value 1.0 }}high{{ else if lt $value 0.0 }}low{{ else }}mid{{ end }}"),
            QStringLiteral(
                "{{ $labels.x }} {{ .Labels.y }} {{ $labels }} {{ with $labels.y }}y{{ else }}n{{ end }}"),
            QStringLiteral("{{ stripPort $labels.x }} {{ stripDomain $labels.x }} {{ $labels.x | title | "
                           "toUpper | toLower }}"),
            QStringLiteral("{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}"),
            QStringLiteral("{{ reReplaceAll \"(a).(b)\" \"$2-$1\" $labels.x }} {{ match \"^a\" $labels.x }}"),
            QStringLiteral("a  {{- \" b \" -}}  c {{/* gone */}} {{ len $labels }} {{ index $labels \"x\" }} "
                           "{{ and 1 0 }} {{ or 0 \"z\" }}"),
            QStringLiteral("{{ $a := 5 }}{{ $a = 6 }}{{ $a }} {{ eq 1 1 }} {{ not true }} {{ print 1 2 \"x\" "
                           "3 }} {{ printf \"%q %5d|%x\" \"q\" 7 255 }}"),
            QStringLiteral("{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" $value }}"),
            QStringLiteral("{{ parseDuration \"1h30m\" }} {{ 1e3 }} {{ 0x10 }} {{ 'a' }} {{ html \"<a>\" }} "
                           "{{ urlquery \"a b&c\" }}"),
        };
        QTemporaryDir folder;
        QByteArray rules = "groups: [{name: g, rules: [{alert: A, expr: 'm > -Inf', annotations: {";
        for (int i = 0; i < texts.size(); ++i) {
            rules += "a" + QByteArray::number(i) + ": '" + texts[i].toUtf8().replace("'", "''") + "', ";
        }
        rules += "}}]}]\n";
        QFile ruleFile(folder.filePath(QStringLiteral("r.yml")));
        QVERIFY(ruleFile.open(QIODevice::WriteOnly) && ruleFile.write(rules) == rules.size());
        ruleFile.close();
        for (const double value : kValues) {
            // What our templates say is what promtool is told to expect: it fails where one byte differs.
            QByteArray test =
                "rule_files: [r.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n"
                "  - {series: 'm{x=\"a.b:80\"}', values: '" +
                QByteArray::number(value, 'g', 17) +
                "'}\n  alert_rule_test:\n  - eval_time: 0m\n    alertname: A\n    exp_alerts:\n"
                "    - exp_labels: {x: 'a.b:80'}\n      exp_annotations:\n";
            for (int i = 0; i < texts.size(); ++i) {
                test += "        a" + QByteArray::number(i) + ": '" +
                        expanded(texts[i], value).toUtf8().replace("'", "''") + "'\n";
            }
            QFile file(folder.filePath(QStringLiteral("t.yml")));
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(test) == test.size());
            file.close();
            const auto outcome = promtool::run(
                {QStringLiteral("test"), QStringLiteral("rules"), file.fileName()}, folder.path());
            QVERIFY2(outcome.started, "promtool (package prometheus) is needed");
            QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.output));
        }
    }

    void theContractsTextsComeOutWordForWord()
    {
        const QString usage = QStringLiteral("连接池使用率 {{ $value | humanizePercentage }}，超过 80%");
        QCOMPARE(expanded(usage, 25.0 / 30), QStringLiteral("连接池使用率 83.33%，超过 80%"));
        QCOMPARE(expanded(usage, 28.0 / 30), QStringLiteral("连接池使用率 93.33%，超过 80%"));
        QCOMPARE(expanded(QStringLiteral("{{ $value }} 次/秒"), 27.674975000000003),
                 QStringLiteral("27.674975000000003 次/秒"));
        QCOMPARE(expanded(QStringLiteral("{{ $value | printf \"%.2f\" }} 次/秒"), 27.674975000000003),
                 QStringLiteral("27.67 次/秒"));
    }

    void mistakesAreRefusedInGoWords_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("function") << "{{ foo }}"
                                  << "template: __alert_A:1: function \"foo\" not defined";
        QTest::newRow("variable") << "a\n{{ $foo }}"
                                  << "template: __alert_A:2: undefined variable \"$foo\"";
        QTest::newRow("unclosed") << "{{ $value"
                                  << "template: __alert_A:1: unclosed action";
        QTest::newRow("end") << "{{ end }}"
                             << "template: __alert_A:1: unexpected {{end}}";
        QTest::newRow("eof") << "{{ if true }}"
                             << "template: __alert_A:1: unexpected EOF";
        QTest::newRow("empty") << "{{ }}"
                               << "template: __alert_A:1: missing value for command";
        QTest::newRow("types") << "{{ gt $value 1 }}"
                               << "error: error executing template __alert_A: error calling gt: incompatible "
                                  "types for comparison";
    }

    void mistakesAreRefusedInGoWords()
    {
        QFETCH(QString, text);
        QFETCH(QString, said);
        QCOMPARE(expanded(text, 1), said);
    }

    void everyBrokenByteIsBorne()
    {
        const QString good = QStringLiteral("{{ if gt $value 1.0 }}{{ $labels.x | printf \"%-5s\" }}{{ else "
                                            "}}{{ range .Labels }}{{ . }}{{ end }}{{ end }}");
        for (qsizetype cut = 0; cut < good.size(); ++cut) {
            (void)expanded(good.left(cut), 2);
            QString bent = good;
            bent[cut] = QChar(bent[cut].unicode() ^ 0x11);
            (void)expanded(bent, 2);
        }
        (void)expanded(QStringLiteral("{{") + QString(5000, QLatin1Char('(')), 1);
        (void)expanded(
            QStringLiteral("{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}"), 1);
        (void)expanded(QStringLiteral("{{ printf \"%99999999.99999999f\" $value }}"), 1);
    }
};

QTEST_GUILESS_MAIN(TstTemplate)
#include "tst_template.moc"
