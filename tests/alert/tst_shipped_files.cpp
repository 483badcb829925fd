// The files for other programs, in resources/: a Grafana dashboard and a Prometheus configuration that work
// as they are.
#include "promtool.h"

#include "monitor/alert/rule_file.h"
#include "monitor/promql/parser.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRect>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <yaml-cpp/yaml.h>

namespace {

const QString kResources = QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/");

QStringList expressionsOf(const QJsonObject& panel)
{
    QStringList all;
    for (const QJsonValue& target : panel[u"targets"].toArray()) {
        all << target[u"expr"].toString();
    }
    return all;
}

} // namespace

class ShippedFiles final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
        QFile file(kResources + "grafana/dashboard.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QJsonParseError error{};
        m_dashboard = QJsonDocument::fromJson(file.readAll(), &error).object();
        QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
        m_panels = m_dashboard[u"panels"].toArray();
        QVERIFY(!m_panels.isEmpty());
    }

    // Grafana's import wants the dashboard itself, without an id, and not wrapped into another object.
    void theDashboardCanBeImported()
    {
        QCOMPARE(m_dashboard[u"title"].toString(), QStringLiteral("数据库连接池监控"));
        QVERIFY(!m_dashboard.contains(u"dashboard"));
        QVERIFY(m_dashboard[u"id"].isNull());
        const QString uid = m_dashboard[u"uid"].toString();
        QVERIFY(!uid.isEmpty() && uid.size() <= 40);
        QVERIFY(m_dashboard[u"schemaVersion"].toInt() >= 30);
        QVERIFY(m_dashboard[u"time"][u"from"].isString() && m_dashboard[u"time"][u"to"].isString());
    }
    void panelsHaveIdsTypesAndThePlaceOfTheContract()
    {
        static const QSet<QString> kTypes{"timeseries", "heatmap",  "stat", "gauge",
                                          "table",      "barchart", "row"};
        QSet<int> ids;
        QStringList titles;
        for (const QJsonValue& panel : m_panels) {
            const int id = panel[u"id"].toInt();
            QVERIFY2(id > 0 && !ids.contains(id), qPrintable(panel[u"title"].toString()));
            ids.insert(id);
            QVERIFY2(kTypes.contains(panel[u"type"].toString()), qPrintable(panel[u"type"].toString()));
            titles << panel[u"title"].toString();
        }
        QCOMPARE(titles.mid(0, 4), QStringList({"连接池使用率", "连接数趋势", "查询耗时分布", "慢查询次数"}));
    }
    void panelsLieInTheGridWithoutOverlap()
    {
        QList<QRect> taken;
        for (const QJsonValue& panel : m_panels) {
            const QJsonObject place = panel[u"gridPos"].toObject();
            for (const char* side : {"x", "y", "w", "h"}) {
                QVERIFY2(place[QLatin1String(side)].isDouble(), side);
            }
            const QRect rect(place[u"x"].toInt(), place[u"y"].toInt(), place[u"w"].toInt(),
                             place[u"h"].toInt());
            QVERIFY(rect.isValid() && rect.left() >= 0 && rect.top() >= 0 && rect.right() < 24);
            for (const QRect& other : taken) {
                QVERIFY2(!rect.intersects(other), qPrintable(panel[u"title"].toString()));
            }
            taken << rect;
        }
    }
    void everyPanelAsksTheChosenDataSource()
    {
        QString variable;
        for (const QJsonValue& entry : m_dashboard[u"templating"][u"list"].toArray()) {
            if (entry[u"type"].toString() == u"datasource" && entry[u"query"].toString() == u"prometheus") {
                variable = entry[u"name"].toString();
            }
        }
        QVERIFY(!variable.isEmpty());
        for (const QJsonValue& panel : m_panels) {
            for (const QJsonValue& target : panel[u"targets"].toArray()) {
                const QJsonValue source =
                    target[u"datasource"].isUndefined() ? panel[u"datasource"] : target[u"datasource"];
                QCOMPARE(source[u"type"].toString(), QStringLiteral("prometheus"));
                QCOMPARE(source[u"uid"].toString(), QStringLiteral("${%1}").arg(variable));
            }
        }
    }
    void everyExpressionIsPromql()
    {
        QStringList all;
        for (const QJsonValue& panel : m_panels) {
            QSet<QString> names;
            for (const QJsonValue& target : panel[u"targets"].toArray()) {
                QVERIFY(!target[u"refId"].toString().isEmpty() &&
                        !names.contains(target[u"refId"].toString()));
                names.insert(target[u"refId"].toString());
            }
            all << expressionsOf(panel.toObject());
        }
        for (const QString& expression : all) {
            const auto parsed = promql::parseExpression(expression.toStdString());
            QVERIFY2(parsed.has_value(), parsed ? "" : parsed.error().text().c_str());
        }
        for (const char* wanted : {"db_pool_usage * 100", "db_pool_checked_in", "db_pool_checked_out",
                                   "db_pool_overflow", "rate(db_slow_query_total[5m])"}) {
            QVERIFY2(all.contains(QLatin1String(wanted)), wanted);
        }
        QVERIFY(all.join('\n').contains("rate(db_query_duration_seconds_bucket[5m])"));
    }
    void legendsAreThoseOfTheContract()
    {
        QStringList legends;
        for (const QJsonValue& target : m_panels.at(1)[u"targets"].toArray()) {
            legends << target[u"legendFormat"].toString();
        }
        QCOMPARE(legends, QStringList({"空闲连接", "使用中连接", "溢出连接"}));
    }

    void promtoolTakesThePrometheusConfiguration()
    {
        const auto outcome = promtool::run({"check", "config", kResources + "prometheus/prometheus.yml"});
        QVERIFY2(outcome.started && outcome.exitCode == 0, qPrintable(outcome.output));
        QVERIFY2(outcome.output.contains("1 rule files found"),
                 qPrintable(outcome.output)); // it loads them (D25)
    }
    // KEDA's queries and prometheus-adapter's: what stands between quotes, or behind the colon, is PromQL.
    void expressionsForAutoscalersArePromql()
    {
        int found = 0;
        for (const char* name : {"keda-scaledobject.yaml", "prometheus-adapter-values.yaml"}) {
            QFile file(kResources + "kubernetes/" + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const YAML::Node root = YAML::Load(file.readAll().toStdString());
            const bool keda = root["kind"].IsDefined();
            for (const YAML::Node& entry : keda ? root["spec"]["triggers"] : root["rules"]["external"]) {
                const auto text = (keda ? entry["metadata"]["query"] : entry["metricsQuery"]).as<std::string>();
                const auto parsed = promql::parseExpression(text);
                QVERIFY2(parsed, parsed ? "" : parsed.error().text().c_str());
                ++found;
            }
        }
        QCOMPARE(found, 4);
        for (const char* name : {"hpa.yaml", "rbac.yaml"}) {
            QFile file(kResources + "kubernetes/" + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            for (const YAML::Node& document : YAML::LoadAll(file.readAll().toStdString())) {
                QVERIFY(document["apiVersion"].IsScalar() && document["metadata"]["name"].IsScalar());
            }
        }
    }
    void promtoolTakesTheRules_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("exported") << kResources + "prometheus/alerts.yml";
        QTest::newRow("our own") << kResources + "rules/default.yml";
        QTest::newRow("on targets") << kResources + "rules/targets.yml";
    }
    void promtoolTakesTheRules()
    {
        QFETCH(QString, path);
        const auto outcome = promtool::run({"check", "rules", path});
        QVERIFY2(outcome.started && outcome.exitCode == 0, qPrintable(outcome.output));
        const auto file = alert::readRuleFile(path.toStdString());
        QVERIFY2(file.has_value(), file ? "" : file.error().text().c_str());
        qsizetype rules = 0;
        for (const alert::RuleGroup& group : file->groups) {
            rules += static_cast<qsizetype>(group.rules.size());
        }
        QVERIFY2(outcome.output.contains(QStringLiteral("%1 rules found").arg(rules)),
                 qPrintable(outcome.output));
    }

private:
    QJsonObject m_dashboard;
    QJsonArray m_panels;
};

QTEST_GUILESS_MAIN(ShippedFiles)
#include "tst_shipped_files.moc"
