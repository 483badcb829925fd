// The tables: merge keeps what stays, signals ranges, sorts raw values.
#include "models/alert_model.h"
#include "models/rule_model.h"
#include "models/slot_model.h"
#include "models/sort_proxy.h"
#include "models/source_model.h"
#include "models/waiter_model.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace std::chrono_literals;

namespace {

metrics::SlotRow slotRow(int number, metrics::SlotState state)
{
    metrics::SlotRow row;
    row.slot = number;
    row.state = state;
    row.backendPid = 4000 + number;
    return row;
}

metrics::PoolView poolOf(int count)
{
    metrics::PoolView pool;
    for (int i = 0; i < count; ++i) {
        pool.slots.push_back(slotRow(i, i % 2 ? metrics::SlotState::Active : metrics::SlotState::Idle));
    }
    return pool;
}

metrics::RuleRow ruleRow(const char* name, double value)
{
    metrics::RuleRow row;
    row.group = "pool";
    row.name = name;
    row.value = value;
    return row;
}

} // namespace

class TestTableModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyModelObeysTheRulesWhileRowsComeGoAndChange()
    {
        using Mode = QAbstractItemModelTester::FailureReportingMode;
        models::SlotModel slotModel(models::SlotModel::View::Slots);
        models::SlotModel holderModel(models::SlotModel::View::Holders);
        models::WaiterModel waiterModel;
        models::AlertModel alertModel;
        models::RuleModel ruleModel;
        models::SourceModel sourceModel;
        models::SortProxy order;
        order.setSourceModel(&slotModel);
        order.sort(1);
        const std::initializer_list<QAbstractItemModel*> all{
            &slotModel, &holderModel, &waiterModel, &alertModel, &ruleModel, &sourceModel, &order};
        std::vector<std::unique_ptr<QAbstractItemModelTester>> testers;
        for (QAbstractItemModel* model : all) {
            testers.push_back(std::make_unique<QAbstractItemModelTester>(model, Mode::QtTest));
        }
        for (const int count : {0, 5, 3, 30, 1, 12, 0}) {
            slotModel.show(poolOf(count));
            holderModel.show(poolOf(count));
            std::vector<metrics::WaiterRow> waiters;
            std::vector<metrics::AlertRow> alerts;
            std::vector<metrics::RuleRow> rules;
            std::vector<metrics::SourceStatus> sources;
            for (int i = 0; i < count; ++i) {
                waiters.push_back({i + 1, std::chrono::seconds(count - i), 30s, "tag", "site", "queue"});
                alerts.emplace_back().name = "a" + std::to_string(i * count % 7);
                rules.push_back(ruleRow(std::to_string(i * count % 11).c_str(), i));
                sources.emplace_back().name = "s" + std::to_string(i);
            }
            waiterModel.show(std::make_shared<const std::vector<metrics::WaiterRow>>(waiters));
            alertModel.merge(alerts);
            ruleModel.merge(rules);
            sourceModel.merge(sources);
            QCOMPARE(slotModel.rowCount(), count);
            QCOMPARE(holderModel.rowCount(), count / 2);
            QCOMPARE(waiterModel.rowCount(), count);
            QCOMPARE(sourceModel.rowCount(), count);
        }
    }

    void rowsWithTheSameKeyCountOnce()
    {
        models::RuleModel model;
        model.merge({ruleRow("twice", 1), ruleRow("twice", 2), ruleRow("once", 3)});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.at(0).value, 1.0);
    }

    void onlyWhatChangedIsSignalled()
    {
        models::SlotModel model(models::SlotModel::View::Slots);
        metrics::PoolView pool = poolOf(10);
        model.show(pool);
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.show(pool);
        QCOMPARE(changed.count(), 0);
        for (const std::size_t row : {2U, 3U, 7U}) {
            pool.slots[row].uses = 99;
        }
        model.show(pool);
        QCOMPARE(changed.count(), 2); // rows 2-3 and row 7
        QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 2);
        QCOMPARE(changed.at(0).at(1).toModelIndex().row(), 3);
        pool.slots.erase(pool.slots.begin() + 4, pool.slots.begin() + 7);
        model.show(pool);
        QCOMPARE(removed.count(), 1);
        QCOMPARE(inserted.count(), 0);
    }

    void selectionSurvivesUpdatesAndSorting()
    {
        models::SlotModel model(models::SlotModel::View::Slots);
        models::SortProxy order;
        order.setSourceModel(&model);
        order.sort(4, Qt::DescendingOrder); // by uses
        metrics::PoolView pool = poolOf(20);
        model.show(pool);
        QItemSelectionModel selection(&order);
        const auto rowOf = [&](int slot) {
            for (int row = 0; row < order.rowCount(); ++row) {
                if (order.index(row, 0).data(models::SlotRole).toInt() == slot) {
                    return row;
                }
            }
            return -1;
        };
        selection.select(order.index(rowOf(12), 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        for (int tick = 1; tick < 30; ++tick) {
            for (metrics::SlotRow& row : pool.slots) {
                row.uses = static_cast<std::uint64_t>((row.slot * 37 + tick * 11) % 101);
            }
            if (tick == 10) {
                std::erase_if(pool.slots, [](const auto& row) { return row.slot < 5; });
            }
            model.show(pool);
            QCOMPARE(selection.selectedRows().size(), 1);
            QCOMPARE(selection.selectedRows().first().data(models::SlotRole).toInt(), 12);
        }
    }

    void numbersSortAsNumbersAndNanBelowThem()
    {
        models::RuleModel model;
        models::SortProxy order;
        order.setSourceModel(&model);
        model.merge(
            {ruleRow("ten", 10), ruleRow("absent", std::nan("")), ruleRow("nine", 9), ruleRow("minus", -1)});
        order.sort(2, Qt::AscendingOrder);
        QStringList names;
        for (int row = 0; row < order.rowCount(); ++row) {
            names += order.index(row, 1).data().toString();
        }
        QCOMPARE(names, QStringList({"absent", "minus", "nine", "ten"}));
    }

    void firingCriticalComesFirst()
    {
        const auto alert = [](const char* name, metrics::AlertState state, metrics::Severity severity) {
            metrics::AlertRow row;
            row.name = name;
            row.state = state;
            row.severity = severity;
            return row;
        };
        models::AlertModel model;
        models::SortProxy order;
        order.setSourceModel(&model);
        model.merge({alert("over", metrics::AlertState::Resolved, metrics::Severity::Critical),
                     alert("soon", metrics::AlertState::Pending, metrics::Severity::Critical),
                     alert("warn", metrics::AlertState::Firing, metrics::Severity::Warning),
                     alert("crit", metrics::AlertState::Firing, metrics::Severity::Critical)});
        order.sort(0, Qt::AscendingOrder);
        QStringList names;
        for (int row = 0; row < order.rowCount(); ++row) {
            names += order.index(row, 1).data().toString();
        }
        QCOMPARE(names, QStringList({"crit", "warn", "soon", "over"}));
    }

    void pendingAlertShowsHowFarItIs()
    {
        metrics::AlertRow row;
        row.name = "x";
        row.state = metrics::AlertState::Pending;
        row.activeFor = 15s;
        row.firesIn = 45s;
        models::AlertModel model;
        model.merge({row});
        QCOMPARE(model.index(0, 0).data(models::ProgressRole).toDouble(), 0.25);
        QVERIFY(!model.index(0, 1).data(models::ProgressRole).isValid());
        row.state = metrics::AlertState::Firing;
        model.merge({row});
        QVERIFY(!model.index(0, 0).data(models::ProgressRole).isValid());
    }

    void anyBytesMakeACell()
    {
        metrics::PoolView pool = poolOf(1);
        pool.slots[0].tag = "\xff\xfe\x00 bad";
        pool.slots[0].statement = std::string(1'000'000, 'x');
        models::SlotModel model(models::SlotModel::View::Slots);
        model.show(pool);
        for (int column = 0; column < model.columnCount(); ++column) {
            QVERIFY(model.index(0, column).data().isValid());
        }
        QVERIFY(!model.index(3, 0).data().isValid());
    }

    void aFilterFindsTextInAnyColumn()
    {
        models::RuleModel model;
        models::SortProxy order;
        order.setSourceModel(&model);
        model.merge({ruleRow("HighPoolUsage", 1), ruleRow("Disk", 2)});
        order.setNeedle(QStringLiteral("poolusage"));
        QCOMPARE(order.rowCount(), 1);
        order.setNeedle({});
        QCOMPARE(order.rowCount(), 2);
    }
};

QTEST_GUILESS_MAIN(TestTableModels)
#include "tst_table_models.moc"
