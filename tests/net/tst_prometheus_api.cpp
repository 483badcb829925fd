#include "monitor/net/prometheus_api.h"
#include "monitor/net/prometheus_json.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <limits>

using nlohmann::json;

namespace {

class FixedClock final : public core::Clock {
public:
    [[nodiscard]] core::SteadyTime steadyNow() const noexcept override { return {}; }
    [[nodiscard]] core::WallTime wallNow() const noexcept override
    {
        return core::WallTime(std::chrono::milliseconds(1'795'165'927'742));
    }
};

// Two series, or whatever error the expression names; remembers what it was asked.
class StubQuerier final : public metrics::Querier {
public:
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>>
    range(std::string_view expression, std::int64_t start, std::int64_t end, std::int64_t step) const override
    {
        asked = {start, end, step};
        if (expression == "many") {
            metrics::PointSeries one;
            one.points.resize(1'000'001);
            return std::vector{one};
        }
        return answer(expression, start);
    }
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> instant(std::string_view expression,
                                                                          std::int64_t at) const override
    {
        asked = {at};
        return answer(expression, at);
    }
    [[nodiscard]] core::Result<metrics::ResultType> resultType(std::string_view expression) const override
    {
        return expression == "1" ? metrics::ResultType::Scalar : metrics::ResultType::Vector;
    }
    mutable std::vector<std::int64_t> asked;

private:
    static core::Result<std::vector<metrics::PointSeries>> answer(std::string_view expression,
                                                                  std::int64_t at)
    {
        if (expression == "bad(") {
            return core::fail("1:5: parse error: unclosed left parenthesis", "bad_data");
        }
        if (expression == "twice") {
            return core::fail("many-to-many matching not allowed", "execution");
        }
        return std::vector<metrics::PointSeries>{
            {{{"__name__", "up"}, {"job", "a\"\xff"}}, {{at, 0.5}}},
            {{{"__name__", "up"}, {"job", "b"}}, {{at, std::numeric_limits<double>::quiet_NaN()}}},
            {{{"__name__", "gone"}}, {}}};
    }
};

net::Request with(net::Fields query, std::string capture = {})
{
    net::Request request;
    request.method = "GET";
    request.query = std::move(query);
    request.capture = std::move(capture);
    return request;
}

json bodyOf(const net::Response& response)
{
    return json::parse(*response.body);
}

} // namespace

class PrometheusApiTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void instantQueryAnswersAsPrometheusDoes()
    {
        const net::Response response = m_api.query(with({{"query", "up"}, {"time", "1795165927.742"}}));
        QCOMPARE(response.status, 200);
        const json data = bodyOf(response)["data"];
        QVERIFY(data["resultType"] == "vector");
        QCOMPARE(data["result"].size(), std::size_t{2});
        QVERIFY(data["result"][0]["metric"]["job"] == "a\"\xEF\xBF\xBD");
        QVERIFY(data["result"][0]["value"][1] == "0.5");
        QVERIFY(data["result"][1]["value"][1] == "NaN");
        QVERIFY(response.body->find("[1795165927.742,\"0.5\"]") != std::string::npos);
        QCOMPARE(m_querier.asked.front(), 1'795'165'927'742);
        QVERIFY(bodyOf(m_api.query(with({{"query", "1"}})))["data"]["resultType"] == "scalar");
        QCOMPARE(m_querier.asked.front(), 1'795'165'927'742); // now
        QCOMPARE(bodyOf(m_api.query(with({{"query", "up"}, {"limit", "1"}})))["data"]["result"].size(),
                 std::size_t{1});
    }

    void rangeQueryPassesItsGridOn()
    {
        const net::Response response =
            m_api.queryRange(with({{"query", "up"}, {"start", "100"}, {"end", "200"}, {"step", "15s"}}));
        QVERIFY(bodyOf(response)["data"]["resultType"] == "matrix");
        QVERIFY(bodyOf(response)["data"]["result"][0]["values"].is_array());
        const std::vector<std::int64_t> grid{100'000, 200'000, 15'000};
        QCOMPARE(m_querier.asked, grid);
    }

    void wrongParametersAreBadData_data()
    {
        QTest::addColumn<QString>("start");
        QTest::addColumn<QString>("end");
        QTest::addColumn<QString>("step");
        QTest::addColumn<QString>("text");
        QTest::newRow("start") << "x"
                               << "2"
                               << "1"
                               << "invalid parameter \"start\": cannot parse \"x\" to a valid timestamp";
        QTest::newRow("no end") << "1"
                                << ""
                                << "1"
                                << "invalid parameter \"end\"";
        QTest::newRow("order") << "3"
                               << "2"
                               << "1"
                               << "end timestamp must not be before start time";
        QTest::newRow("step zero") << "1"
                                   << "2"
                                   << "0"
                                   << "zero or negative query resolution step";
        QTest::newRow("step negative") << "1"
                                       << "2"
                                       << "-5"
                                       << "zero or negative query resolution step";
        QTest::newRow("step text") << "1"
                                   << "2"
                                   << "often"
                                   << "valid duration";
        QTest::newRow("too many points") << "0"
                                         << "11001"
                                         << "1"
                                         << "exceeded maximum resolution of 11,000 points";
        QTest::newRow("a tiny step") << "0"
                                     << "1e9"
                                     << "0.001"
                                     << "exceeded maximum resolution of 11,000 points";
        QTest::newRow("overflow") << "1e300"
                                  << "2"
                                  << "1"
                                  << "valid timestamp";
    }
    void wrongParametersAreBadData()
    {
        QFETCH(QString, start);
        QFETCH(QString, end);
        QFETCH(QString, step);
        QFETCH(QString, text);
        const net::Response response = m_api.queryRange(with({{"query", "up"},
                                                              {"start", start.toStdString()},
                                                              {"end", end.toStdString()},
                                                              {"step", step.toStdString()}}));
        QCOMPARE(response.status, 400);
        const json body = bodyOf(response);
        QVERIFY(body["status"] == "error" && body["errorType"] == "bad_data");
        QVERIFY2(body["error"].get<std::string>().find(text.toStdString()) != std::string::npos,
                 response.body->c_str());
    }

    void errorsKeepTheirKind()
    {
        const net::Response parse = m_api.query(with({{"query", "bad("}}));
        QCOMPARE(parse.status, 400);
        QVERIFY(bodyOf(parse)["error"] == "1:5: parse error: unclosed left parenthesis");
        const net::Response execution = m_api.query(with({{"query", "twice"}}));
        QCOMPARE(execution.status, 422);
        QVERIFY(bodyOf(execution)["errorType"] == "execution");
        QCOMPARE(m_api.query(with({{"query", "up"}, {"limit", "-1"}})).status, 400);
        QCOMPARE(
            m_api.queryRange(with({{"query", "many"}, {"start", "1"}, {"end", "2"}, {"step", "1"}})).status,
            422);
    }

    void seriesLabelsAndValuesAreListedOnce()
    {
        const json series = bodyOf(m_api.series(with({{"match[]", "up"}, {"match[]", "up"}})))["data"];
        QCOMPARE(series.size(), std::size_t{3});
        QCOMPARE(m_api.series(with({})).status, 400);
        QCOMPARE(m_api.series(with({{"match[]", "bad("}})).status, 400);
        QVERIFY(bodyOf(m_api.labels(with({})))["data"] == json::array({"__name__", "job"}));
        QVERIFY(bodyOf(m_api.labelValues(with({}, "__name__")))["data"] == json::array({"gone", "up"}));
        QCOMPARE(m_api.labelValues(with({}, "a-b")).status, 400);
    }

    void rulesAndAlertsHaveTheirShape()
    {
        metrics::Snapshot snapshot;
        metrics::RuleRow rule;
        rule.group = "pool";
        rule.name = "HighPoolUsage";
        rule.expr = "db_pool_usage > 0.8";
        rule.file = "/home/me/rules/default.yml";
        rule.holdFor = std::chrono::minutes(5);
        rule.state = metrics::AlertState::Firing;
        metrics::AlertRow alert;
        alert.name = rule.name;
        alert.labels = {{"alertname", "HighPoolUsage"}, {"severity", "warning"}};
        alert.state = metrics::AlertState::Firing;
        alert.value = 0.8333;
        alert.summary = "连接池使用率过高";
        snapshot.rules = {rule, rule};
        snapshot.rules[1].name = "Other";
        snapshot.rules[1].state = metrics::AlertState::Resolved;
        snapshot.alerts = {alert, alert};
        snapshot.alerts[1].state = metrics::AlertState::Resolved;
        const json groups = json::parse(net::rulesData(snapshot, ""))["groups"];
        QCOMPARE(groups.size(), std::size_t{1});
        QVERIFY(groups[0]["file"] == "default.yml"); // no path of this machine
        const json& first = groups[0]["rules"][0];
        QVERIFY(first["type"] == "alerting" && first["duration"] == 300 && first["health"] == "ok" &&
                first["state"] == "firing");
        QCOMPARE(first["alerts"].size(), std::size_t{1});
        QVERIFY(groups[0]["rules"][1]["state"] == "inactive");
        const json alerts = json::parse(net::alertsData(snapshot))["alerts"];
        QCOMPARE(alerts.size(), std::size_t{1});
        QVERIFY(alerts[0]["value"] == "8.333e-01");
        QVERIFY(alerts[0]["annotations"]["summary"] == "连接池使用率过高");
    }

    void metadataNamesTypeAndHelp()
    {
        static constexpr metrics::MetricDef kSize{
            "db_pool_size", metrics::Kind::Gauge, core::Unit::Count, "连接池大小", {}, {}, {}};
        metrics::Snapshot snapshot;
        metrics::SampleBuilder(snapshot).push(kSize, 10);
        const json all = json::parse(net::metadataData(snapshot, "", 10));
        QVERIFY(all["db_pool_size"][0]["type"] == "gauge" && all["db_pool_size"][0]["help"] == "连接池大小");
        QVERIFY(json::parse(net::metadataData(snapshot, "other", 10)).empty());
        QVERIFY(json::parse(net::buildInfoData())["applicationVersion"] == POOLSCOPE_VERSION);
    }

private:
    FixedClock m_clock;
    StubQuerier m_querier;
    net::PrometheusApi m_api{m_querier, m_clock};
};

QTEST_GUILESS_MAIN(PrometheusApiTest)
#include "tst_prometheus_api.moc"
