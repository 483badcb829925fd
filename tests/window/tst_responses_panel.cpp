// The Responses panel: what is so is shown, what hurts asks first; and the watched logs above the log.
#include "tests/window/window_fixture.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/table_view.h"

#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>
#include <QToolButton>

using window_test::Fixture;
using Kind = metrics::ResponseCommand::Kind;

class ResponsesPanelTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Fixture> m_f;

    QToolButton* tool(const char* name) const { return m_f->window->findChild<QToolButton*>(QString::fromLatin1(name)); }
    QPushButton* push(const char* name) const { return m_f->window->findChild<QPushButton*>(QString::fromLatin1(name)); }
    void edit(const std::function<void(metrics::ResponseView&)>& change)
    {
        auto copy = std::make_shared<metrics::Snapshot>(*m_f->last);
        change(copy->responses);
        m_f->last = copy;
        m_f->window->showSnapshot(copy);
    }
    // Says yes to the question on the screen.
    void agree() const
    {
        auto* dialog = m_f->window->findChild<widgets::ConfirmDialog*>();
        QVERIFY(dialog);
        dialog->findChild<QPushButton*>(QStringLiteral("confirm.do"))->click();
        QTRY_VERIFY(!m_f->window->findChild<widgets::ConfirmDialog*>());
    }
    static QString order(Kind kind, int value)
    {
        return QStringLiteral("respond %1 %2").arg(static_cast<int>(kind)).arg(value);
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(window_test::kWarnings));
        m_f = std::make_unique<Fixture>();
        m_f->window->resize(1280, 800);
        m_f->window->show();
        m_f->window->openPanel(QStringLiteral("responses"));
        m_f->show(60);
    }
    void cleanup() { m_f.reset(); }

    void theLevelItsReasonAndItsStepsAreShown()
    {
        QStringList texts;
        for (const QLabel* label : m_f->window->findChildren<QLabel*>()) {
            texts << label->text();
        }
        const QString all = texts.join('\n');
        QVERIFY2(all.contains("Level 2 of 4  ·  because of CriticalPoolUsage"), qPrintable(all));
        QVERIFY(all.contains("deployment shop/app  ·  replicas: 3 (1 … 5)  ·  watched until the load falls"));
        QVERIFY(tool("responses.automatic")->isChecked());
        QVERIFY(!tool("responses.level2")->isChecked()); // not held by hand
        int steps = 0;
        for (const auto* table : m_f->window->findChildren<widgets::TableView*>()) {
            steps += table->isVisible() && table->model()->rowCount() == 4 ? 1 : 0;
        }
        QCOMPARE(steps, 2);
    }
    void harsherAsksMilderDoesNot()
    {
        tool("responses.level4")->click();
        QVERIFY(m_f->asked.isEmpty());
        QVERIFY(!tool("responses.level4")->isChecked()); // shows what is so
        agree();
        QCOMPARE(m_f->asked, QStringList{order(Kind::HoldLevel, 4)});
        tool("responses.level0")->click();
        tool("responses.automatic")->click();
        QCOMPARE(m_f->asked.mid(1), (QStringList{order(Kind::HoldLevel, 0), order(Kind::Automatic, 0)}));
        edit([](metrics::ResponseView& view) {
            view.degrade.byHand = true;
            view.degrade.level = 3;
        });
        QVERIFY(tool("responses.level3")->isChecked() && !tool("responses.automatic")->isChecked());
    }
    void inADryRunAnyLevelMayBeTried()
    {
        edit([](metrics::ResponseView& view) { view.degrade.dryRun = true; });
        tool("responses.level4")->click();
        QCOMPARE(m_f->asked, QStringList{order(Kind::HoldLevel, 4)});
    }
    void leavingADryRunAsksGoingBackDoesNot()
    {
        tool("responses.degradeDryRun")->click();
        QCOMPARE(m_f->asked, QStringList{order(Kind::DegradeDryRun, 1)});
        edit([](metrics::ResponseView& view) { view.degrade.dryRun = view.scale.dryRun = true; });
        QVERIFY(tool("responses.degradeDryRun")->isChecked());
        tool("responses.degradeDryRun")->click();
        QVERIFY(tool("responses.degradeDryRun")->isChecked());
        agree();
        tool("responses.scaleDryRun")->click();
        agree();
        QCOMPARE(m_f->asked.mid(1), (QStringList{order(Kind::DegradeDryRun, 0), order(Kind::ScaleDryRun, 0)}));
    }
    void scalingOutAndTakingItBackAsk()
    {
        push("responses.scaleNow")->click();
        QVERIFY(m_f->asked.isEmpty());
        agree();
        push("responses.undo")->click();
        agree();
        QCOMPARE(m_f->asked, (QStringList{order(Kind::ScaleNow, 0), order(Kind::UndoScale, 0)}));
        edit([](metrics::ResponseView& view) {
            view.scale.mayUndo = false;
            view.scale.phase = "acting";
        });
        QVERIFY(!push("responses.undo")->isEnabled() && !push("responses.scaleNow")->isEnabled());
        edit([](metrics::ResponseView& view) { view.scale = {}; });
        QVERIFY(!push("responses.scaleNow")->isEnabled() && !tool("responses.scaleDryRun")->isEnabled());
    }
    void watchedLogsStandAboveTheLog()
    {
        m_f->window->openPanel(QStringLiteral("log"));
        m_f->window->showSnapshot(m_f->last);
        const widgets::TableView* logs = nullptr;
        for (const auto* table : m_f->window->findChildren<widgets::TableView*>()) {
            logs = table->accessibleName() == QLatin1String("Watched logs") ? table : logs;
        }
        QVERIFY(logs && logs->isVisible());
        QCOMPARE(logs->model()->rowCount(), 3);
        QStringList cells;
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < logs->model()->columnCount(); ++column) {
                cells << logs->model()->index(row, column).data().toString();
            }
        }
        QVERIFY2(cells.contains("14") && cells.contains("not there yet") && cells.contains("/var/log/app.log"),
                 qPrintable(cells.join(" | ")));
        auto copy = std::make_shared<metrics::Snapshot>(*m_f->last);
        copy->logs.clear();
        m_f->window->showSnapshot(copy);
        QVERIFY(!logs->isVisible());
    }
};

QTEST_MAIN(ResponsesPanelTest)
#include "tst_responses_panel.moc"
