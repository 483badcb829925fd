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
    [[nodiscard]] std::vector<models::TargetRow> rows() const { return models::targetRows(m_snapshot); }

private:
    metrics::Snapshot m_snapshot;
    metrics::SampleBuilder m_out{m_snapshot};
};

const double kUnknown = std::nan("");

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
