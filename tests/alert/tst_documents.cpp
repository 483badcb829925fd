// Both documents' rules, shipped for us and for Prometheus, over half an hour of edge cases: what is pending and
// what fires in our engine, tick by tick and word by word, is put to Prometheus' own evaluation of the same samples.
#include "monitor/alert/rule_engine.h"
#include "document_stories.h"
#include "monitor/core/format.h"
#include "promtool.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using documents::kStep;
using documents::kTicks;
using documents::Story;

namespace {

constexpr std::int64_t kEpoch = 1'700'000'000;

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

// Everything pending or firing at that moment, and nothing else: what Prometheus calls ALERTS.
QString statesOf(int second, const documents::Alerts& alerts)
{
    QString text = QStringLiteral("  - {expr: ALERTS, eval_time: %1s, exp_samples: [").arg(second);
    for (metrics::Labels labels : alerts) {
        series::setLabel(labels, series::kNameLabel, "ALERTS");
        text += QStringLiteral("{labels: %1, value: 1}, ").arg(quoted(series::labelsText(labels)));
    }
    return text + QStringLiteral("]}\n");
}

} // namespace

class TstDocuments final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void prometheusFiresTheSameAtTheSameEvaluationWithTheSameText_data()
    {
        QTest::addColumn<QString>("rules");
        QTest::newRow("the rules of the window") << QStringLiteral("rules/default.yml");
        QTest::newRow("the rules for Prometheus") << QStringLiteral("prometheus/alerts.yml");
    }

    void prometheusFiresTheSameAtTheSameEvaluationWithTheSameText()
    {
        QFETCH(QString, rules);
        const QString file = QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/") + rules;
        series::Head head;
        const promql::Querier querier(head);
        alert::RuleEngine engine(head, querier);
        QVERIFY(engine.load({file.toStdString()}).has_value());
        QString checks;
        QString states;
        QSet<QString> fired;
        int compared = 0;
        int pending = 0;
        for (int tick = 0; tick < kTicks; ++tick) {
            metrics::Snapshot snapshot = documents::pictureOf(tick * kStep);
            snapshot.at = core::WallTime(std::chrono::seconds(kEpoch + tick * kStep));
            snapshot.steady = core::SteadyTime(std::chrono::seconds(tick * kStep));
            snapshot.interval = std::chrono::seconds(kStep);
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
            states += statesOf(tick * kStep, documents::alertsOf(snapshot.alerts));
            for (const metrics::AlertRow& row : snapshot.alerts) {
                pending += row.state == metrics::AlertState::Pending ? 1 : 0;
                if (row.state == metrics::AlertState::Firing) {
                    fired.insert(QString::fromStdString(row.name));
                }
            }
        }
        for (const metrics::RuleRow& rule : engine.rules()) { // so that silence cannot pass for agreement
            QVERIFY2(fired.contains(QString::fromStdString(rule.name)), (rule.name + " never fired").c_str());
        }
        QVERIFY(compared > 700);
        QVERIFY(pending > 50);
        judge(file, QStringLiteral("  alert_rule_test:\n") + checks +
                        QStringLiteral("  promql_expr_test:\n") + states);
    }

private:
    static void judge(const QString& rules, const QString& checks)
    {
        QTemporaryDir folder;
        QString text =
            QStringLiteral(
                "rule_files: [%1]\nevaluation_interval: %2s\ntests:\n- interval: %2s\n  input_series:\n")
                .arg(rules)
                .arg(kStep);
        for (const Story& story : documents::stories()) {
            text += inputOf(story);
        }
        text += checks;
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
