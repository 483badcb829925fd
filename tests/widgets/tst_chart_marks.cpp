// Marks of the past in the charts and as a list: reasons of gaps, what is in both memories, notes.
#include "tests/support/silent_source.h"
#include "widgets/charts/chart_group.h"
#include "widgets/charts/chart_marks.h"
#include "widgets/charts/plot_marks.h"
#include "widgets/charts/plot_paint.h"
#include "widgets/dialogs/marks_dialog.h"
#include "widgets/table_view.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

#include <limits>
#include <mutex>
#include <thread>

using metrics::DiaryEntry;
using metrics::Mark;
using widgets::ChartGap;
using widgets::ChartGroup;
using widgets::ChartWidget;

namespace {

constexpr qint64 kNow = 1'700'000'000'000;
constexpr qint64 kMinute = 60'000;

core::WallTime wall(qint64 at)
{
    return core::WallTime(core::Millis(at));
}

DiaryEntry entry(Mark::Kind kind, qint64 at, std::string text, qint64 until = 0)
{
    return {1, {kind, wall(at), std::move(text), wall(until)}, ""};
}

// Answers on a thread of its own, as the real one does.
class FakeDiary final : public metrics::Diary {
public:
    ~FakeDiary() override
    {
        for (std::thread& thread : m_threads) {
            thread.join();
        }
    }
    void read(const metrics::DiaryRange& range,
              std::function<void(std::vector<DiaryEntry>)> answer) const override
    {
        const std::lock_guard lock(m_mutex);
        m_asked.push_back(range);
        m_threads.emplace_back([entries = m_entries, answer = std::move(answer)] { answer(entries); });
    }
    void rewrite(const DiaryEntry& note, const std::string& text) override
    {
        const std::lock_guard lock(m_mutex);
        for (DiaryEntry& one : m_entries) {
            one.mark.text = one == note ? text : one.mark.text;
        }
    }
    void remove(const DiaryEntry& note) override
    {
        const std::lock_guard lock(m_mutex);
        std::erase(m_entries, note);
    }
    std::vector<metrics::DiaryRange> asked() const
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }
    std::vector<DiaryEntry> m_entries;

private:
    mutable std::mutex m_mutex;
    mutable std::vector<metrics::DiaryRange> m_asked;
    mutable std::vector<std::thread> m_threads;
};

// Samples every second but for ten minutes before kNow - 20 min.
class HoleyHistory final : public metrics::Querier {
public:
    core::Result<std::vector<metrics::PointSeries>> range(std::string_view, std::int64_t start,
                                                          std::int64_t end, std::int64_t step) const override
    {
        metrics::PointSeries series;
        for (std::int64_t at = start; at <= end; at += step) {
            if (at <= kNow - 30 * kMinute || at > kNow - 20 * kMinute) {
                series.points.push_back({at, 1});
            }
        }
        return std::vector{series};
    }
    core::Result<std::vector<metrics::PointSeries>> instant(std::string_view, std::int64_t) const override
    {
        return std::vector<metrics::PointSeries>();
    }
};

std::vector<DiaryEntry> dayOfEvents()
{
    return {entry(Mark::Kind::Gap, kNow - 30 * kMinute, "not_running", kNow - 20 * kMinute),
            entry(Mark::Kind::Restarted, kNow - 20 * kMinute, ""),
            entry(Mark::Kind::AlertFired, kNow - 5 * kMinute, "HighPoolUsage"),
            entry(Mark::Kind::Note, kNow - 4 * kMinute, "deploy 2.4")};
}

// Has no past.
using Nothing = support::Silent<metrics::Querier>;

} // namespace

class ChartMarksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsInBothMemoriesCountsOnce()
    {
        const auto past = dayOfEvents();
        const std::vector<Mark> live{past.back().mark, {Mark::Kind::Note, wall(kNow), "now", {}}};
        const auto marks = widgets::chartMarks(past, live);
        QCOMPARE(marks.lines.size(), std::size_t(4)); // the gap is none
        QCOMPARE(marks.lines.back().text, QStringLiteral("now"));
        QCOMPARE(marks.reasons.size(), std::size_t(1));
        QCOMPARE(marks.reasons.front().to - marks.reasons.front().from, 10 * kMinute);
    }
    void aServerIsAwayFromItsMarkToTheNext()
    {
        const std::vector<Mark> live{{Mark::Kind::ServerUp, wall(100), "", {}},
                                     {Mark::Kind::ServerDown, wall(1'000), "", {}},
                                     {Mark::Kind::ServerUp, wall(3'000), "", {}},
                                     {Mark::Kind::ServerDown, wall(7'000), "", {}}};
        const auto reasons = widgets::chartMarks({}, live).reasons;
        QCOMPARE(reasons.size(), std::size_t(2));
        QCOMPARE(reasons[0].from, std::int64_t(1'000));
        QCOMPARE(reasons[0].to, std::int64_t(3'000));
        QCOMPARE(reasons[1].to, std::numeric_limits<std::int64_t>::max()); // it still is
    }
    void theReasonThatHeldLongestIsTheGaps()
    {
        widgets::PlotModel model;
        model.reasons = {{0, 100, QStringLiteral("short")}, {50, 1'000, QStringLiteral("long")}};
        QCOMPARE(widgets::gapReason(model, 0, 500), QStringLiteral("long"));
        QCOMPARE(widgets::gapReason(model, 0, 90), QStringLiteral("short"));
        QCOMPARE(widgets::gapReason(model, 2'000, 3'000), QString());
    }
    // A burst in a plot of the width of a small window's column.
    void textsOfMarksNeverTouch_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("marks");
        for (const int width : {120, 240, 440, 900}) {
            for (const int marks : {1, 3, 7, 40}) {
                QTest::addRow("%d px, %d marks", width, marks) << width << marks;
            }
        }
    }
    void textsOfMarksNeverTouch()
    {
        QFETCH(int, width);
        QFETCH(int, marks);
        widgets::PlotModel model;
        for (int i = 0; i < marks; ++i) {
            model.marks.push_back({kNow + i * 300'000 / marks, QStringLiteral("▲ a rule with a long name %1").arg(i),
                                   widgets::StatusLevel::Warning});
        }
        widgets::PlotFrame frame;
        frame.area = QRectF(10, 5, width, 100);
        frame.start = kNow;
        frame.end = kNow + 300'000;
        QFont font;
        font.setPixelSize(10);
        const auto texts = widgets::layMarkTexts(model, frame, font);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            QVERIFY(frame.area.contains(texts[i].box));
            for (std::size_t j = 0; j < i; ++j) {
                QVERIFY(!texts[i].box.adjusted(-9, 0, 9, 0).intersects(texts[j].box));
            }
        }
        QVERIFY(marks > 3 || width < 440 || static_cast<int>(texts.size()) == marks); // where there is room, all of them
        QVERIFY(width < 240 || !texts.empty());
    }
    void aPastRangeShowsItsMarksAndWhyThereIsNothing()
    {
        HoleyHistory history;
        FakeDiary diary;
        diary.m_entries = dayOfEvents();
        QWidget window;
        window.resize(900, 300);
        auto* column = new QVBoxLayout(&window);
        auto* chart = new ChartWidget({"Chart", core::Unit::None, {}, {{"series"}}}, &window);
        column->addWidget(chart);
        ChartGroup group(&history);
        group.setDiary(&diary);
        group.add(chart, {widgets::computed("m", [](const metrics::Snapshot&) { return 1.0; })});
        window.show();
        group.setActivity(ChartGroup::Activity::Shown);
        auto snapshot = std::make_shared<metrics::Snapshot>();
        snapshot->tick = 1;
        snapshot->at = wall(kNow);
        snapshot->interval = std::chrono::seconds(1);
        group.showSnapshot(snapshot);
        QVERIFY(chart->model().marks.empty());
        const qint64 end = kNow - 2 * kMinute;
        group.setTimeRange({std::chrono::minutes(40), true, end, true});
        QTRY_COMPARE(chart->model().marks.size(), std::size_t(3));
        QTRY_COMPARE(widgets::gapsOf(chart->model()).size(), std::size_t(1));
        const auto gap = widgets::gapsOf(chart->model()).front();
        QCOMPARE(widgets::gapReason(chart->model(), gap.first, gap.second),
                 QStringLiteral("console not running"));
        QCOMPARE(core::epochMillis(diary.asked().back().to) >= end, true);
        group.setTimeRange({}); // live again: only what the snapshots bring
        QVERIFY(chart->model().marks.empty());
        QVERIFY(chart->model().reasons.empty());
    }
    void anAnswerToNobodyIsDropped()
    {
        FakeDiary diary;
        diary.m_entries = dayOfEvents();
        {
            widgets::MarkLoader loader(&diary);
            loader.load(0, kNow);
        }
        QCoreApplication::processEvents();
        widgets::MarkLoader silent(nullptr);
        silent.load(0, kNow);
        QVERIFY(silent.entries().empty());
    }
    void aCounterThatFallsIsSaidAtOnce_data()
    {
        QTest::addColumn<int>("minutes"); // of the range: short ones are fed, long ones asked aside
        QTest::newRow("five minutes") << 5;
        QTest::newRow("a day") << 24 * 60;
    }
    void aCounterThatFallsIsSaidAtOnce()
    {
        QFETCH(int, minutes);
        metrics::MetricDef def;
        def.name = "done_total";
        def.kind = metrics::Kind::Counter;
        QWidget window;
        auto* chart = new ChartWidget({"Chart", core::Unit::None, {}, {{"series"}}}, &window);
        const Nothing querier;
        ChartGroup group(&querier);
        group.add(chart, {widgets::rateSum("done_total")});
        group.setTimeRange({std::chrono::minutes(minutes), false, 0, false});
        const auto tick = [&](int second, double count) {
            auto snapshot = std::make_shared<metrics::Snapshot>();
            snapshot->tick = static_cast<std::uint64_t>(second + 1);
            snapshot->at = wall(kNow + second * 1000);
            snapshot->steady = core::SteadyTime(std::chrono::seconds(1000 + second));
            snapshot->interval = std::chrono::seconds(1);
            snapshot->families = {{&def, {{{}, count, {}}}}};
            group.showSnapshot(snapshot);
        };
        for (int second = 0; second < 10; ++second) {
            tick(second, 100 + second);
        }
        QVERIFY(chart->model().marks.empty());
        tick(10, 0);
        QCOMPARE(chart->model().marks.size(), std::size_t{1});
        QCOMPARE(chart->model().marks[0].at, kNow + 10'000);
        QVERIFY(chart->model().marks[0].text.contains(QStringLiteral("counter reset")));
        QCOMPARE(chart->model().reasons.size(), std::size_t{1});
        QCOMPARE(chart->model().reasons[0].from, kNow + 9'000);
        tick(11, 1);
        tick(12, 2);
        QCOMPARE(chart->model().marks.size(), std::size_t{1}); // once
    }
    void theListFiltersAndGoesThere()
    {
        FakeDiary diary;
        diary.m_entries = dayOfEvents();
        QPointer<widgets::MarksDialog> dialog = new widgets::MarksDialog(diary, nullptr);
        dialog->setShown(kNow - 60 * kMinute, kNow);
        dialog->show();
        auto* view = dialog->findChild<widgets::TableView*>();
        QTRY_COMPARE(view->model()->rowCount(), 4);
        dialog->findChild<QComboBox*>(QStringLiteral("marks.kind"))->setCurrentIndex(1);
        QCOMPARE(view->model()->rowCount(), 1);
        dialog->findChild<QComboBox*>(QStringLiteral("marks.kind"))->setCurrentIndex(0);
        dialog->findChild<QLineEdit*>(QStringLiteral("marks.needle"))->setText(QStringLiteral("not running"));
        QCOMPARE(view->model()->rowCount(), 1);
        QSignalSpy jumps(dialog, &widgets::MarksDialog::jumpAsked);
        view->selectRow(0);
        Q_EMIT view->activated(view->model()->index(0, 0));
        QCOMPARE(jumps.count(), 1);
        QCOMPARE(jumps.first().at(0).toLongLong(), kNow - 30 * kMinute);
        QCOMPARE(jumps.first().at(1).toLongLong(), kNow - 20 * kMinute);
        delete dialog;
    }
    void onlyOwnNotesCanBeEditedAndDeleted()
    {
        FakeDiary diary;
        diary.m_entries = dayOfEvents();
        QPointer<widgets::MarksDialog> dialog = new widgets::MarksDialog(diary, nullptr);
        dialog->setShown(kNow - 60 * kMinute, kNow);
        dialog->show();
        auto* view = dialog->findChild<widgets::TableView*>();
        QTRY_COMPARE(view->model()->rowCount(), 4);
        auto* edit = dialog->findChild<QPushButton*>(QStringLiteral("marks.edit"));
        auto* remove = dialog->findChild<QPushButton*>(QStringLiteral("marks.remove"));
        QVERIFY(!edit->isEnabled());
        for (int row = 0; row < 4; ++row) {
            view->selectRow(row);
            const bool note = view->model()->index(row, 3).data().toString() == QStringLiteral("deploy 2.4");
            QCOMPARE(edit->isEnabled(), note);
            QCOMPARE(remove->isEnabled(), note);
        }
        dialog->findChild<QComboBox*>(QStringLiteral("marks.kind"))->setCurrentIndex(1);
        view->selectRow(0);
        edit->click();
        auto* note = dialog->findChild<QDialog*>();
        QVERIFY(note);
        auto* text = note->findChild<QLineEdit*>();
        QCOMPARE(text->text(), QStringLiteral("deploy 2.4"));
        text->setText(QStringLiteral("deploy 2.5"));
        note->findChild<QPushButton*>()->click();
        QTRY_COMPARE(view->model()->rowCount() == 1 ? view->model()->index(0, 3).data().toString()
                                                    : QString(),
                     QStringLiteral("deploy 2.5"));
        delete dialog;
    }
};

QTEST_MAIN(ChartMarksTest)
#include "tst_chart_marks.moc"
