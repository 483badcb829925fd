// What one query may cost, and how it is given up.
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <thread>

namespace {

constexpr std::int64_t kNow = 1'700'000'000'000;

void fill(series::Head& head, int seriesCount)
{
    for (std::int64_t at = kNow - 600'000; at <= kNow; at += 1000) {
        std::vector<series::NamedSample> samples;
        for (int i = 0; i < seriesCount; ++i) {
            samples.push_back({{{"__name__", "g"}, {"i", std::to_string(i)}}, static_cast<double>(at % 977)});
        }
        head.append(at, samples);
    }
}

} // namespace

class PromqlLimitsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSubqueryOfBillionsOfStepsIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("selector") << QByteArray("max_over_time(g[10y:1ms])");
        QTest::newRow("time") << QByteArray("max_over_time(vector(time())[10y:1ms])");
        QTest::newRow("number") << QByteArray("max_over_time(vector(1)[10y:1ms])");
        QTest::newRow("nested") << QByteArray("max_over_time(max_over_time(g[1d:1ms])[1d:1ms])");
        QTest::newRow("by itself") << QByteArray("vector(1)[10y:1ms]");
    }
    void aSubqueryOfBillionsOfStepsIsRefused()
    {
        QFETCH(QByteArray, text);
        const series::Head head;
        const promql::Querier querier(head);
        const auto result = querier.query(text.toStdString(), kNow);
        QVERIFY(!result);
        QVERIFY2(result.error().message.find("too many samples") != std::string::npos,
                 result.error().message.c_str());
        QCOMPARE(result.error().code, std::string("execution"));
    }
    void whatIsNotWantedAnyMoreIsGivenUp()
    {
        series::Head head;
        fill(head, 200);
        const promql::Querier querier(head);
        std::stop_source stop;
        core::Result<std::vector<metrics::PointSeries>> result = std::vector<metrics::PointSeries>();
        std::jthread other([&] { // minutes of work: each of 10,000 steps sorts 600 samples of 200 series
            result = querier.rangeUntil(stop.get_token(), "quantile_over_time(0.5, g[10m])", kNow - 600'000,
                                        kNow, 60);
        });
        stop.request_stop();
        other.join();
        QVERIFY(!result);
        QCOMPARE(result.error().code, std::string("canceled"));
        const auto instant = querier.instantUntil(stop.get_token(), "g", kNow);
        QVERIFY(!instant);
        QCOMPARE(instant.error().message, std::string("query was canceled in expression evaluation"));
    }
    void withoutAWishToStopItIsTheSame()
    {
        series::Head head;
        fill(head, 3);
        const promql::Querier querier(head);
        const auto plain = querier.range("sum(g)", kNow - 60'000, kNow, 1000);
        const auto until =
            querier.rangeUntil(std::stop_source().get_token(), "sum(g)", kNow - 60'000, kNow, 1000);
        QVERIFY(plain && until);
        QCOMPARE(until->size(), plain->size());
        QCOMPARE(until->front().points.size(), std::size_t{61});
    }
    void everyWordOfTheLanguageIsKnown()
    {
        const series::Head head;
        const auto words = promql::Querier(head).words();
        const auto find = [&words](const char* text) {
            const auto at = std::find_if(words.begin(), words.end(),
                                         [text](const auto& word) { return word.text == text; });
            return at == words.end() ? nullptr : &*at;
        };
        using Kind = metrics::QueryWord::Kind;
        QVERIFY(find("rate") && find("rate")->kind == Kind::Function);
        QCOMPARE(find("histogram_quantile")->takes, std::string("scalar, instant vector"));
        for (const char* text : {"sum", "topk", "count_values", "quantile"}) {
            QVERIFY2(find(text) && find(text)->kind == Kind::Aggregation, text);
        }
        for (const char* text : {"by", "without", "on", "ignoring", "group_left", "bool", "offset", "and",
                                 "or", "unless", "atan2", "start", "end"}) {
            QVERIFY2(find(text) && find(text)->kind == Kind::Keyword, text);
        }
        QVERIFY(std::is_sorted(words.begin(), words.end(),
                               [](const auto& a, const auto& b) { return a.text < b.text; }));
    }
};

QTEST_GUILESS_MAIN(PromqlLimitsTest)
#include "tst_limits.moc"
