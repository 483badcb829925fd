// The query API over the real head and the real PromQL, as Grafana and promtool would ask it.
#include "monitor/net/endpoint.h"
#include "monitor/net/http_server.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "tests/net/raw_client.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <memory>

using nlohmann::json;

namespace {

constexpr metrics::MetricDef kUsage{
    "db_pool_usage", metrics::Kind::Gauge, core::Unit::Ratio, "h", {}, {}, {}};
constexpr metrics::MetricDef kDisk{
    "host_disk_usage_ratio", metrics::Kind::Gauge, core::Unit::Ratio, "h", {}, {}, {}};
constexpr core::WallTime kStart{std::chrono::seconds(1'795'165'920)};

} // namespace

class HistoryOverHttpTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (int i = 0; i < 600; ++i) {
            metrics::Snapshot tick;
            tick.at = kStart + std::chrono::seconds(i);
            metrics::SampleBuilder builder(tick);
            builder.push(kUsage, i / 600.0);
            if (i < 100) {
                builder.push(kDisk, 0.5, {{"mountpoint", "/gone"}});
            }
            m_head.append(tick);
        }
        net::Backend backend;
        backend.querier = &m_querier;
        net::ServerOptions options;
        options.port = 0;
        m_server = std::make_unique<net::HttpServer>(net::makeRouter(std::move(backend)), options);
        QVERIFY(m_server->start());
    }

    void resultTypesAreNamed()
    {
        QVERIFY(ask("query?query=1%2B1&time=4")["resultType"] == "scalar");
        QVERIFY(ask("query?query=1%2B1&time=4")["result"] == json::array({4, "2"}));
        const json vector = ask("query?query=db_pool_usage&time=1795166220");
        QVERIFY(vector["resultType"] == "vector");
        QVERIFY(vector["result"][0]["value"] == json::array({1'795'166'220, "0.5"}));
        const json matrix = ask("query?query=db_pool_usage[10s]&time=1795166220");
        QVERIFY(matrix["resultType"] == "matrix");
        QVERIFY(matrix["result"][0]["values"].size() >= 10);
    }

    void rangesAreEvaluated()
    {
        const json data = ask("query_range?query=db_pool_usage*100&start=1795165920&end=1795166220&step=1m");
        QVERIFY(data["resultType"] == "matrix");
        QCOMPARE(data["result"][0]["values"].size(), std::size_t{6});
        QVERIFY(data["result"][0]["values"][5] == json::array({1'795'166'220, "50"}));
    }

    void seriesThatEndedAreStillListed()
    {
        QVERIFY(ask("label/mountpoint/values?end=1795166519") == json::array({"/gone"}));
        QVERIFY(ask("series?match[]=host_disk_usage_ratio&start=1795166400&end=1795166519").empty());
        const json all = ask("label/__name__/values?end=1795166519");
        QVERIFY(all == json::array({"db_pool_usage", "host_disk_usage_ratio"}));
    }

    void parseErrorsNameTheirPlace()
    {
        const std::string answer = testnet::get(m_server->port(), "/api/v1/query?query=sum(");
        QCOMPARE(testnet::statusOf(answer), 400);
        const json body = json::parse(testnet::bodyOf(answer));
        QVERIFY(body["errorType"] == "bad_data");
        QVERIFY(body["error"].get<std::string>().find("parse error") != std::string::npos);
        QCOMPARE(testnet::statusOf(testnet::get(m_server->port(), "/api/v1/series?match[]=1%2B1")), 400);
    }

private:
    json ask(const std::string& path)
    {
        return json::parse(testnet::bodyOf(testnet::get(m_server->port(), "/api/v1/" + path)))["data"];
    }

    series::Head m_head;
    promql::Querier m_querier{m_head};
    std::unique_ptr<net::HttpServer> m_server;
};

QTEST_GUILESS_MAIN(HistoryOverHttpTest)
#include "tst_history_over_http.moc"
