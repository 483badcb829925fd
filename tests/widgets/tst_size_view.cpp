// The size advisor's view: a real replay behind it, asked for on another thread.
#include "monitor/advise/advisor.h"
#include "widgets/background.h"
#include "widgets/charts/size_chart.h"
#include "widgets/panels/size_view.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>
#include <QThread>

#include <atomic>
#include <future>
#include <memory>
#include <random>

using namespace std::chrono_literals;
using core::Nanos;
using metrics::PoolAdvice;
using metrics::PoolAdvicePtr;
using metrics::RequestFate;

namespace {

// Bursts on a pool of 10 that needs 14, on a server with room for 40.
PoolAdvicePtr busy(int places)
{
    std::mt19937 random(5);
    metrics::RequestTrace trace;
    for (int burst = 0; burst < 60; ++burst) {
        for (int i = 0; i < 14; ++i) {
            trace.requests.push_back({core::SteadyTime(1h + burst * 1s + Nanos(random() % 5'000'000)), 480ms,
                                      400ms + Nanos(random() % 100'000'000), 1, RequestFate::Returned});
        }
    }
    trace.end = core::SteadyTime(1h + 60s);
    advise::Today today;
    today.size = places;
    today.maxOverflow = 0;
    today.timeout = 600ms;
    today.slow = 100ms;
    today.open = places;
    today.server.maxConnections = 60;
    today.server.reservedConnections = 3;
    today.server.otherSessions = 15;
    today.server.ownSessions = places + 2;
    const auto advice = advise::advise(trace, today);
    return advice ? std::make_shared<const PoolAdvice>(*advice) : nullptr;
}

QString sentenceOf(const widgets::SizeView& view)
{
    return view.findChild<QLabel*>(QStringLiteral("size.sentence"))->text();
}

} // namespace

class SizeViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { widgets::Theme::of().apply(widgets::ThemeMode::Dark); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void itAsksOnAnotherThreadAndShowsTheAnswer()
    {
        std::atomic<bool> here{true};
        widgets::SizeView view([&](Nanos, const std::stop_token&) {
            here = QThread::currentThread() == qApp->thread();
            return busy(10);
        });
        view.resize(800, 420);
        view.show();
        QTRY_VERIFY(view.advice());
        QVERIFY(!here);
        QVERIFY2(sentenceOf(view).startsWith(QStringLiteral("With 14 places p95 wait would have been")),
                 qPrintable(sentenceOf(view)));
        QVERIFY(sentenceOf(view).endsWith(QStringLiteral("the server has room for 30 more.")));
    }
    void itAsksOnlyWhileItIsSeen()
    {
        std::atomic<int> asked{0};
        widgets::SizeView view([&](Nanos, const std::stop_token&) {
            ++asked;
            return busy(10);
        });
        QCOMPARE(asked.load(), 0);
        view.show();
        QTRY_VERIFY(view.advice());
        QCOMPARE(asked.load(), 1);
        view.hide();
        view.findChild<QPushButton*>()->click(); // a person may ask all the same
        QTRY_COMPARE(asked.load(), 2);
    }
    void anotherWindowIsAskedForAtOnce()
    {
        std::atomic<Nanos::rep> window{0};
        widgets::SizeView view([&](Nanos asked, const std::stop_token&) {
            window = asked.count();
            return busy(10);
        });
        view.show();
        QTRY_COMPARE(Nanos(window.load()), Nanos(15min));
        view.findChild<QComboBox*>()->setCurrentIndex(2);
        QTRY_COMPARE(Nanos(window.load()), Nanos(60min));
    }
    void whatIsHiddenIsGivenUp()
    {
        std::promise<void> begun;
        std::atomic<bool> stopped{false};
        auto view =
            std::make_unique<widgets::SizeView>([&](Nanos, const std::stop_token& stop) -> PoolAdvicePtr {
                std::promise<void> end;
                const std::stop_callback wake(stop, [&end] { end.set_value(); });
                begun.set_value();
                end.get_future().wait(); // for ever, unless it is given up
                stopped = true;
                return nullptr;
            });
        view->show();
        begun.get_future().wait();
        view.reset();
        QVERIFY(stopped);
    }
    void theChartPlacesWhatItShows()
    {
        widgets::SizeChart chart;
        chart.resize(700, 320);
        const PoolAdvicePtr advice = busy(10);
        chart.show(advice);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QVERIFY(chart.xOf(1) < chart.xOf(10) && chart.xOf(10) < chart.xOf(60));
        QVERIFY(chart.yOf(480ms) < chart.yOf(12ms)); // longer is higher
        QCOMPARE(chart.yOf(0ms), chart.yOf(1ms));
        const double decade = chart.yOf(1ms) - chart.yOf(10ms);
        QVERIFY(std::abs(chart.yOf(10ms) - chart.yOf(100ms) - decade) < 1e-6);
        QVERIFY(chart.textAt({chart.xOf(14), 100}).startsWith(QStringLiteral("places: 14")));
        QVERIFY(chart.textAt({1, 100}).isEmpty());
        const QByteArray csv = chart.csv();
        QCOMPARE(csv.count('\n'), 61);
        QVERIFY(csv.startsWith("places,wait_p50_seconds,"));
    }
    void keysWalkThroughTheSizes()
    {
        widgets::SizeChart chart;
        chart.resize(700, 320);
        chart.show(busy(10));
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QTest::keyClick(&chart, Qt::Key_Left);
        QTest::keyClick(&chart, Qt::Key_Right);
        for (int i = 0; i < 100; ++i) {
            QTest::keyClick(&chart, Qt::Key_Right); // not beyond the last
        }
    }
    void hostileAdviceIsPainted()
    {
        auto advice = std::make_shared<PoolAdvice>();
        for (const int places : {1, 2, 1'000'000}) {
            metrics::SizeForecast forecast;
            forecast.places = places;
            forecast.wait = {Nanos::max(), Nanos::max(), Nanos::max(), Nanos::max()};
            forecast.timeouts = ~std::uint64_t{0} / 2;
            advice->forecasts.push_back(forecast);
        }
        advice->places = 2'000'000;
        advice->serverLimit = 0;
        widgets::SizeChart chart;
        chart.resize(320, 180);
        chart.show(advice);
        (void)chart.grab();
        chart.show(std::make_shared<PoolAdvice>());
        (void)chart.grab();
        chart.show(nullptr);
        (void)chart.grab();
    }
    void onlyTheNewestJobIsFinished()
    {
        widgets::Background background;
        std::vector<int> finished;
        for (int i = 0; i < 100; ++i) {
            background.run([i, &finished](const std::stop_token&) -> widgets::Background::Finish {
                return [i, &finished] { finished.push_back(i); };
            });
        }
        QVERIFY(background.busy());
        QTRY_VERIFY(!background.busy());
        QCOMPARE(finished, std::vector<int>{99});
        background.run([](const std::stop_token&) -> widgets::Background::Finish { return {}; });
        QTRY_VERIFY(!background.busy());
        background.run([&finished](const std::stop_token&) -> widgets::Background::Finish {
            return [&finished] { finished.push_back(-1); };
        });
        background.cancel();
        QVERIFY(!background.busy());
        QCoreApplication::processEvents();
        QCOMPARE(finished.size(), std::size_t{1});
    }
};

QTEST_MAIN(SizeViewTest)
#include "tst_size_view.moc"
