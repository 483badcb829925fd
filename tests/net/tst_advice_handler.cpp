#include "monitor/net/advice_handler.h"
#include "monitor/net/endpoint.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <future>
#include <memory>

using core::Lang;
using core::Nanos;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

metrics::SizeForecast forecast(int places, Nanos wait)
{
    metrics::SizeForecast made;
    made.places = places;
    made.wait = {wait / 4, wait, wait * 2, wait * 3};
    made.timeouts = places == 1 ? 7 : 0;
    return made;
}

std::shared_ptr<metrics::PoolAdvice> growth()
{
    auto advice = std::make_shared<metrics::PoolAdvice>();
    advice->at = core::WallTime(std::chrono::microseconds(1'795'165'927'743'115));
    advice->verdict = metrics::AdviceVerdict::Grow;
    advice->requests = 1200;
    advice->places = 10;
    advice->kept = 10;
    advice->timeout = 30s;
    advice->slow = 100ms;
    advice->recorded.p95 = 480ms;
    advice->forecasts = {forecast(1, 2s), forecast(10, 480ms), forecast(14, 12ms)};
    advice->today = advice->forecasts[1];
    advice->suggested = advice->forecasts[2];
    advice->serverLimit = 72;
    return advice;
}

json ask(const net::Router& router, net::Fields query, int& status)
{
    net::Request request;
    request.method = "GET";
    request.path = "/pool/advice";
    request.query = std::move(query);
    std::promise<net::Response> answered;
    router.match("GET", request.path).route->handler(request, [&](const net::Response& response) {
        answered.set_value(response);
    });
    const net::Response response = answered.get_future().get();
    status = response.status;
    return json::parse(*response.body);
}

} // namespace

class AdviceHandlerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everythingIsTold()
    {
        const net::Response response = net::adviceResponse(growth(), 15min, Lang::English);
        QCOMPARE(response.status, 200);
        const json body = json::parse(*response.body);
        QCOMPARE(body["timestamp"].get<std::string>(), std::string("2026-11-20T09:12:07.743115+00:00"));
        QCOMPARE(body["window_seconds"].get<double>(), 900.0);
        QCOMPARE(body["verdict"].get<std::string>(), std::string("grow"));
        QCOMPARE(body["sentence"].get<std::string>(),
                 std::string(
                     "With 14 places p95 wait would have been 12 ms instead of 480 ms; the server has room "
                     "for 62 more."));
        QCOMPARE(body["places"].get<int>(), 10);
        QCOMPARE(body["server"]["places"].get<int>(), 72);
        QCOMPARE(body["server"]["room"].get<int>(), 62);
        QCOMPARE(body["forecasts"].size(), std::size_t{3});
        QCOMPARE(body["forecasts"][0]["timeouts"].get<int>(), 7);
        QCOMPARE(body["forecasts"][2]["wait_seconds"]["p99"].get<double>(), 0.024);
        QCOMPARE(body["today"]["places"].get<int>(), 10);
        QCOMPARE(body["suggested"]["places"].get<int>(), 14);
        QCOMPARE(body["recorded"]["wait_seconds"]["p95"].get<double>(), 0.48);
        QCOMPARE(body["recorded"]["requests"].get<int>(), 1200);
    }
    void theSentenceIsInTheAskersLanguage()
    {
        const json body = json::parse(*net::adviceResponse(growth(), 0s, Lang::Chinese).body);
        QCOMPARE(QString::fromStdString(body["sentence"].get<std::string>()),
                 QStringLiteral(
                     "若有 14 个连接，等待时间 p95 将为 12 ms，而不是 480 ms；服务器还可再容纳 62 个连接。"));
    }
    void whatIsNotKnownIsNull()
    {
        metrics::PoolAdvice nothing;
        const json body = json::parse(
            *net::adviceResponse(std::make_shared<metrics::PoolAdvice>(nothing), 0s, Lang::English).body);
        QVERIFY(body["places"].is_null()); // no limit
        QVERIFY(body["server"].is_null());
        QVERIFY(body["today"].is_null());
        QVERIFY(body["suggested"].is_null());
        QVERIFY(body["forecasts"].empty());
        QCOMPARE(body["verdict"].get<std::string>(), std::string("no_data"));
        QCOMPARE(net::adviceResponse(nullptr, 0s, Lang::English).status, 503);
    }
    void theWindowIsADuration_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qlonglong>("millis"); // -1: refused
        QTest::newRow("none") << QByteArray() << 0LL;
        QTest::newRow("minutes") << QByteArray("15m") << 900'000LL;
        QTest::newRow("seconds") << QByteArray("90") << 90'000LL;
        QTest::newRow("a day") << QByteArray("1d") << 86'400'000LL;
        QTest::newRow("more than a day") << QByteArray("1d1s") << -1LL;
        QTest::newRow("zero") << QByteArray("0") << -1LL;
        QTest::newRow("negative") << QByteArray("-5m") << -1LL;
        QTest::newRow("words") << QByteArray("soon") << -1LL;
        QTest::newRow("not a number") << QByteArray("NaN") << -1LL;
        QTest::newRow("endless") << QByteArray("1e300") << -1LL;
        QTest::newRow("long") << QByteArray(100'000, '9') << -1LL;
        QTest::newRow("bytes") << QByteArray("\xff\x00\xfe", 3) << -1LL;
    }
    void theWindowIsADuration()
    {
        QFETCH(QByteArray, text);
        QFETCH(qlonglong, millis);
        net::Request request;
        if (!text.isEmpty()) {
            request.query = {{"window", text.toStdString()}};
        }
        const auto window = net::adviceWindow(request);
        QCOMPARE(window ? std::chrono::duration_cast<std::chrono::milliseconds>(*window).count() : -1LL,
                 millis);
    }
    void theEndpointAsksForThatWindow()
    {
        net::Backend backend;
        std::promise<Nanos> asked;
        backend.advice = [&asked](Nanos window) {
            asked.set_value(window);
            return growth();
        };
        const net::Router router = net::makeRouter(std::move(backend));
        int status = 0;
        QCOMPARE(ask(router, {{"window", "5m"}}, status)["verdict"].get<std::string>(), std::string("grow"));
        QCOMPARE(status, 200);
        QCOMPARE(asked.get_future().get(), Nanos(5min));
        (void)ask(router, {{"window", "never"}}, status);
        QCOMPARE(status, 400);
    }
    void withoutAPoolItSaysSo()
    {
        int status = 0;
        QVERIFY(ask(net::makeRouter({}), {}, status).contains("detail"));
        QCOMPARE(status, 503);
    }
};

QTEST_GUILESS_MAIN(AdviceHandlerTest)
#include "tst_advice_handler.moc"
