// Other people's pools as rows: what is unknown stays so, the worst comes first.
#include "models/sort_proxy.h"
#include "models/target_model.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QTest>

#include <array>
#include <cmath>

using State = models::TargetRow::State;

namespace {

constexpr std::array<std::string_view, 6> kLabels{"target", "pool", "environment", "url", "tags", "source"};
constexpr metrics::MetricDef gauge(std::string_view name)
{
    return {name, metrics::Kind::Gauge, core::Unit::None, "", {}, {}, kLabels};
}
constexpr metrics::MetricDef kInfo = gauge("target_info");
constexpr metrics::MetricDef kUp = gauge("target_up");
constexpr metrics::MetricDef kInUse = gauge("target_pool_in_use");
constexpr metrics::MetricDef kMax = gauge("target_pool_max");
constexpr metrics::MetricDef kWaiting = gauge("target_pool_waiting");

class Story {
public:
    void target(const std::string& name, const std::string& environment = {})
    {
        metrics::Labels labels{{"source", "HikariCP"}, {"tags", "java, shop"}, {"target", name}, {"url", "http://x/"}};
        if (!environment.empty()) {
            labels.insert(labels.begin(), {"environment", environment});
        }
        m_out.push(kInfo, 1, labels);
    }
    void up(const std::string& name, double up) { m_out.push(kUp, up, {{"target", name}}); }
    void pool(const std::string& target, const std::string& pool, double inUse, double max, double waiting)
    {
        const metrics::Labels labels{{"pool", pool}, {"target", target}};
        m_out.push(kInUse, inUse, labels);
        m_out.push(kMax, max, labels);
        m_out.push(kWaiting, waiting, labels);
    }
    void figure(const metrics::MetricDef& def, double value)
    {
        m_out.push(def, value, {{"pool", "main"}, {"target", "a"}});
    }
    [[nodiscard]] std::vector<models::TargetRow> rows() const { return models::targetRows(m_snapshot); }

private:
    metrics::Snapshot m_snapshot;
    metrics::SampleBuilder m_out{m_snapshot};
};

const double kUnknown = std::nan("");

constexpr std::array kFigures{gauge("target_pool_size"),
                              kInUse,
                              gauge("target_pool_idle"),
                              kWaiting,
                              kMax,
                              gauge("target_pool_timeouts_total")};

// A pool of which everything is told but `missing`.
Story whole(const QString& missing)
{
    Story story;
    story.target("a");
    story.up("a", 1);
    double value = 10;
    for (const metrics::MetricDef& def : kFigures) {
        value += 1;
        if (QLatin1String(def.name.data(), qsizetype(def.name.size())) != missing) {
            story.figure(def, value);
        }
    }
    return story;
}

Story everything()
{
    Story story;
    for (const char* name : {"awaited", "down", "exhausted", "foreign", "full", "well"}) {
        story.target(name, std::string(name) == "well" ? "Production" : "");
        if (std::string(name) != "awaited") {
            story.up(name, std::string(name) == "down" ? 0 : 1);
        }
    }
    story.pool("exhausted", "a", 10, 10, 3);
    story.pool("exhausted", "b", 1, 10, 0);
    story.pool("full", "main", 9.5, 10, 0);
    story.pool("well", "main", 2, kUnknown, kUnknown);
    return story;
}

} // namespace

class TargetModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void theWorstComesFirst()
    {
        models::TargetModel model;
        models::SortProxy order;
        const QAbstractItemModelTester rules(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        order.setSourceModel(&model);
        order.sort(0, Qt::AscendingOrder);
        model.show(everything().rows());
        QStringList names;
        for (int row = 0; row < order.rowCount(); ++row) {
            names << order.index(row, 1).data().toString() + '/' + order.index(row, 3).data().toString();
        }
        QCOMPARE(names, (QStringList{"down/", "exhausted/a", "full/main", "foreign/", "awaited/", "exhausted/b",
                                     "well/main"}));
    }

    void unknownIsNeverZero()
    {
        models::TargetModel model;
        model.show(everything().rows());
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.at(row).target == "well") {
                QVERIFY(std::isnan(model.at(row).waiting) && std::isnan(model.at(row).usage()));
                QCOMPARE(model.index(row, 5).data().toString(), QString("–"));
                QCOMPARE(model.index(row, 6).data().toString(), QString("2 / –"));
                QCOMPARE(model.index(row, 7).data().toString(), QString("–"));
                QVERIFY(model.index(row, 2).data(models::ProductionRole).toBool());
            }
        }
    }

    // Each figure missing by itself: its cells are dashes, all the others are as they were.
    void aMissingFigureIsADashAndNothingElse_data()
    {
        QTest::addColumn<QString>("missing");
        QTest::addColumn<QStringList>("dashes"); // columns
        const auto row = [](const char* missing, const QStringList& dashes) {
            QTest::newRow(missing) << QString(missing) << dashes;
        };
        row("target_pool_in_use", {"5", "6"});
        row("target_pool_max", {"5", "6"});
        row("target_pool_waiting", {"7"});
        row("target_pool_timeouts_total", {"9"});
        row("target_pool_size", {}); // in no column of its own
        row("target_pool_idle", {});
    }
    void aMissingFigureIsADashAndNothingElse()
    {
        QFETCH(QString, missing);
        QFETCH(QStringList, dashes);
        const auto cells = [](const QString& without) {
            models::TargetModel model;
            model.show(whole(without).rows());
            QStringList texts;
            for (int column : {5, 6, 7, 9}) {
                texts << model.index(0, column).data().toString();
            }
            return texts;
        };
        const QStringList told = cells({});
        const QStringList seen = cells(missing);
        for (int i = 0; i < told.size(); ++i) {
            QVERIFY2(!told[i].contains("–"), qPrintable(told[i]));
            if (dashes.contains(QString::number(i == 3 ? 9 : 5 + i))) {
                QVERIFY2(i == 1 ? seen[i].contains("–") : seen[i] == "–", qPrintable(seen[i]));
            } else {
                QCOMPARE(seen[i], told[i]);
            }
        }
    }

    void everyRowKeepsItsLastMinute()
    {
        models::TargetModel model;
        const QAbstractItemModelTester rules(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 0; i < 70; ++i) {
            Story story;
            story.target("a");
            story.up("a", 1);
            story.pool("a", "main", i, 100, 0);
            model.show(story.rows());
        }
        const QVariantList trend = model.index(0, 4).data(models::TrendRole).toList();
        QCOMPARE(std::size_t(trend.size()), models::TargetModel::kTrend);
        QCOMPARE(trend.last().toDouble(), 0.69);
        model.show({});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TargetModelTest)
#include "tst_target_model.moc"
