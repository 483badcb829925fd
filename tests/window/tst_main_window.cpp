// The window as a person uses it: keys, pause, what it remembers, settings and controls.
#include "tests/window/window_fixture.h"
#include "widgets/command_palette.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/dialogs/shortcut_sheet.h"
#include "widgets/table_view.h"

#include <QAction>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using window_test::Fixture;

class TestMainWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(window_test::kWarnings)); }

    void digitsOpenThePanels()
    {
        Fixture f;
        f.window->show();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        const QStringList names{"overview", "pool", "latency", "host", "alerts", "scenarios", "log"};
        for (int i = 0; i < names.size(); ++i) {
            QTest::keyClick(f.window.get(), Qt::Key(Qt::Key_1 + i));
            QCOMPARE(f.window->currentPanel(), names[i]);
        }
        QTest::keyClick(f.window.get(), Qt::Key_2, Qt::AltModifier);
        QCOMPARE(f.window->currentPanel(), QStringLiteral("pool"));
        f.window->openPanel(QStringLiteral("no such panel"));
        QCOMPARE(f.window->currentPanel(), QStringLiteral("pool"));
    }

    void spacePausesAndEndGoesLive()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("pool"));
        f.window->show();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        f.show(60);
        QTest::keyClick(f.window.get(), Qt::Key_Space);
        QVERIFY(f.window->range().paused);
        QCOMPARE(f.window->range().pausedAt, core::epochMillis(f.last->at));
        QTest::keyClick(f.window.get(), Qt::Key_End);
        QVERIFY(!f.window->range().paused);
        QCOMPARE(f.window->range().pausedAt, 0);
    }

    void escapeStopsTheRunningScenario()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("scenarios"));
        f.window->show();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        QTest::keyClick(f.window.get(), Qt::Key_Escape);
        QVERIFY(f.asked.isEmpty());
        f.show(900);
        QTest::keyClick(f.window.get(), Qt::Key_Escape);
        QCOMPARE(f.asked, QStringList("stop exhaustion"));
    }

    void thePaletteFindsAndRunsActions()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("log"));
        f.window->show();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        QTest::keyClick(f.window.get(), Qt::Key_K, Qt::ControlModifier);
        auto* palette = f.window->findChild<widgets::CommandPalette*>();
        QVERIFY(palette->isVisible());
        auto* edit = palette->findChild<QLineEdit*>();
        QTest::keyClicks(edit, "rules rel");
        QCOMPARE(palette->found(), QStringList("reload_rules"));
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QCOMPARE(f.asked, QStringList("reload"));
    }

    void theShortcutSheetListsEveryActionWithKeys()
    {
        Fixture f;
        f.window->actionList().find(QStringLiteral("shortcuts"))->trigger();
        const auto* sheet = f.window->findChild<widgets::ShortcutSheet*>();
        QVERIFY(sheet);
        QStringList texts;
        for (const QLabel* label : sheet->findChildren<QLabel*>()) {
            texts << label->text();
        }
        for (const auto& entry : f.window->actionList().all()) {
            const QString keys = widgets::Actions::keysOf(entry);
            QVERIFY2(keys.isEmpty() || (texts.contains(entry.action->text()) && texts.contains(keys)),
                     entry.spec.id);
        }
    }

    void noTwoActionsHaveTheSameKeys() // Qt would obey neither
    {
        Fixture f;
        QMap<QString, QString> owners;
        for (const auto& entry : f.window->actionList().all()) {
            for (const QKeySequence& keys : entry.action->shortcuts()) {
                if (keys.isEmpty()) {
                    continue;
                }
                QString& owner = owners[keys.toString()];
                QVERIFY2(owner.isEmpty(), qPrintable(keys.toString() + ": " + owner + ", " + entry.spec.id));
                owner = QString::fromLatin1(entry.spec.id);
            }
        }
        QVERIFY(owners.size() > 10);
    }

    void theShortcutSheetListsTheKeysOfThePanelShown()
    {
        Fixture f;
        const auto keys = [&f] {
            f.window->actionList().find(QStringLiteral("shortcuts"))->trigger();
            auto* sheet = f.window->findChild<widgets::ShortcutSheet*>();
            QStringList texts;
            for (const QLabel* label : sheet->findChildren<QLabel*>()) {
                texts << label->text();
            }
            delete sheet;
            return texts;
        };
        QVERIFY(!keys().contains(QStringLiteral("Shift+S")));
        f.window->openPanel(QStringLiteral("alerts"));
        QVERIFY(keys().contains(QStringLiteral("Shift+S")));
        f.window->openPanel(QStringLiteral("overview"));
        QVERIFY(!keys().contains(QStringLiteral("Shift+S")));
    }

    void choicesAreRemembered()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("window.ini"));
        {
            Fixture f(file);
            f.window->openPanel(QStringLiteral("pool"));
            f.window->resize(1300, 850);
            f.window->setThemeMode(widgets::ThemeMode::Light);
            f.window->actionList().find(QStringLiteral("range.15m"))->trigger();
            f.window->findChild<widgets::TableView*>(QStringLiteral("slots"))->setColumnWidth(1, 177);
            f.window->close();
        }
        const app::WindowState state = app::loadWindowState(file);
        QCOMPARE(state.panel, QStringLiteral("pool"));
        QCOMPARE(state.theme, widgets::ThemeMode::Light);
        Fixture f(file);
        QCOMPARE(f.window->size(), QSize(1300, 850));
        QCOMPARE(f.window->currentPanel(), QStringLiteral("pool"));
        QCOMPARE(f.window->range().length, std::chrono::milliseconds(std::chrono::minutes(15)));
        QCOMPARE(f.window->findChild<widgets::TableView*>(QStringLiteral("slots"))->columnWidth(1), 177);
        QVERIFY(!widgets::Theme::of().palette().dark);
    }

    void aDamagedSettingsFileGivesTheDefaults()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("window.ini"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray("[window]\ngeometry=@ByteArray(xx\npanel=\xff\xfe\ntheme=17\nrange_ms=-"
                              "5\nlanguage=klingon\n[col") +
                   QByteArray(1000, '\0'));
        file.close();
        const app::WindowState state = app::loadWindowState(path);
        QCOMPARE(state.range, std::chrono::milliseconds(std::chrono::minutes(5)));
        QCOMPARE(state.theme, widgets::ThemeMode::Dark);
        QVERIFY(!state.lang);
        const Fixture f(path);
        QCOMPARE(f.window->currentPanel(), QStringLiteral("overview"));
    }

    void settingsAreAppliedAndUndone()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("pool"), QStringLiteral("settings"));
        f.show(60);
        auto* size = f.window->findChild<QSpinBox*>(QStringLiteral("pool.knob.pool_size"));
        auto* apply = f.window->findChild<QPushButton*>(QStringLiteral("pool.settings.apply"));
        auto* undo = f.window->findChild<QPushButton*>(QStringLiteral("pool.settings.undo"));
        QCOMPARE(size->value(), 10);
        QVERIFY(!apply->isEnabled());
        size->setValue(12);
        f.show(61); // a tick must not take back what was typed
        QCOMPARE(size->value(), 12);
        apply->click();
        QCOMPARE(f.asked, QStringList("pool_size=12"));
        undo->click();
        QCOMPARE(size->value(), 10);
        undo->click();
        QCOMPARE(f.asked.last(), QStringLiteral("pool_size=10"));
    }

    void textGetsTheRoomOfAWideTableUntilSomebodySetsAWidth()
    {
        constexpr int kTag = 8; // a column of text
        constexpr int kBase = 122;
        Fixture f;
        f.window->openPanel(QStringLiteral("pool"));
        f.window->resize(1280, 800);
        f.window->show();
        f.show(900);
        auto* table = f.window->findChild<widgets::TableView*>(QStringLiteral("slots"));
        QTRY_COMPARE(table->columnWidth(kTag), kBase);
        f.window->resize(1900, 1000);
        QTRY_VERIFY(table->columnWidth(kTag) > 170);
        const QByteArray kept = table->headerState();
        QVERIFY(table->columnWidth(kTag) > 170);
        f.window->resize(1280, 800);
        QTRY_COMPARE(table->columnWidth(kTag), kBase);
        table->restoreHeader(kept); // what a large window has kept is no burden to a small one
        QCOMPARE(table->columnWidth(kTag), kBase);
        table->setColumnWidth(kTag, 77);
        table->restoreHeader(table->horizontalHeader()->saveState());
        f.window->resize(1900, 1000);
        QTRY_VERIFY(table->viewport()->width() > 1400);
        QCOMPARE(table->columnWidth(kTag), 77);
    }

    void terminatingAsksFirstAndEscapeLeavesItBe()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("pool"));
        f.window->show();
        f.show(900);
        auto* slotView = f.window->findChild<widgets::TableView*>(QStringLiteral("slots"));
        slotView->selectRow(3);
        auto* terminate = f.window->findChild<QPushButton*>(QStringLiteral("pool.terminate"));
        QVERIFY(terminate->isEnabled());
        terminate->click();
        auto* first = f.window->findChild<widgets::ConfirmDialog*>();
        QVERIFY(first);
        QTest::keyClick(first, Qt::Key_Escape);
        QTRY_VERIFY(!f.window->findChild<widgets::ConfirmDialog*>());
        QVERIFY(f.asked.isEmpty());
        terminate->click();
        f.window->findChild<widgets::ConfirmDialog*>()
            ->findChild<QPushButton*>(QStringLiteral("confirm.do"))
            ->click();
        QCOMPARE(f.asked, QStringList("terminate 3"));
    }

    void whatDisturbsCallersAsksFirstAndSaysWhatItDoes_data()
    {
        QTest::addColumn<QString>("control");
        QTest::addColumn<QString>("text"); // part of the question
        QTest::addColumn<QString>("asked");
        QTest::newRow("suspend, hold") << "pool.suspend.hold" << "Callers wait" << "suspend, hold";
        QTest::newRow("suspend, fail") << "pool.suspend.fail" << "turned away" << "suspend, fail";
        QTest::newRow("drain") << "pool.drain" << "Idle connections are closed now" << "drain";
        QTest::newRow("cancel") << "pool.cancel" << "gets an error" << "cancel %1";
    }
    void whatDisturbsCallersAsksFirstAndSaysWhatItDoes()
    {
        QFETCH(QString, control);
        QFETCH(QString, text);
        QFETCH(QString, asked);
        Fixture f;
        f.window->openPanel(QStringLiteral("pool"));
        f.window->show();
        f.show(900);
        auto* table = f.window->findChild<widgets::TableView*>(QStringLiteral("slots"));
        const auto* cancel = f.window->findChild<QPushButton*>(QStringLiteral("pool.cancel"));
        int row = 0; // of the first that runs a statement
        do {
            table->selectRow(row);
        } while (!cancel->isEnabled() && ++row < table->model()->rowCount());
        const auto press = [&] {
            if (auto* action = f.window->findChild<QAction*>(control)) {
                action->trigger();
            } else {
                f.window->findChild<QPushButton*>(control)->click();
            }
        };
        press();
        auto* question = f.window->findChild<widgets::ConfirmDialog*>();
        QVERIFY(question);
        QStringList said;
        for (const QLabel* label : question->findChildren<QLabel*>()) {
            said << label->text();
        }
        QVERIFY2(said.join('\n').contains(text), qPrintable(said.join('\n')));
        QTest::keyClick(question, Qt::Key_Escape);
        QTRY_VERIFY(!f.window->findChild<widgets::ConfirmDialog*>());
        QCOMPARE(f.asked, QStringList());
        press();
        f.window->findChild<widgets::ConfirmDialog*>()
            ->findChild<QPushButton*>(QStringLiteral("confirm.do"))
            ->click();
        QCOMPARE(f.asked, QStringList(asked.replace(QLatin1String("%1"), QString::number(row))));
    }
    void whatDisturbsNobodyIsDoneAtOnce()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("pool"));
        f.window->show();
        f.show(900);
        f.window->findChild<widgets::TableView*>(QStringLiteral("slots"))->selectRow(3);
        f.window->findChild<QPushButton*>(QStringLiteral("pool.recycle"))->click();
        auto halted = std::make_shared<metrics::Snapshot>(*f.last);
        halted->pool.state = "suspended";
        f.window->showSnapshot(halted);
        f.window->findChild<QPushButton*>(QStringLiteral("pool.resume"))->click();
        QCOMPARE(f.asked, QStringList({"recycle 3", "resume"}));
        QVERIFY(!f.window->findChild<widgets::ConfirmDialog*>());
        f.window->findChild<QPushButton*>(QStringLiteral("pool.resize"))->click();
        QTRY_VERIFY(f.window->findChild<QSpinBox*>(QStringLiteral("pool.knob.pool_size"))->isVisible());
    }

    void aScenarioOnAForeignServerNeedsConsent()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("scenarios"));
        f.window->show();
        f.show(60);
        auto* start = f.window->findChild<QPushButton*>(QStringLiteral("scenario.leak.start"));
        start->click();
        QCOMPARE(f.asked, QStringList("start leak 2 0"));
        auto foreign = std::make_shared<metrics::Snapshot>(*f.last);
        for (auto& row : foreign->scenarios) {
            row.needsConsent = true;
        }
        f.window->showSnapshot(foreign);
        start->click();
        QCOMPARE(f.asked.size(), 1);
        f.window->findChild<widgets::ConfirmDialog*>()
            ->findChild<QPushButton*>(QStringLiteral("confirm.do"))
            ->click();
        QCOMPARE(f.asked.last(), QStringLiteral("start leak 2 1"));
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
