// What the panels show while other people's pools are chosen: theirs, or why nothing.
#include "tests/widgets/target_snapshots.h"
#include "widgets/dialogs/target_chooser.h"
#include "widgets/explore/target_pick.h"
#include "widgets/panels/scoped_panel.h"
#include "widgets/panels/targets_panel.h"
#include "widgets/target_scope.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

using target_snapshots::find;
using target_snapshots::snapshotOf;

namespace {

// The memory of the series knows one thing of one target.
struct Memory final : metrics::Querier {
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>>
    range(std::string_view, std::int64_t, std::int64_t, std::int64_t) const override
    {
        return std::vector<metrics::PointSeries>();
    }
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> instant(std::string_view expression,
                                                                          std::int64_t at) const override
    {
        const bool known = expression.find("process_open_fds{target=\"t1000\"}") != std::string_view::npos;
        return known ? std::vector<metrics::PointSeries>{{{}, {{at, 42}}}}
                     : std::vector<metrics::PointSeries>();
    }
};

} // namespace

class TargetScopeTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theChooserFillsTheScope()
    {
        widgets::TargetScope scope;
        std::vector<widgets::TargetChooser::Choice> choices;
        for (int i = 0; i < 20; ++i) {
            choices.push_back({QStringLiteral("t%1").arg(i), i % 2 ? QStringLiteral("staging") : QString()});
        }
        widgets::TargetChooser chooser(scope, choices);
        chooser.setAttribute(Qt::WA_DeleteOnClose, false);
        auto* list = find<QListWidget>(chooser, "chooser.list");
        list->item(4)->setCheckState(Qt::Checked);
        list->item(2)->setCheckState(Qt::Checked);
        QCOMPARE(scope.chosen(), (QStringList{"t4", "t2"}));
        const int color = scope.colorOf("t2");
        list->item(4)->setCheckState(Qt::Unchecked);
        QCOMPARE(scope.colorOf("t2"), color); // stays with it
        for (int i = 0; i < 20; ++i) {
            list->item(i)->setCheckState(Qt::Checked);
        }
        QCOMPARE(scope.chosen().size(), widgets::TargetScope::kMost);
        QSet<int> colors;
        for (const QString& name : scope.chosen()) {
            colors.insert(scope.colorOf(name));
        }
        QCOMPARE(colors.size(), widgets::TargetScope::kMost);
        widgets::TargetScope again;
        again.restoreState(scope.state());
        QCOMPARE(again.chosen(), scope.chosen());
        QCOMPARE(again.colorOf("t2"), color);
        again.restoreState("garbage");
        QCOMPARE(again.chosen(), scope.chosen());
        find<QLineEdit>(chooser, "chooser.needle")->setText("staging");
        QVERIFY(list->item(0)->isHidden() && !list->item(1)->isHidden());
        find<QPushButton>(chooser, "chooser.own")->click();
        QVERIFY(scope.isOwn());
    }

    // Of a target's machine its own page tells, if anybody does; what it does not tell is said, not drawn.
    void theMachineOfATargetIsWhatItsPageTells()
    {
        Memory memory;
        widgets::TargetScope scope;
        widgets::PanelContext context;
        context.scope = &scope;
        context.querier = &memory;
        widgets::ScopedPanel panel(context, new widgets::TargetsPanel(context), widgets::TargetFace::Host);
        panel.resize(1200, 800);
        panel.show();
        panel.showSnapshot(snapshotOf(4, 5));
        scope.choose({"t1000", "t1001"});
        auto next = std::make_shared<metrics::Snapshot>(*snapshotOf(4, 5)); // a tick after what was asked of the memory
        next->at += std::chrono::seconds(1);
        panel.showSnapshot(next);
        auto* charts = panel.findChild<widgets::TargetCharts*>();
        QVERIFY(charts != nullptr && charts->isVisible());
        int told = 0;
        for (const widgets::ChartCard* card : charts->findChildren<widgets::ChartCard*>()) {
            const bool files = card->chart()->model().spec.name.endsWith("open files");
            QCOMPARE(card->toolTip(), files ? QStringLiteral("Unknown: not told by t1001")
                                            : QStringLiteral("Unknown: not told by t1000, t1001"));
            QVERIFY(!card->chart()->samples(0).all().empty() && !card->chart()->samples(1).all().empty());
            const double first = card->chart()->samples(0).all().back().value;
            QVERIFY(files ? first == 42 : std::isnan(first));
            QVERIFY(std::isnan(card->chart()->samples(1).all().back().value));
            told += files ? 1 : 0;
        }
        QCOMPARE(told, 1);
    }

    void whatIsOfThisProgramAloneSaysSo_data()
    {
        QTest::addColumn<int>("face");
        QTest::addColumn<QString>("reason");
        QTest::newRow("scenarios") << int(widgets::TargetFace::Scenarios)
                                   << "Nothing can be started on shop, db";
        QTest::newRow("log") << int(widgets::TargetFace::Log) << "What shop, db writes";
        QTest::newRow("responses") << int(widgets::TargetFace::Responses) << "On shop, db";
    }
    void whatIsOfThisProgramAloneSaysSo()
    {
        QFETCH(int, face);
        widgets::TargetScope scope;
        widgets::PanelContext context;
        context.scope = &scope;
        auto* own = new widgets::TargetsPanel(context); // any panel
        widgets::ScopedPanel panel(context, own, static_cast<widgets::TargetFace>(face));
        panel.show();
        scope.choose({"shop", "db"});
        QVERIFY(!own->isVisible());
        QCOMPARE(find<QLabel>(panel, "own.shown")->text(), QStringLiteral("shop · db"));
        QFETCH(QString, reason);
        const QString said = find<QLabel>(panel, "own.reason")->text();
        QVERIFY2(said.contains(reason), qPrintable(said));
        find<QPushButton>(panel, "own.own")->click();
        QVERIFY(own->isVisible() && scope.isOwn());
    }

    void whatIsShownIsAskedForInExploreToo()
    {
        widgets::TargetScope scope;
        widgets::TargetPick pick;
        int runs = 0;
        connect(&pick, &QComboBox::activated, &pick, [&runs] { ++runs; });
        pick.follow(&scope);
        scope.choose({"shop"});
        QCOMPARE(pick.choice(), QStringLiteral("target:shop"));
        scope.choose({"shop", "db"});
        QCOMPARE(pick.currentText(), QStringLiteral("2 chosen targets"));
        QCOMPARE(pick.labels(), (metrics::Labels{{"target", "shop"}, {"target", "db"}}));
        scope.choose({"shop", "stock"}); // as many, others
        QCOMPARE(pick.labels(), (metrics::Labels{{"target", "shop"}, {"target", "stock"}}));
        scope.chooseOwn();
        QCOMPARE(pick.choice(), QString());
        QCOMPARE(pick.findText(QStringLiteral("2 chosen targets")), -1);
        QCOMPARE(runs, 4);
        pick.setChoice(QStringLiteral("chosen")); // of a run in which several were
        QCOMPARE(pick.choice(), QString());
    }

    void targetsAreComparedInThePlaceOfThePanel()
    {
        widgets::TargetScope scope;
        widgets::PanelContext context;
        context.scope = &scope;
        auto* own = new widgets::TargetsPanel(context); // any panel
        widgets::ScopedPanel panel(context, own, widgets::TargetFace::Overview);
        panel.resize(1200, 800);
        panel.show();
        panel.showSnapshot(snapshotOf(4, 5));
        QVERIFY(own->isVisible());
        scope.choose({"t1000", "t1001", "t1003"});
        QVERIFY(!own->isVisible());
        auto* charts = panel.findChild<widgets::TargetCharts*>();
        QVERIFY(charts != nullptr && charts->isVisible());
        auto marked = std::make_shared<metrics::Snapshot>(*snapshotOf(4, 5));
        using Kind = metrics::Mark::Kind;
        marked->marks = std::make_shared<const std::vector<metrics::Mark>>(
            std::vector<metrics::Mark>{{Kind::ScenarioStarted, marked->at, "burst", {}},
                                       {Kind::AlertFired, marked->at, "HighPoolUsage", {}},
                                       {Kind::Note, marked->at, "deployed", {}}});
        panel.showSnapshot(marked);
        const auto& marks = charts->findChildren<widgets::ChartCard*>().front()->chart()->model().marks;
        QCOMPARE(marks.size(), std::size_t(1)); // what happened to our pool did not happen to theirs
        QVERIFY(marks.front().text.contains("deployed"));
        const auto cards = charts->findChildren<widgets::ChartCard*>();
        const widgets::PlotModel& usage = cards.front()->chart()->model();
        QCOMPARE(usage.spec.series.size(), std::size_t(3));
        QCOMPARE(usage.spec.series[1].name, QStringLiteral("t1001"));
        QCOMPARE(cards.front()->chart()->samples(0).all().back().value, 0.5);
        QVERIFY(std::isnan(cards.front()->chart()->samples(2).all().back().value)); // down: unknown, not zero
        QVERIFY(cards.front()->toolTip().contains("t1003") && !cards.front()->toolTip().contains("t1000"));
        QCOMPARE(find<widgets::TableView>(*charts, "targets.chosen")->model()->rowCount(), 3);
        scope.choose({"t1001"});
        QCOMPARE(cards.front()->chart()->model().spec.series.size(), std::size_t(1));
        QCOMPARE(cards.front()->chart()->model().spec.series[0].color, scope.colorOf("t1001"));
        find<QPushButton>(*charts, "targets.own")->click();
        QVERIFY(own->isVisible() && scope.isOwn());
        QEvent language(QEvent::LanguageChange);
        QCoreApplication::sendEvent(charts, &language);
        scope.choose({"t1001"}); // the same lines as before
        QCOMPARE(find<QLabel>(*charts, "targets.shown")->text(), QStringLiteral("t1001"));
    }
};

QTEST_MAIN(TargetScopeTest)
#include "tst_target_scope.moc"
