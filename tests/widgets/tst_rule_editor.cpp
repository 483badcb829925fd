// Rules by hand: the editor with its trial on the past, thresholds dragged in charts, the history of incidents.
#include "monitor/alert/rule_trial.h"
#include "monitor/alert/user_rules.h"
#include "monitor/series/head.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/dialogs/ack_dialog.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/dialogs/rule_dialog.h"
#include "widgets/explore/expression_edit.h"
#include "widgets/panels/history_page.h"
#include "widgets/panels/rules_page.h"
#include "widgets/toast.h"

#include <QAbstractScrollArea>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMouseEvent>
#include <QPointer>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <cmath>

using metrics::RuleEdit;
using widgets::ChartWidget;
using widgets::RuleDialog;
using widgets::Threshold;

namespace {

// An hour up to now, a sample a second: three times over 0.8 for ten minutes.
struct Past {
    Past()
        : head({std::chrono::hours(2), 1000})
        , querier(head)
    {
        for (std::int64_t second = 0; second <= 3600; ++second) {
            const bool high = (second >= 300 && second < 900) || (second >= 1200 && second < 1800) || second >= 3000;
            const std::vector<series::NamedSample> sample{{{{"__name__", "usage"}}, high ? 0.9 : 0.5}};
            head.append((now - 3600 + second) * 1000, sample);
        }
    }

    const std::int64_t now = 1'700'000'000;
    series::Head head;
    promql::Querier querier;
};

metrics::RuleDraft draft()
{
    metrics::RuleDraft draft;
    draft.name = "High";
    draft.expr = "usage > 0.8";
    draft.holdFor = "1m";
    draft.labels = {{"severity", "critical"}, {"team", "db"}};
    draft.annotations = {{"summary", "at {{ $value }}, above 80%"}, {"poolscope_overrides", "g/High"}};
    return draft;
}

// What the window would be wired to, without an engine.
struct Wires {
    Wires()
    {
        commands.tryRule = [this](const RuleEdit& tried, std::chrono::minutes window, const std::stop_token& stop) {
            return alert::tryRule(tried.draft, past.querier, nullptr,
                                  {past.now * 1000 - std::chrono::milliseconds(window).count(), past.now * 1000, 1000}, stop);
        };
        commands.withThreshold = [](const metrics::RuleDraft& one, double value) {
            return alert::withThreshold(one, value).value_or(one);
        };
        commands.editRule = [this](const RuleEdit& edit, const std::function<void(const QString&)>& done) {
            edits.push_back(edit);
            if (done) {
                done(refusal);
            }
        };
    }

    Past past;
    widgets::AlertCommands commands;
    std::vector<RuleEdit> edits;
    QString refusal;
};

QString textOf(const QWidget& parent, const char* name)
{
    const auto* label = parent.findChild<QLabel*>(QString::fromLatin1(name));
    return label != nullptr ? label->text() : QStringLiteral("no label");
}

template <class T>
T* child(const QWidget& parent, const char* name)
{
    return parent.findChild<T*>(QString::fromLatin1(name));
}

void mouse(QWidget& view, QEvent::Type type, const QPoint& at)
{
    const Qt::MouseButton button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
    QMouseEvent event(type, at, view.mapToGlobal(at), button, button, Qt::NoModifier);
    QCoreApplication::sendEvent(&view, &event);
}

metrics::Incident incident(int number)
{
    metrics::Incident one;
    one.id = "i" + std::to_string(number);
    one.rule = number % 2 == 0 ? "Even" : "Odd";
    one.severity = number % 2 == 0 ? metrics::Severity::Critical : metrics::Severity::Warning;
    one.firedAt = core::WallTime(std::chrono::seconds(1'700'000'000 - number));
    one.activeSince = one.firedAt - std::chrono::seconds(60);
    one.resolvedAt = one.firedAt + std::chrono::seconds(30);
    return one;
}

} // namespace

class TstRuleEditor final : public QObject {
    Q_OBJECT

private:
    // A chart over an hour with a movable threshold at half its height.
    static std::unique_ptr<ChartWidget> chart()
    {
        auto chart = std::make_unique<ChartWidget>(
            widgets::ChartSpec{"Usage", core::Unit::Ratio, 1.0, {{"usage"}}, widgets::Density::Full});
        chart->resize(600, 300);
        chart->samples(0).append(1'000'000, 0.2, 10'000);
        chart->samples(0).append(1'001'000, 0.3, 10'000);
        Threshold threshold{0.5, widgets::StatusLevel::Warning, true, "High", metrics::RuleKey{"f", "g", "High", 1}, 100};
        chart->setThresholds({threshold, {0.7, widgets::StatusLevel::Critical, true, "Fixed", {}, 1}});
        chart->setWindow(1'010'000, 60'000, ChartWidget::Edge::Fixed);
        chart->show();
        chart->refresh();
        return chart;
    }

    static QWidget* viewOf(const ChartWidget& chart)
    {
        return chart.findChild<QAbstractScrollArea*>()->viewport();
    }

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void theTrialSaysHowOftenItWouldHaveFired()
    {
        Wires wires;
        auto* dialog = new RuleDialog(wires.commands, {{RuleEdit::Kind::Add, {}, draft()}});
        dialog->show();
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->trying(), 20000);
        QVERIFY2(textOf(*dialog, "rule.verdict").startsWith("Would have fired 3 times in the last 1h 00m, for "),
                 qPrintable(textOf(*dialog, "rule.verdict")));
        QVERIFY2(textOf(*dialog, "rule.texts").contains("summary: at 0.9, above 80%"),
                 qPrintable(textOf(*dialog, "rule.texts")));
        QVERIFY(child<QPushButton>(*dialog, "rule.save")->isEnabled());
        auto* chart = dialog->findChild<ChartWidget*>();
        QCOMPARE(chart->seriesCount(), std::size_t{1});
        QVERIFY(chart->samples(0).size() > 3000);
        QCOMPARE(chart->model().marks.size(), std::size_t{5}); // three begin, two end
        child<QLineEdit>(*dialog, "rule.for")->setText("11m");
        QTRY_COMPARE_WITH_TIMEOUT(textOf(*dialog, "rule.verdict"),
                                  QStringLiteral("Would not have fired in the last 1h 00m"), 20000);
        delete dialog;
    }

    void aMistakeIsShownUnderTheFieldAndCannotBeSaved()
    {
        Wires wires;
        auto* dialog = new RuleDialog(wires.commands, {{RuleEdit::Kind::Add, {}, draft()}});
        dialog->show();
        dialog->findChild<widgets::ExpressionEdit*>()->setPlainText("usage > ");
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->trying() && textOf(*dialog, "rule.expression.problem").startsWith("At character"), 20000);
        QVERIFY(!child<QPushButton>(*dialog, "rule.save")->isEnabled());
        dialog->findChild<widgets::ExpressionEdit*>()->setPlainText("usage > 0.8");
        child<QLineEdit>(*dialog, "rule.clear")->setText("> 0.9");
        QTRY_COMPARE_WITH_TIMEOUT(textOf(*dialog, "rule.problem"), QStringLiteral("would hold where the alert fires"), 20000);
        QVERIFY(!child<QPushButton>(*dialog, "rule.save")->isEnabled());
        delete dialog;
    }

    void whatIsSavedIsWhatStandsThere()
    {
        Wires wires;
        QPointer<RuleDialog> dialog = new RuleDialog(
            wires.commands, {{RuleEdit::Kind::Change, {"f", "g", "High", 1}, draft()}, RuleDialog::Name::Fixed});
        dialog->show();
        QVERIFY(child<QLineEdit>(*dialog, "rule.name")->isReadOnly());
        child<QLineEdit>(*dialog, "rule.keep")->setText("2m");
        child<QLineEdit>(*dialog, "rule.clear")->setText("< 0.7");
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->trying() && child<QPushButton>(*dialog, "rule.save")->isEnabled(), 20000);
        wires.refusal = "user.yml:5: broken";
        dialog->save();
        QVERIFY2(dialog && dialog->isVisible(), "what was typed is gone");
        QCOMPARE(textOf(*dialog, "rule.problem"), wires.refusal);
        wires.refusal.clear();
        dialog->save();
        QTRY_VERIFY(dialog.isNull());
        metrics::RuleDraft wanted = draft();
        wanted.keepFiringFor = "2m";
        metrics::setEntry(wanted.annotations, "poolscope_clear", "< 0.7");
        QVERIFY(wires.edits.back().draft == wanted);
        QVERIFY(wires.edits.back().rule == (metrics::RuleKey{"f", "g", "High", 1}));
        QCOMPARE(QString::fromStdString(wires.edits.back().by), widgets::ownName());
    }

    void whatWasTypedIsNotThrownAwayUnasked()
    {
        Wires wires;
        QPointer<RuleDialog> dialog = new RuleDialog(wires.commands, {{RuleEdit::Kind::Add, {}, draft()}});
        dialog->show();
        child<QLineEdit>(*dialog, "rule.keep")->setText("2m");
        dialog->reject();
        auto* question = dialog->findChild<widgets::ConfirmDialog*>();
        QVERIFY(question);
        question->reject();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(child<QLineEdit>(*dialog, "rule.keep")->text(), QString("2m"));
        child<QLineEdit>(*dialog, "rule.keep")->clear();
        dialog->reject(); // as it was opened: nothing to lose
        QTRY_VERIFY(dialog.isNull());
    }

    void draggingInTheTrialChangesTheExpression()
    {
        Wires wires;
        auto* dialog = new RuleDialog(wires.commands, {{RuleEdit::Kind::Add, {}, draft()}});
        dialog->show();
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->trying(), 20000);
        auto* chart = dialog->findChild<ChartWidget*>();
        Q_EMIT chart->thresholdMoved(chart->model().thresholds.front(), 0.95);
        QCOMPARE(QString::fromStdString(dialog->draft().expr), QStringLiteral("usage > 0.95"));
        QCOMPARE(metrics::entryOf(dialog->draft().annotations, "summary"), std::string("at {{ $value }}, above 95%"));
        QTRY_COMPARE_WITH_TIMEOUT(textOf(*dialog, "rule.verdict"),
                                  QStringLiteral("Would not have fired in the last 1h 00m"), 20000);
        delete dialog;
    }

    void aThresholdIsDraggedWithTheMouse()
    {
        const auto chart = this->chart();
        QWidget* view = viewOf(*chart);
        std::vector<double> moved;
        connect(chart.get(), &ChartWidget::thresholdMoved, this, [&](const Threshold& threshold, double value) {
            QCOMPARE(threshold.name, QStringLiteral("High"));
            moved.push_back(value);
        });
        const auto at = [&](double value) {
            return view->mapFrom(chart.get(), chart->pixelOf(980'000, value).toPoint());
        };
        mouse(*view, QEvent::MouseMove, at(0.3));
        QCOMPARE(view->cursor().shape(), Qt::ArrowCursor);
        mouse(*view, QEvent::MouseMove, at(0.5));
        QCOMPARE(view->cursor().shape(), Qt::SizeVerCursor);
        mouse(*view, QEvent::MouseButtonPress, at(0.5));
        mouse(*view, QEvent::MouseMove, at(0.6));
        mouse(*view, QEvent::MouseButtonRelease, at(0.6));
        QCOMPARE(moved.size(), std::size_t{1});
        QVERIFY2(std::abs(moved.front() - 0.6) < 0.021, qPrintable(QString::number(moved.front())));
        // One without a rule stays where it is: there the mouse selects time.
        mouse(*view, QEvent::MouseMove, at(0.7));
        QCOMPARE(view->cursor().shape(), Qt::ArrowCursor);
    }

    void escapePutsADraggedThresholdBack()
    {
        const auto chart = this->chart();
        QWidget* view = viewOf(*chart);
        QSignalSpy moved(chart.get(), &ChartWidget::thresholdMoved);
        const auto at = [&](double value) {
            return view->mapFrom(chart.get(), chart->pixelOf(980'000, value).toPoint());
        };
        mouse(*view, QEvent::MouseButtonPress, at(0.5));
        mouse(*view, QEvent::MouseMove, at(0.6));
        QTest::keyClick(chart.get(), Qt::Key_Escape);
        mouse(*view, QEvent::MouseButtonRelease, at(0.6));
        QCOMPARE(moved.count(), 0);
    }

    void aThresholdIsMovedWithKeys()
    {
        const auto chart = this->chart();
        std::vector<double> moved;
        connect(chart.get(), &ChartWidget::thresholdMoved, this,
                [&](const Threshold&, double value) { moved.push_back(value); });
        QTest::keyClick(chart.get(), Qt::Key_Up); // alone it means nothing here
        QTest::keyClick(chart.get(), Qt::Key_Return);
        QCOMPARE(moved.size(), std::size_t{0});
        QTest::keyClick(chart.get(), Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(chart.get(), Qt::Key_Up, Qt::ShiftModifier);
        QTest::keyClick(chart.get(), Qt::Key_Down);
        QTest::keyClick(chart.get(), Qt::Key_Return);
        QCOMPARE(moved.size(), std::size_t{1});
        QVERIFY(moved.front() > 0.5);
        QTest::keyClick(chart.get(), Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(chart.get(), Qt::Key_Escape);
        QTest::keyClick(chart.get(), Qt::Key_Return);
        QCOMPARE(moved.size(), std::size_t{1});
    }

    void anOfferIsTakenOnceAndByCtrlZToo()
    {
        QMainWindow window;
        window.resize(600, 300);
        widgets::Toast toast(&window);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        int done = 0;
        toast.offer("High: > 0.8 → > 0.85", "Undo", [&] { ++done; });
        QVERIFY(toast.isVisible());
        QTest::mouseClick(toast.findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(done, 1);
        QVERIFY(!toast.isVisible());
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(done, 1);
        toast.offer("again", "Undo", [&] { ++done; });
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(done, 2);
    }

    void buttonsFollowTheChosenRule()
    {
        Wires wires;
        widgets::Commands commands;
        commands.alerts = wires.commands;
        widgets::PanelContext context;
        context.commands = &commands;
        widgets::RulesPage page(context);
        page.show();
        metrics::RuleRow shipped;
        shipped.name = "Shipped";
        shipped.file = "default.yml";
        shipped.draft = std::make_shared<const metrics::RuleDraft>(draft());
        metrics::RuleRow changed = shipped;
        changed.name = "Z changed";
        changed.disabled = true;
        changed.shipped = shipped.draft;
        page.show({shipped, changed});
        auto* table = page.findChild<widgets::TableView*>();
        const auto enabled = [&](const char* name) { return child<QPushButton>(page, name)->isEnabled(); };
        QVERIFY(enabled("rules.add") && !enabled("rules.change") && !enabled("rules.reset"));
        for (int row = 0; row < 2; ++row) {
            table->selectRow(row);
            const bool isChanged = table->model()->index(row, 1).data().toString() == "Z changed";
            QCOMPARE(enabled("rules.reset"), isChanged);
            QVERIFY(enabled("rules.change") && !enabled("rules.remove"));
            QCOMPARE(child<QPushButton>(page, "rules.switch")->text(), isChanged ? QString("Enable") : QString("Disable"));
            child<QPushButton>(page, "rules.switch")->click();
            QCOMPARE(wires.edits.back().kind, isChanged ? RuleEdit::Kind::Enable : RuleEdit::Kind::Disable);
        }
    }

    void undoIsOfferedOnlyWhenThereIsSomethingToUndo()
    {
        bool something = false;
        int undone = 0;
        widgets::Commands commands;
        commands.alerts.undoRule = [&undone] { ++undone; };
        commands.alerts.canUndoRule = [&something] { return something; };
        widgets::PanelContext context;
        context.commands = &commands;
        widgets::RulesPage page(context);
        auto* undo = child<QPushButton>(page, "rules.undo");
        QVERIFY(!undo->isEnabled());
        something = true;
        page.show({}); // as each second
        QVERIFY(undo->isEnabled());
        undo->click();
        QCOMPARE(undone, 1);
        something = false;
        page.show({});
        QVERIFY(!undo->isEnabled());
    }

    void tenThousandIncidentsAreFilteredAside()
    {
        std::vector<metrics::Incident> all;
        for (int i = 0; i < 10'000; ++i) {
            all.push_back(incident(i));
        }
        widgets::AlertCommands commands;
        std::vector<metrics::IncidentFilter> asked;
        commands.incidents = [](const metrics::IncidentFilter&) { return std::vector<metrics::Incident>(); };
        commands.searchIncidents = [&](const metrics::IncidentFilter& filter, const auto& answer) {
            asked.push_back(filter);
            std::vector<metrics::Incident> rows;
            for (const metrics::Incident& one : all) {
                metrics::IncidentFilter timeless = filter;
                timeless.from = {};
                if (metrics::matches(one, timeless)) {
                    rows.push_back(one);
                }
            }
            answer(std::move(rows), false);
        };
        int detailed = 0;
        commands.readIncident = [&](const metrics::Incident& one, const auto& answer) {
            ++detailed;
            auto whole = std::make_shared<metrics::Incident>(one);
            whole->evidence.server = "up";
            answer(whole);
        };
        widgets::IncidentRecording recording;
        QString opened;
        commands.recordingOf = [&](const metrics::Incident&) { return recording; };
        commands.openRecording = [&](const QString& file) { opened = file; };
        widgets::HistoryPage page(&commands);
        page.resize(900, 500);
        page.show();
        QTRY_COMPARE(page.count(), 10'000);
        child<QComboBox>(page, "history.severity")->setCurrentIndex(1);
        QTRY_VERIFY(!page.searching());
        QCOMPARE(page.count(), 5000);
        auto* rules = child<QComboBox>(page, "history.rule");
        QCOMPARE(rules->count(), 3); // any, Even, Odd
        child<QComboBox>(page, "history.severity")->setCurrentIndex(0);
        rules->setCurrentIndex(rules->findData("Odd"));
        child<QComboBox>(page, "history.state")->setCurrentIndex(1);
        QTRY_VERIFY(!page.searching());
        QCOMPARE(page.count(), 0); // none is open
        QCOMPARE(asked.back().rule, std::string("Odd"));
        child<QComboBox>(page, "history.state")->setCurrentIndex(2);
        QTRY_COMPARE(page.count(), 5000);
        auto* table = page.findChild<widgets::TableView*>();
        table->selectRow(0);
        QVERIFY(detailed >= 1);
        auto* open = child<QPushButton>(page, "incident.recording");
        QVERIFY(!open->isEnabled());
        QVERIFY(open->toolTip().contains(QStringLiteral("black_box")));
        using State = widgets::IncidentRecording::State;
        for (const auto& [state, words] : {std::pair{State::Soon, "three minutes"}, std::pair{State::Gone, "made room"}}) {
            recording = {state, {}};
            page.refresh();
            QVERIFY(!open->isEnabled());
            QVERIFY(open->toolTip().contains(QLatin1String(words)));
        }
        recording = {State::There, QStringLiteral("/r/incident.poolscope")};
        page.refresh();
        open->click();
        QCOMPARE(opened, recording.file);
        QSignalSpy travel(&page, &widgets::HistoryPage::travelAsked);
        Q_EMIT table->doubleClicked(table->model()->index(0, 0));
        QCOMPARE(travel.count(), 1);
        const auto wish = travel.front().front().value<widgets::TravelWish>();
        QCOMPARE(wish.to - wish.from, qint64{600'000});
    }
};

QTEST_MAIN(TstRuleEditor)
#include "tst_rule_editor.moc"
