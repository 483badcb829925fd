// The window's head and frame: whose figures are shown, where they are from, how things stand.
#include "models/roles.h"
#include "tests/support/silent_source.h"
#include "tests/window/window_fixture.h"
#include "widgets/banner_bar.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/charts/histogram_chart.h"
#include "widgets/charts/tile.h"
#include "widgets/nav_bar.h"
#include "widgets/table_view.h"
#include "widgets/target_scope.h"
#include "widgets/top_bar.h"

#include <QAction>
#include <QComboBox>
#include <QPushButton>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using window_test::Fixture;

namespace {

// A server that has nothing to say.
class Server final : public support::Silent<metrics::QuerySource> {
public:
    std::string name() const override { return "central"; }
    std::int64_t leastStep() const override { return 15'000; }
    metrics::SourceNews news() const override { return {}; }
};

metrics::AlertRow alertOf(const char* name, const std::string& target)
{
    metrics::AlertRow row;
    row.name = name;
    row.state = metrics::AlertState::Firing;
    row.labels = {{"alertname", name}};
    if (!target.empty()) {
        row.labels.emplace_back("target", target);
    }
    return row;
}

} // namespace

class TestWindowHead : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(window_test::kWarnings)); }

    // No panel shows what is ours under a target's name.
    void aChosenTargetIsNeverSeenInOurFigures()
    {
        Fixture f;
        f.show(60);
        auto now = std::make_shared<metrics::Snapshot>(*f.last);
        now->alerts = {alertOf("HighPoolUsage", {}), alertOf("TargetDown", "shop")};
        now->pool.waiting = 4;
        f.window->showSnapshot(now);
        f.window->show();
        const widgets::NavButton* pool = f.window->findChild<widgets::NavBar*>()->button(1);
        QCOMPARE(pool->badge(), QStringLiteral("4 wait"));
        f.window->scope().choose({QStringLiteral("shop")});
        QCOMPARE(pool->badge(), QString()); // not its
        const auto seen = [&f](const char* name) {
            const auto all = f.window->findChildren<QWidget*>(QString::fromLatin1(name));
            return std::count_if(all.begin(), all.end(), [](const QWidget* one) { return one->isVisible(); });
        };
        for (const char* panel : {"overview", "pool", "latency", "host"}) {
            f.window->openPanel(QString::fromLatin1(panel));
            QVERIFY2(seen("targets.shown") == 1 && seen("own.shown") == 0, panel);
        }
        for (const char* panel : {"scenarios", "log", "responses"}) {
            f.window->openPanel(QString::fromLatin1(panel));
            QVERIFY2(seen("targets.shown") == 0 && seen("own.shown") == 1, panel);
        }
        f.window->openPanel(QStringLiteral("explore"));
        QCOMPARE(f.window->findChild<QComboBox*>(QStringLiteral("explore.target"))->currentText(),
                 QStringLiteral("shop"));
        f.window->openPanel(QStringLiteral("alerts"));
        auto* alerts = f.window->findChild<widgets::TableView*>(QStringLiteral("alerts"));
        QCOMPARE(alerts->model()->rowCount(), 1); // ours are not its
        QCOMPARE(alerts->model()->index(0, 0).data(models::NameRole).toString(), QStringLiteral("TargetDown"));
        f.window->openPanel(QStringLiteral("alerts"), QStringLiteral("TargetDown"));
        QVERIFY(!f.window->scope().isOwn());
        f.window->openPanel(QStringLiteral("alerts"), QStringLiteral("HighPoolUsage")); // pointed at: shown all the same
        QVERIFY(f.window->scope().isOwn());
        QCOMPARE(alerts->model()->rowCount(), 2);
    }

    // A range that no button stands for, and how much came since the pause.
    void theHeadIsReadWholeAtTheUsualWidth()
    {
        for (const core::Lang lang : {core::Lang::English, core::Lang::Chinese}) {
            Fixture f({}, lang);
            f.window->resize(1280, 800);
            f.window->show();
            f.show(60);
            const auto* live = f.window->findChild<QAbstractButton*>(QStringLiteral("top.live"));
            const auto* ranges = f.window->findChild<QToolButton*>(QStringLiteral("top.ranges"));
            QVERIFY(live && ranges);
            f.window->actionList().find(QStringLiteral("pause"))->trigger();
            for (int second = 61; second <= 72; ++second) {
                f.show(second);
            }
            QVERIFY2(live->text().contains(QStringLiteral("+12")), qPrintable(live->text()));
            f.window->actionList().find(QStringLiteral("time.closer"))->trigger();
            QVERIFY2(ranges->text().startsWith(QStringLiteral("2m 30s")), qPrintable(ranges->text()));
            for (const int width : {1280, 1024}) {
                f.window->resize(width, 800);
                QTRY_COMPARE(f.window->width(), width);
                QTRY_VERIFY(ranges->width() >= ranges->sizeHint().width());
                QVERIFY(live->width() >= live->sizeHint().width());
            }
        }
    }
    void theHeadNamesTheChosenAlsoInAnotherLanguage()
    {
        Fixture f;
        f.show(5);
        auto* target = f.window->findChild<QToolButton*>(QStringLiteral("top.target"));
        const QString own = target->toolTip();
        f.window->scope().choose({QStringLiteral("shop")});
        QCOMPARE(target->toolTip(), QStringLiteral("shop"));
        f.window->setLanguage(core::Lang::Chinese); // no tick in between
        QCOMPARE(target->toolTip(), QStringLiteral("shop"));
        f.window->scope().chooseOwn();
        QCOMPARE(target->toolTip(), own);
    }

    void everyPictureSaysWhereItIsFrom()
    {
        Fixture f;
        f.window->show();
        f.show(60);
        for (const char* panel : {"overview", "latency", "host"}) {
            f.window->openPanel(QString::fromLatin1(panel));
            f.show(62);
            for (const bool chinese : {false, true}) {
                f.window->setLanguage(chinese ? core::Lang::Chinese : core::Lang::English);
                const QString memory = chinese ? QStringLiteral("内存 · ") : QStringLiteral("memory · ");
                QWidget* page = f.window->centralWidget();
                for (const auto* chart : page->findChildren<widgets::ChartWidget*>()) {
                    QVERIFY2(!chart->isVisible() || chart->model().sources.own.startsWith(memory), panel);
                }
                for (const auto* bars : page->findChildren<widgets::HistogramChart*>()) {
                    QVERIFY2(!bars->isVisible() || bars->source().startsWith(memory), panel);
                }
                for (const auto* tile : page->findChildren<widgets::Tile*>()) {
                    QVERIFY2(!tile->isVisible() || (tile->source().startsWith(memory) && tile->toolTip() == tile->source()), panel);
                }
            }
        }
    }

    // The configuration file was read again, and names servers now, others, none.
    void serversComeAndGoWhileItIsShown()
    {
        const Server first;
        const Server second;
        Fixture f;
        f.window->show();
        f.window->openPanel(QStringLiteral("explore"));
        auto* button = f.window->findChild<QToolButton*>(QStringLiteral("top.source"));
        auto* whom = f.window->findChild<QComboBox*>(QStringLiteral("explore.source"));
        QVERIFY(button->isHidden() && whom->isHidden());
        f.window->setSources({&first});
        QVERIFY(!button->isHidden() && !whom->isHidden());
        QCOMPARE(whom->count(), 2);
        whom->setCurrentIndex(1);
        f.window->actionList().find(QStringLiteral("time.source"))->trigger();
        QVERIFY(f.window->past().chosen() == &first);
        f.window->setSources({&second}); // of the same name: it was given another address
        QVERIFY(f.window->past().chosen() == &second);
        QCOMPARE(whom->currentIndex(), 1);
        f.window->setSources({});
        QVERIFY(f.window->past().chosen() == nullptr);
        QVERIFY(button->isHidden() && whom->isHidden());
        QCOMPARE(whom->currentIndex(), 0);
        f.window->actionList().find(QStringLiteral("read_configuration"))->trigger();
        QCOMPARE(f.asked, QStringList("read"));
    }

    void manyChosenTargetsAreCountedInTheHead()
    {
        Fixture f;
        auto* top = f.window->findChild<widgets::TopBar*>();
        auto* target = f.window->findChild<QToolButton*>(QStringLiteral("top.target"));
        QVERIFY(top != nullptr && target != nullptr);
        f.window->resize(1280, 800);
        f.window->show();
        const QStringList names{"bouncer", "shop-api", "orders", "payments", "stock", "reports", "postgres"};
        top->setShown(names);
        QVERIFY2(target->text().startsWith(QStringLiteral("bouncer +6")), qPrintable(target->text()));
        QCOMPARE(target->toolTip(), names.join(QStringLiteral(" · ")));
        QTRY_VERIFY(target->width() >= target->sizeHint().width());
    }

    void whoTheChartsAskForThePastIsChosenOnceForTheWindow()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("window.ini"));
        const Server server;
        {
            Fixture f(file, core::Lang::English, {&server});
            auto* button = f.window->findChild<QToolButton*>(QStringLiteral("top.source"));
            f.window->show();
            f.show(60);
            QVERIFY(button->isVisible());
            QVERIFY2(button->text().startsWith(QStringLiteral("This console")), qPrintable(button->text()));
            f.window->actionList().find(QStringLiteral("time.source"))->trigger();
            QVERIFY(button->text().startsWith(QStringLiteral("central")));
            f.window->close();
        }
        QCOMPARE(app::loadWindowState(file).history, QStringLiteral("central"));
        {
            const Fixture f(file, core::Lang::English, {&server});
            QVERIFY(f.window->findChild<QToolButton*>(QStringLiteral("top.source"))->text().startsWith(QStringLiteral("central")));
        }
        Fixture without(file);
        without.window->show();
        QVERIFY(!without.window->findChild<QToolButton*>(QStringLiteral("top.source"))->isVisible());
        without.window->actionList().find(QStringLiteral("time.source"))->trigger(); // says that there is none
        QVERIFY(without.window->past().chosen() == nullptr);
        without.window->close();
        QCOMPARE(app::loadWindowState(file).history, QStringLiteral("central")); // it may come back
    }

    void theTitleTellsTheWorstState()
    {
        Fixture f;
        f.show(60);
        QVERIFY2(f.window->windowTitle().startsWith(QStringLiteral("healthy")),
                 qPrintable(f.window->windowTitle()));
        f.show(1510);
        QVERIFY2(f.window->windowTitle().startsWith(QStringLiteral("critical")),
                 qPrintable(f.window->windowTitle()));
    }

    void aBannerSaysWhatIsWrongAndGoesWhenItIsOver()
    {
        Fixture f;
        f.window->openPanel(QStringLiteral("log"));
        f.window->show();
        f.show(1510);
        auto* banner = f.window->findChild<widgets::Banner*>(QStringLiteral("banner.server"));
        QVERIFY(banner && banner->isVisible());
        banner->findChildren<QPushButton*>().first()->click();
        QCOMPARE(f.asked, QStringList("retry"));
        f.show(1600);
        QTRY_VERIFY(!f.window->findChild<widgets::Banner*>(QStringLiteral("banner.server")));
    }
};

QTEST_MAIN(TestWindowHead)
#include "tst_window_head.moc"
