// Nothing is cut at the smallest size, in both languages; a flood of log lines leaves the window responsive.
#include "app/screen_fit.h"
#include "tests/window/window_fixture.h"
#include "widgets/panels/log_panel.h"
#include "widgets/panels/pool/pool_tab.h"
#include "widgets/table_view.h"

#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTest>
#include <QTimer>

using window_test::Fixture;

class TestLayout : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(window_test::kWarnings)); }

    void nothingIsClippedAtTheSmallestSize_data()
    {
        QTest::addColumn<bool>("chinese");
        QTest::addColumn<QString>("panel");
        for (const bool chinese : {false, true}) {
            for (const char* panel : {"overview", "pool", "latency", "host", "alerts", "scenarios", "log", "responses",
                                      "explore", "targets"}) {
                QTest::addRow("%s %s", panel, chinese ? "zh" : "en") << chinese << QString::fromLatin1(panel);
            }
            for (const widgets::PoolTabEntry& tab : widgets::poolTabs()) {
                QTest::addRow("pool/%s %s", tab.id, chinese ? "zh" : "en")
                    << chinese << QStringLiteral("pool/") + QLatin1String(tab.id);
            }
        }
    }
    void nothingIsClippedAtTheSmallestSize()
    {
        QFETCH(bool, chinese);
        QFETCH(QString, panel);
        Fixture f({}, chinese ? core::Lang::Chinese : core::Lang::English);
        f.window->resize(1024, 700);
        f.window->openPanel(panel.section(QLatin1Char('/'), 0, 0), panel.section(QLatin1Char('/'), 1));
        f.window->show();
        f.show(900);
        QCoreApplication::processEvents();
        QCOMPARE(f.window->size(), QSize(1024, 700));
        for (const QWidget* widget : f.window->findChildren<QWidget*>()) {
            const auto* label = qobject_cast<const QLabel*>(widget);
            const auto* button = qobject_cast<const QAbstractButton*>(widget);
            if (!widget->isVisible() || (!label && !button) || (label && label->wordWrap())) {
                continue;
            }
            const QString what = label ? label->text() : button->text();
            QVERIFY2(widget->width() >= widget->minimumSizeHint().width(),
                     qPrintable(QStringLiteral("%1: %2 < %3")
                                    .arg(what)
                                    .arg(widget->width())
                                    .arg(widget->minimumSizeHint().width())));
            const QRect inWindow(widget->mapTo(f.window.get(), QPoint(0, 0)), widget->size());
            QVERIFY2(inWindow.left() >= 0 && inWindow.right() < 1024, qPrintable(what));
        }
        QStringList clipped;
        constexpr int kArrow = 20; // px that the hint of a sortable table sets aside in every column
        for (const auto* table : f.window->findChildren<widgets::TableView*>()) {
            const bool asked = panel.startsWith(QLatin1String("pool"));
            for (int column = 0; asked && table->isVisible() && column + 1 < table->model()->columnCount(); ++column) {
                const int needed = table->horizontalHeader()->sectionSizeHint(column) - kArrow;
                if (table->columnWidth(column) < needed) {
                    clipped << QStringLiteral("%1: %2 has %3 px, needs %4")
                                   .arg(table->objectName(),
                                        table->model()->headerData(column, Qt::Horizontal).toString())
                                   .arg(table->columnWidth(column))
                                   .arg(needed);
                }
            }
        }
        QVERIFY2(clipped.isEmpty(), qPrintable(clipped.join(QLatin1Char('\n'))));
    }

    void aWindowLeavesRoomForItsFrame_data()
    {
        QTest::addColumn<QSize>("inner");
        QTest::addColumn<QSize>("frame");
        QTest::addColumn<QSize>("wanted");
        QTest::newRow("no frame") << QSize(1280, 800) << QSize(1280, 800) << QSize(1280, 800);
        QTest::newRow("title bar") << QSize(1280, 800) << QSize(1282, 825) << QSize(1278, 775);
        QTest::newRow("room enough") << QSize(1100, 720) << QSize(1102, 745) << QSize(1100, 720);
        QTest::newRow("never below the smallest") << QSize(1024, 700) << QSize(1300, 820) << QSize(1024, 700);
    }
    void aWindowLeavesRoomForItsFrame()
    {
        QFETCH(QSize, inner);
        QFETCH(QSize, frame);
        QTEST(app::sizeWithin({1280, 800}, inner, frame, {1024, 700}), "wanted");
    }

    void tenThousandLinesASecondKeepTheWindowResponsive()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("log"));
        f.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(f.window.get()));
        int sent = 0;
        qint64 longest = 0;
        QElapsedTimer beat;
        QTimer heart;
        connect(&heart, &QTimer::timeout, this, [&] {
            longest = beat.isValid() ? std::max(longest, beat.elapsed()) : 0;
            beat.start();
        });
        heart.start(5);
        QTimer flood;
        connect(&flood, &QTimer::timeout, this, [&] {
            std::vector<metrics::LogEntry> batch;
            for (int i = 0; i < 500; ++i) {
                batch.push_back({core::WallTime(std::chrono::seconds(1'795'183'200)), metrics::LogLevel::Info,
                                 "pool", "line " + std::to_string(sent++)});
            }
            f.log.append(std::move(batch));
        });
        flood.start(50); // 10,000 lines a second
        QTRY_VERIFY_WITH_TIMEOUT(sent >= 20'000, 15'000);
        qInfo("longest pause of the event loop: %lld ms", static_cast<long long>(longest));
#ifdef NDEBUG
        QVERIFY(longest < 50);
#else
        QVERIFY2(longest < 150, "an unoptimised build on a shared machine gets three times the 50 ms");
#endif
    }

    void scrollingUpStopsFollowing()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("log"));
        f.window->show();
        const auto add = [&f](int count) {
            std::vector<metrics::LogEntry> batch(static_cast<std::size_t>(count));
            for (auto& entry : batch) {
                entry.text = "x";
            }
            f.log.append(std::move(batch));
            f.log.flush();
            QCoreApplication::processEvents();
        };
        add(500);
        auto* view = f.window->findChild<widgets::TableView*>(QStringLiteral("log"));
        auto* follow = f.window->findChild<QAbstractButton*>(QStringLiteral("log.follow"));
        QScrollBar* bar = view->verticalScrollBar();
        QTRY_COMPARE(bar->value(), bar->maximum());
        bar->setValue(100);
        QVERIFY(!follow->isChecked());
        add(100);
        QCOMPARE(bar->value(), 100);
        bar->setValue(bar->maximum());
        QVERIFY(follow->isChecked());
    }
};

QTEST_MAIN(TestLayout)
#include "tst_layout.moc"
