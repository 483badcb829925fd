// What the long memory costs: a generator writes days of 200 series at 1 Hz; then bytes a sample, one series
// of a day from disk, a panel of twelve charts opened at any range, a chart of eight series drawn.
//   history_bench [--days 7] [--series 200] [--file F] [--what write,read,open,draw] [--secs S]
// With --file the history is kept, and used again by the next run.
#include "monitor/promql/querier.h"
#include "monitor/series/merged_reader.h"
#include "monitor/store/disk_reader.h"
#include "monitor/store/retention.h"
#include "monitor/store/write_session.h"
#include "tests/bench/bench_line.h"
#include "tests/bench/cells.h"
#include "tests/support/history_mix.h"
#include "widgets/charts/chart_group.h"

#include <QApplication>
#include <QEventLoop>
#include <QGridLayout>
#include <QImage>
#include <QTemporaryDir>

#include <array>
#include <chrono>
#include <string>

namespace {

constexpr std::int64_t kStart = 1'795'132'800'000; // ms; a midnight
constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;

struct Setup {
    bench::Options options;
    std::filesystem::path file;
    int series = 200;
    std::int64_t days = 7;
    std::int64_t end = kStart; // ms, behind the last sample

    [[nodiscard]] double samples() const
    {
        return static_cast<double>(series) * 86'400 * static_cast<double>(days);
    }
};

double millisSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

void write(const Setup& setup)
{
    store::StoreOptions options;
    options.file = setup.file;
    options.retention.raw = std::chrono::hours(24 * (setup.days + 1));
    support::HistoryMix mix(setup.series);
    const auto begin = std::chrono::steady_clock::now();
    store::WriteSession session(options);
    std::vector<store::TickSamples> ticks;
    for (std::int64_t at = kStart; at < setup.end; at += kSecond) {
        ticks.push_back(mix.next(at));
        if (ticks.size() == 60) {
            session.write(ticks);
            ticks.clear();
        }
    }
    session.write(ticks);
    session.close();
    bench::line({{"bench", "history"}, {"what", "write"}},
                {{"samples", setup.samples()}, {"samples_s", setup.samples() / millisSince(begin) * 1000}});
}

void sizes(const Setup& setup)
{
    store::Database database(setup.file, store::OpenMode::ReadOnly);
    const auto number = [&](const char* sql) {
        return static_cast<double>(database.number(QString::fromLatin1(sql)));
    };
    // With a chunk's key and SQLite's two bytes for the row and its cell.
    const double raw = number("SELECT sum(length(data)) + count(*) * 12 FROM chunk") +
                       number("SELECT sum(length(times)) FROM block");
    const double all = static_cast<double>(store::bytesOnDisk(setup.file));
    bench::line({{"bench", "history"}, {"what", "size"}}, {{"days", static_cast<double>(setup.days)},
                                                           {"raw_bytes_sample", raw / setup.samples()},
                                                           {"file_bytes_sample", all / setup.samples()},
                                                           {"file_mib", all / (1 << 20)}});
}

// Of the median and the slowest.
void report(const char* what, const std::string& range, std::vector<double> millis)
{
    const double median = bench::percentile(millis, 0.5);
    bench::line(
        {{"bench", "history"}, {"what", what}, {"range", range.c_str()}},
        {{"ms", median}, {"ms_p99", bench::percentile(millis, 0.99)}, {"runs", double(millis.size())}});
}

// One series of a day in 1,000 columns: each time another series and another day.
void read(const Setup& setup)
{
    const store::DiskReader disk(setup.file);
    for (const std::int64_t length : {kDay, setup.days * kDay}) {
        std::vector<double> millis;
        for (int i = 0; i < 400; ++i) {
            const int series = i % setup.series;
            const std::int64_t to = setup.end - (length == kDay ? i % setup.days * kDay : 0);
            const std::array matchers{
                series::Matcher::equal("__name__", support::HistoryMix::nameOf(series))};
            const auto begin = std::chrono::steady_clock::now();
            const auto found = disk.envelopeOf(matchers, {to - length, to, 1'000});
            if (i >= 20) { // the first ones open the file
                millis.push_back(millisSince(begin));
            }
            if (found.size() != 1) {
                std::fprintf(stderr, "a series of the history is not found\n");
                std::exit(1);
            }
        }
        report("read one series", length == kDay ? "24h" : "7d", std::move(millis));
    }
}

widgets::TimeRange past(std::int64_t to, std::int64_t length)
{
    return {std::chrono::milliseconds(length), true, to, true};
}

// A page of charts over the disk.
class Page {
public:
    Page(const metrics::Querier& querier, int charts, int series)
        : m_group(&querier)
    {
        auto* grid = new QGridLayout(&m_window);
        for (int i = 0; i < charts; ++i) {
            widgets::ChartSpec spec;
            spec.name = QStringLiteral("chart");
            std::vector<widgets::Feed> feeds;
            for (int j = 0; j < series; ++j) {
                spec.series.push_back({QString::number(j), j, widgets::LineStyle::Line});
                feeds.push_back(feedOf(i * 7 + j * 3));
            }
            auto* chart = new widgets::ChartWidget(spec, &m_window);
            grid->addWidget(chart, i / 3, i % 3);
            m_group.add(chart, std::move(feeds));
            m_charts.push_back(chart);
        }
        m_window.resize(charts > 1 ? 1800 : 900, charts > 1 ? 900 : 400);
        m_window.show();
        m_group.setActivity(widgets::ChartGroup::Activity::Shown);
        auto snapshot = std::make_shared<metrics::Snapshot>();
        snapshot->tick = 1;
        snapshot->at = core::WallTime(core::Millis(kStart));
        snapshot->interval = std::chrono::seconds(1);
        m_group.showSnapshot(snapshot);
        QObject::connect(&m_group, &widgets::ChartGroup::loaded, &m_loop, &QEventLoop::quit);
    }
    // Until the last of its charts is painted; ms.
    double open(const widgets::TimeRange& range)
    {
        const auto begin = std::chrono::steady_clock::now();
        m_group.setTimeRange(range);
        m_loop.exec();
        QCoreApplication::processEvents();
        return millisSince(begin);
    }
    // A frame: lines cut anew and painted; ms.
    double draw()
    {
        const auto begin = std::chrono::steady_clock::now();
        for (widgets::ChartWidget* chart : m_charts) {
            chart->refresh();
            chart->repaint();
            QCoreApplication::processEvents();
        }
        return millisSince(begin);
    }

private:
    static widgets::Feed feedOf(int i)
    {
        const std::string name = support::HistoryMix::nameOf(i);
        const bool counts = name.ends_with("_total") || name.ends_with("_sum");
        return counts ? widgets::rateSum(name) : widgets::gauge(name);
    }

    QWidget m_window;
    widgets::ChartGroup m_group;
    std::vector<widgets::ChartWidget*> m_charts;
    QEventLoop m_loop;
};

struct Length {
    const char* text;
    std::int64_t millis;
};

void open(const Setup& setup, const metrics::Querier& querier)
{
    Page page(querier, 12, 3);
    for (const Length& length : {Length{"5m", kHour / 12}, Length{"1h", kHour}, Length{"6h", 6 * kHour},
                                 Length{"24h", kDay}, Length{"3d", 3 * kDay}, Length{"7d", 7 * kDay}}) {
        std::vector<double> millis;
        for (int i = 0; i < 12 && length.millis <= setup.days * kDay; ++i) {
            const std::int64_t room = setup.days * kDay - length.millis;
            millis.push_back(page.open(past(setup.end - room * (i % 6) / 6 - i * kSecond, length.millis)));
        }
        if (!millis.empty()) {
            millis.erase(millis.begin());
            report("open 12 charts x 3", length.text, std::move(millis));
        }
    }
}

void draw(const Setup& setup, const metrics::Querier& querier)
{
    Page page(querier, 1, 8);
    for (const Length& length : {Length{"1h", kHour}, Length{"24h", kDay}, Length{"7d", 7 * kDay}}) {
        if (length.millis > setup.days * kDay) {
            continue;
        }
        page.open(past(setup.end - kSecond, length.millis));
        std::vector<double> millis;
        for (int i = 0; i < 100; ++i) {
            millis.push_back(page.draw());
        }
        report("draw 8 series", length.text, std::move(millis));
    }
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    const QTemporaryDir folder;
    Setup setup{bench::parse(argc, argv), {}, 200, 7, kStart};
    setup.series = std::atoi(bench::argument(argc, argv, "--series", "200").c_str());
    setup.days = std::atoi(bench::argument(argc, argv, "--days", "7").c_str());
    setup.end = kStart + setup.days * kDay;
    setup.file = bench::argument(argc, argv, "--file",
                                 folder.filePath(QStringLiteral("history.db")).toStdString().c_str());
    const std::string what = bench::argument(argc, argv, "--what", "write,read,open,draw");
    const auto wanted = [&](const char* part) { return what.find(part) != std::string::npos; };
    if (wanted("write") && !std::filesystem::exists(setup.file)) {
        write(setup);
    }
    sizes(setup);
    if (wanted("read")) {
        read(setup);
    }
    const store::DiskReader disk(setup.file);
    const series::Head head;
    const series::MergedReader merged(head, disk);
    const promql::Querier querier(merged);
    if (wanted("open")) {
        open(setup, querier);
    }
    if (wanted("draw")) {
        draw(setup, querier);
    }
    return 0;
}
