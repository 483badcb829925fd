// The Explore panel over real PromQL on samples in memory.
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "tests/support/silent_source.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/explore/answer_view.h"
#include "widgets/explore/expression_row.h"
#include "widgets/panels/explore_panel.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QComboBox>
#include <QTest>
#include <QToolButton>

#include <atomic>
#include <memory>
#include <semaphore>

using namespace std::chrono_literals;
using widgets::ExplorePanel;
using widgets::ExpressionRow;

namespace {

constexpr std::int64_t kNow = 1'795'183'200'000;

constexpr metrics::MetricDef kSize{"db_pool_size", metrics::Kind::Gauge, core::Unit::Count, "h", {}, {}, {}};
constexpr metrics::MetricDef kDisk{
    "host_disk_usage_ratio", metrics::Kind::Gauge, core::Unit::Ratio, "h", {}, {}, {}};

// Ten minutes, one sample a second.
class Past {
public:
    Past()
        : querier(head)
    {
        for (int second = -600; second <= 0; ++second) {
            last = tick(second);
            head.append(*last);
        }
    }
    static std::shared_ptr<metrics::Snapshot> tick(int second)
    {
        auto snapshot = std::make_shared<metrics::Snapshot>();
        snapshot->at = core::WallTime(std::chrono::milliseconds(kNow) + std::chrono::seconds(second));
        snapshot->interval = 1s;
        metrics::SampleBuilder builder(*snapshot);
        builder.push(kSize, 10 + (second + 600) % 60);
        builder.push(kDisk, 0.25, {{"mountpoint", "/"}});
        builder.push(kDisk, 0.5, {{"mountpoint", "/data"}});
        return snapshot;
    }

    series::Head head;
    promql::Querier querier;
    metrics::SnapshotPtr last;
};

// Answers when it is let, or never.
class Slow final : public support::Silent<metrics::Querier> {
public:
    core::Result<std::vector<metrics::PointSeries>> rangeUntil(const std::stop_token& stop, std::string_view,
                                                               std::int64_t, std::int64_t,
                                                               std::int64_t) const override
    {
        std::binary_semaphore end(0);
        const std::stop_callback wake(stop, [&end] { end.release(); });
        end.acquire();
        ++stopped;
        return core::fail("query was canceled", "canceled");
    }
    mutable std::atomic<int> stopped{0};
};

// Another server, which samples every 15 s and has something to say.
class Remote final : public metrics::QuerySource {
public:
    core::Result<std::vector<metrics::PointSeries>> range(std::string_view, std::int64_t start, std::int64_t,
                                                          std::int64_t step) const override
    {
        asked = step;
        return std::vector<metrics::PointSeries>{{{{"instance", "far"}}, {{start, 1.0}, {start + step, 2.0}}}};
    }
    core::Result<std::vector<metrics::PointSeries>> instant(std::string_view, std::int64_t) const override
    {
        return std::vector<metrics::PointSeries>();
    }
    std::string name() const override { return "central"; }
    std::int64_t leastStep() const override { return 15'000; }
    metrics::SourceNews news() const override { return {false, "", {"a store is away"}, "Thanos"}; }
    mutable std::atomic<std::int64_t> asked{0};
};

struct Scene {
    explicit Scene(const metrics::Querier& querier, const metrics::SnapshotPtr& snapshot,
                   std::vector<const metrics::QuerySource*> sources = {})
    {
        widgets::PanelContext context;
        context.querier = &querier;
        context.sources = std::move(sources);
        panel = std::make_unique<ExplorePanel>(context);
        panel->resize(1100, 700);
        panel->showSnapshot(snapshot);
        panel->show();
    }
    [[nodiscard]] ExpressionRow* row(int index) const
    {
        return panel->findChildren<ExpressionRow*>().at(index);
    }
    [[nodiscard]] widgets::AnswerView* view() const { return panel->findChild<widgets::AnswerView*>(); }
    void ask(const QString& expression, int index = 0) const
    {
        row(index)->edit()->setPlainText(expression);
        panel->run();
        QTRY_VERIFY(!panel->running());
    }
    std::unique_ptr<ExplorePanel> panel;
};

} // namespace

class ExplorePanelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { widgets::Theme::of().apply(widgets::ThemeMode::Dark); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void anExpressionIsDrawnOverTheWindowsRange()
    {
        Past past;
        Scene scene(past.querier, past.last);
        scene.ask(QStringLiteral("db_pool_size"));
        const auto& model = scene.view()->chart()->model();
        QCOMPARE(model.data.size(), std::size_t{1});
        QCOMPARE(model.data[0].size(), std::size_t{301}); // five minutes, both ends
        QCOMPARE(model.end, kNow);
        QCOMPARE(model.spec.unit, core::Unit::Count);
        QCOMPARE(model.spec.series[0].name, QStringLiteral("db_pool_size"));
        widgets::TimeRange range;
        range.length = 10min;
        range.paused = true;
        range.pausedAt = kNow - 60'000;
        scene.panel->setTimeRange(range);
        QTRY_COMPARE(scene.view()->chart()->model().end, kNow - 60'000);
        QCOMPARE(scene.view()->chart()->model().length, std::int64_t{600'000});
    }
    void severalAreAskedAtOnce()
    {
        Past past;
        Scene scene(past.querier, past.last);
        scene.panel->findChild<QPushButton*>(QStringLiteral("explore.add"))->click();
        scene.row(1)->edit()->setPlainText(QStringLiteral("host_disk_usage_ratio"));
        scene.ask(QStringLiteral("db_pool_size"));
        const auto& spec = scene.view()->chart()->model().spec;
        QCOMPARE(spec.series.size(), std::size_t{3});
        QCOMPARE(spec.series[0].name, QStringLiteral("A  db_pool_size"));
        QCOMPARE(spec.series[2].name, QStringLiteral("B  host_disk_usage_ratio{mountpoint=\"/data\"}"));
        QCOMPARE(spec.unit, core::Unit::None); // counts and shares on one axis
    }
    void aTableTellsTheMoment()
    {
        Past past;
        Scene scene(past.querier, past.last);
        scene.panel->findChild<QToolButton*>(QStringLiteral("explore.table"))->click();
        scene.ask(QStringLiteral("host_disk_usage_ratio * 2"));
        QVERIFY(!scene.view()->showsChart());
        const QAbstractItemModel* rows = scene.view()->table()->model();
        QCOMPARE(rows->rowCount(), 2);
        QCOMPARE(rows->index(0, 1).data().toString(), QStringLiteral("{mountpoint=\"/\"}"));
        QCOMPARE(rows->index(0, 2).data().toString(), QStringLiteral("0.5"));
        QVERIFY(scene.view()->csv().startsWith("Expression,Series,Value\r\n"));
        scene.ask(QStringLiteral("db_pool_size[3s]")); // a range vector: every sample
        QCOMPARE(rows->rowCount(), 4);
    }
    void aMistakeIsUnderlinedWithPrometheusReason()
    {
        Past past;
        Scene scene(past.querier, past.last);
        scene.ask(QStringLiteral("sum(db_pool_size) foo"));
        const auto marks = scene.row(0)->edit()->extraSelections();
        QCOMPARE(marks.size(), 1);
        QCOMPARE(marks[0].cursor.selectedText(), QStringLiteral("foo"));
        QCOMPARE(marks[0].format.underlineStyle(), QTextCharFormat::WaveUnderline);
        QVERIFY2(scene.row(0)->problem().contains(QStringLiteral("unexpected identifier \"foo\"")),
                 qPrintable(scene.row(0)->problem()));
        QTest::keyClicks(scene.row(0)->edit(), QStringLiteral("x")); // gone as soon as it is mended
        QVERIFY(scene.row(0)->problem().isEmpty());
        QVERIFY(scene.row(0)->edit()->extraSelections().isEmpty());
    }
    void whatGoesWrongLaterIsToldToo()
    {
        Past past;
        Scene scene(past.querier, past.last);
        scene.ask(QStringLiteral("host_disk_usage_ratio + on() host_disk_usage_ratio"));
        QVERIFY2(scene.row(0)->problem().contains(QStringLiteral("duplicate series")),
                 qPrintable(scene.row(0)->problem()));
        scene.ask(QStringLiteral("\"text\""));
        QVERIFY(scene.row(0)->problem().contains(QStringLiteral("invalid expression type")));
    }
    void typingOffersMetricsLabelsAndFunctions()
    {
        Past past;
        Scene scene(past.querier, past.last);
        QVERIFY(QTest::qWaitForWindowExposed(scene.panel.get()));
        auto* edit = scene.row(0)->edit();
        edit->setFocus();
        edit->clear();
        QTRY_VERIFY((edit->complete(), edit->offered().contains(QStringLiteral("db_pool_size"))));
        edit->clear();
        QTest::keyClicks(edit, QStringLiteral("ra"));
        QVERIFY(edit->offered().startsWith(QStringLiteral("rad")));
        QTest::keyClicks(edit, QStringLiteral("t"));
        QCOMPARE(edit->offered().first(), QStringLiteral("rate"));
        QTest::keyClick(edit, Qt::Key_Tab);
        QCOMPARE(edit->toPlainText(), QStringLiteral("rate()")); // the cursor stands inside
        QTest::keyClicks(edit, QStringLiteral("host_"));
        QCOMPARE(edit->offered(), QStringList{QStringLiteral("host_disk_usage_ratio")});
        QTest::keyClick(edit, Qt::Key_Tab);
        QTest::keyClicks(edit, QStringLiteral("{"));
        QCOMPARE(edit->offered(), QStringList{QStringLiteral("mountpoint")});
        QTest::keyClick(edit, Qt::Key_Tab);
        QTest::keyClicks(edit, QStringLiteral("=\""));
        QCOMPARE(edit->offered(), (QStringList{QStringLiteral("/"), QStringLiteral("/data")}));
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(edit->offered().isEmpty());
    }
    void enterRunsWhateverIsOffered()
    {
        Past past;
        Scene scene(past.querier, past.last);
        QVERIFY(QTest::qWaitForWindowExposed(scene.panel.get()));
        auto* edit = scene.row(0)->edit();
        edit->setFocus();
        QTRY_VERIFY((edit->clear(), edit->complete(), !edit->offered().isEmpty()));
        edit->setPlainText(QStringLiteral("db_pool_siz"));
        edit->moveCursor(QTextCursor::End);
        edit->complete();
        QCOMPARE(edit->offered(), QStringList{QStringLiteral("db_pool_size")});
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(edit->toPlainText(), QStringLiteral("db_pool_siz"));
        QVERIFY(edit->offered().isEmpty());
        QTRY_COMPARE(scene.panel->history().value(0), QStringLiteral("db_pool_siz"));
    }
    void enterRunsAndIsRemembered()
    {
        Past past;
        Scene scene(past.querier, past.last);
        scene.row(0)->edit()->setPlainText(QStringLiteral("db_pool_size * 3"));
        QTest::keyClick(scene.row(0)->edit(), Qt::Key_Return);
        QTRY_COMPARE(scene.panel->history().value(0), QStringLiteral("db_pool_size * 3"));
        const QByteArray state = scene.panel->state();
        Scene again(past.querier, past.last);
        again.panel->restoreState(state);
        QCOMPARE(again.row(0)->edit()->text(), QStringLiteral("db_pool_size * 3"));
        QVERIFY(again.panel->history().contains(QStringLiteral("db_pool_size * 3")));
        for (const char* hostile : {"", "[]", "{\"expressions\":7,\"history\":[1,{}]}", "\xff\xfe"}) {
            again.panel->restoreState(hostile);
        }
    }
    void aSlowQueryDoesNotHoldUpTheWindowAndCanBeStopped()
    {
        const Slow slow;
        Scene scene(slow, Past::tick(0));
        scene.panel->run();
        auto* stop = scene.panel->findChild<QPushButton*>(QStringLiteral("explore.stop"));
        QTRY_VERIFY(stop->isEnabled()); // the event loop turns meanwhile
        QVERIFY(scene.panel->running());
        stop->click();
        QVERIFY(!scene.panel->running());
        QTRY_VERIFY(slow.stopped > 0);
        scene.panel->run();
        scene.panel.reset(); // nor does closing wait for it
    }
    void theAnswerGoesOnWithTime()
    {
        Past past;
        Scene scene(past.querier, past.last);
        scene.ask(QStringLiteral("db_pool_size"));
        const auto next = Past::tick(5);
        past.head.append(*next);
        QTRY_COMPARE((scene.panel->showSnapshot(std::make_shared<metrics::Snapshot>(*next)),
                      scene.view()->chart()->model().end),
                     kNow + 5000);
    }
    void whatIsShownCanBeCopied()
    {
        Past past;
        Scene scene(past.querier, past.last);
        scene.ask(QStringLiteral("db_pool_size"));
        QVERIFY(scene.view()->csv().startsWith("time_utc,"));
        QCOMPARE(scene.view()->csv().count('\n'), 302);
    }
    void rowsComeAndGo()
    {
        Past past;
        Scene scene(past.querier, past.last);
        auto* add = scene.panel->findChild<QPushButton*>(QStringLiteral("explore.add"));
        for (int i = 1; i < ExplorePanel::kMostRows; ++i) {
            QVERIFY(add->isEnabled());
            add->click();
        }
        QVERIFY(!add->isEnabled());
        QCOMPARE(scene.row(7)->letter(), QStringLiteral("H"));
        Q_EMIT scene.row(0)->removeAsked();
        QVERIFY(add->isEnabled());
        QTRY_COMPARE(scene.panel->findChildren<ExpressionRow*>().size(), 7);
        QCOMPARE(scene.row(0)->letter(), QStringLiteral("A"));
    }

    void anotherServerIsAskedAndNamed()
    {
        Past past;
        const Remote remote;
        Scene scene(past.querier, past.last, {&remote});
        auto* source = scene.panel->findChild<QComboBox*>(QStringLiteral("explore.source"));
        QVERIFY(source != nullptr && source->isVisible() && source->count() == 2);
        scene.ask(QStringLiteral("db_pool_size"));
        auto* note = scene.panel->findChild<QLabel*>(QStringLiteral("explore.note"));
        QVERIFY2(note->text().startsWith(QStringLiteral("Memory and history, a value every 1")), qPrintable(note->text()));
        QCOMPARE(remote.asked, 0);
        source->setCurrentIndex(1);
        scene.ask(QStringLiteral("db_pool_size"));
        QCOMPARE(remote.asked, 15'000);
        QVERIFY2(note->text().startsWith(QStringLiteral("central (Thanos), a value every 15")), qPrintable(note->text()));
        QVERIFY(note->text().contains(QStringLiteral("a store is away")));
        QCOMPARE(scene.view()->chart()->model().data.size(), std::size_t{1});
        Scene again(past.querier, past.last, {&remote});
        again.panel->restoreState(scene.panel->state());
        QCOMPARE(again.panel->findChild<QComboBox*>(QStringLiteral("explore.source"))->currentIndex(), 1);
    }

    void oneTargetOrAllAreAskedFor()
    {
        Past past;
        metrics::Snapshot snapshot = *past.last;
        std::vector<series::NamedSample> told;
        metrics::Family family;
        static const metrics::MetricDef kInfo{"target_info", metrics::Kind::Gauge, core::Unit::Count, "", {"", ""}, {}, {}};
        family.def = &kInfo;
        for (const char* target : {"shop", "stock"}) {
            family.series.push_back({{{"target", target}}, 1, {}});
            told.push_back({{{"__name__", "db_pool_size"}, {"target", target}}, 4});
        }
        snapshot.families.push_back(family);
        past.head.append(kNow, told);
        Scene scene(past.querier, std::make_shared<metrics::Snapshot>(snapshot));
        auto* target = scene.panel->findChild<QComboBox*>(QStringLiteral("explore.target"));
        QVERIFY(target != nullptr && target->isVisible());
        QCOMPARE(target->count(), 4);
        const auto shown = [&] { return scene.view()->chart()->model().spec.series; };
        scene.ask(QStringLiteral("db_pool_size"));
        QCOMPARE(shown().size(), std::size_t{3});
        target->setCurrentIndex(target->findText(QStringLiteral("stock")));
        scene.ask(QStringLiteral("db_pool_size"));
        QCOMPARE(shown().size(), std::size_t{1});
        QCOMPARE(shown()[0].name, QStringLiteral("db_pool_size{target=\"stock\"}"));
        scene.ask(QStringLiteral("db_pool_size{target=\"shop\"}")); // what is said there stays
        QCOMPARE(shown()[0].name, QStringLiteral("db_pool_size{target=\"shop\"}"));
        scene.ask(QStringLiteral("db_pool_size{")); // and a mistake is where it was made
        QVERIFY(scene.row(0)->problem().contains(QStringLiteral("unexpected end of input")));
        target->setCurrentIndex(1);
        scene.ask(QStringLiteral("db_pool_size"));
        QCOMPARE(shown().size(), std::size_t{1});
        QCOMPARE(shown()[0].name, QStringLiteral("db_pool_size"));
        Scene again(past.querier, past.last);
        again.panel->restoreState(scene.panel->state());
        QCOMPARE(again.panel->findChild<QComboBox*>(QStringLiteral("explore.target"))->currentIndex(), 1);
    }

    void anyOfSeveralIsAskedForByOneMatcher()
    {
        Past past;
        const metrics::Labels any{{"target", "shop"}, {"target", "a.b|c"}};
        const auto narrowed = past.querier.narrowed("up + up{target=\"x\"}", any);
        QVERIFY(narrowed);
        QCOMPARE(QString::fromStdString(*narrowed),
                 QStringLiteral(R"(up{target=~"shop|a\\.b\\|c"} + up{target="x"})"));
        past.head.append(kNow, std::vector<series::NamedSample>{{{{"__name__", "size"}, {"target", "shop"}}, 1},
                                                                {{{"__name__", "size"}, {"target", "a.b|c"}}, 2},
                                                                {{{"__name__", "size"}, {"target", "axb|c"}}, 4}});
        Scene scene(past.querier, past.last);
        scene.ask(QString::fromStdString(*past.querier.narrowed("sum(size)", any)));
        QCOMPARE(scene.view()->chart()->samples(0).all().back().value, 3.0);
    }

    void withoutServersThereIsNothingToChoose()
    {
        Past past;
        Scene scene(past.querier, past.last);
        QVERIFY(!scene.panel->findChild<QComboBox*>(QStringLiteral("explore.source"))->isVisible());
    }
};

QTEST_MAIN(ExplorePanelTest)
#include "tst_explore_panel.moc"
