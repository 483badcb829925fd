// Whoever speaks Prometheus' language, each in its own way: who it is, how it is asked, what it tells of its
// limits.
#include "monitor/prometheus/answer.h"
#include "monitor/prometheus/server_querier.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "tests/prometheus/server_catcher.h"

#include <QRegularExpression>
#include <QTest>

using prometheus_test::asked;
using prometheus_test::kEmpty;
using prometheus_test::saying;
using prometheus_test::specOf;

namespace {

// Single quotes for the double ones of JSON.
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

} // namespace

class PrometheusDialectsTest : public QObject {
    Q_OBJECT

    series::Head m_head;
    promql::Querier m_language{m_head};

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void dialectsAreTold_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<int>("dialect");
        const auto row = [](const char* name, const QByteArray& data, prometheus::Dialect dialect) {
            QTest::newRow(name) << data << static_cast<int>(dialect);
        };
        row("Prometheus", R"({"version":"2.42.0","revision":"abc","branch":"x"})",
            prometheus::Dialect::Prometheus);
        row("Mimir", R"({"application":"Grafana Mimir","version":"2.10.0","revision":"f0"})",
            prometheus::Dialect::Mimir);
        row("Thanos", R"({"version":"0.32.5","revision":"750e8a94"})", prometheus::Dialect::Thanos);
        row("VictoriaMetrics", R"({"version":"2.24.0"})", prometheus::Dialect::VictoriaMetrics);
    }
    void dialectsAreTold()
    {
        QFETCH(QByteArray, data);
        QFETCH(int, dialect);
        const auto info =
            prometheus::readBuildInfo(R"({"status":"success","data":)" + data.toStdString() + "}");
        QVERIFY(info.has_value());
        QCOMPARE(static_cast<int>(prometheus::dialectOf(*info)), dialect);
    }

    // Each as it answers: its own way to say who it is, to be asked, to tell of half an answer and of its
    // limits.
    void aDialectIsSpokenAndHeard_data()
    {
        QTest::addColumn<QByteArray>("info");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("flavour");
        QTest::addColumn<QStringList>("form"); // parts of it; "-name" must not be there
        QTest::addColumn<QString>("warning");
        const auto row = [](const char* name, const char* info, const char* more,
                            const char* flavour) -> QTestData& {
            return QTest::newRow(name)
                   << quoted(info)
                   << quoted("{'status':'success','data':{'resultType':'matrix','result':[{'metric':"
                             "{'__name__':'up'},'values':[[1000000,'1']]}]}" +
                             QByteArray(more) + "}")
                   << QString::fromLatin1(flavour);
        };
        row("Prometheus", "{'version':'2.42.0','revision':'225c61122d88b01d1f0eaaee0e05b6f3e0567ac0'}",
            ",'infos':['metric might not be a counter']", "Prometheus")
            << QStringList{"-partial_response", "-latency_offset", "timeout=5000ms"}
            << "metric might not be a counter";
        row("Thanos, a store away",
            "{'version':'0.32.5','revision':'750e8a94eed5226cd4562117295d540a968c163c'}",
            ",'warnings':['receive series from Addr: store:10901: rpc error: code = Unavailable']", "Thanos")
            << QStringList{"partial_response=true", "dedup=true", "max_source_resolution=auto",
                           "-latency_offset"}
            << "receive series from Addr: store:10901: rpc error: code = Unavailable";
        row("VictoriaMetrics, a node away", "{'version':'2.24.0'}",
            ",'isPartial':true,'stats':{'seriesFetched':'1','executionTimeMsec':2}", "VictoriaMetrics")
            << QStringList{"latency_offset=1s", "-partial_response"}
            << "the answer is partial: some of its storage nodes are away";
        row("VictoriaMetrics", "{'version':'2.24.0'}", ",'isPartial':false,'stats':{'seriesFetched':'1'}",
            "VictoriaMetrics")
            << QStringList{"latency_offset=1s"} << QString();
        row("Mimir",
            "{'application':'Grafana Mimir','version':'2.10.0','features':{'ruler_config_api':'true'}}", "",
            "Mimir")
            << QStringList{"-partial_response", "-latency_offset"} << QString();
    }
    void aDialectIsSpokenAndHeard()
    {
        QFETCH(QByteArray, info);
        QFETCH(QByteArray, answer);
        QFETCH(QString, flavour);
        QFETCH(QStringList, form);
        QFETCH(QString, warning);
        support::HttpCatcher catcher;
        const std::string told = quoted("{'status':'success','data':" + info + "}").toStdString();
        catcher.answerTo([&](const support::CaughtRequest& request) {
            return saying(200, request.path.ends_with("buildinfo") ? told : answer.toStdString());
        });
        prometheus::ServerSpec spec = specOf(catcher);
        spec.tenant = "team-a";
        const prometheus::ServerQuerier server(spec, m_language);
        const auto read = server.range("up", 1'000'000'000, 1'000'060'000, 1000);
        QVERIFY2(read && read->size() == 1, read ? "" : read.error().message.c_str());
        QCOMPARE(QString::fromStdString(server.news().flavour), flavour);
        const std::vector<std::string> warnings =
            warning.isEmpty() ? std::vector<std::string>() : std::vector<std::string>{warning.toStdString()};
        QCOMPARE(server.news().warnings, warnings);
        const auto requests = catcher.requests();
        for (const support::CaughtRequest& request : requests) {
            QCOMPARE(request.headers.at("x-scope-orgid"), std::string("team-a"));
        }
        const QString body = QString::fromStdString(requests.back().body);
        for (const QString& part : form) {
            QVERIFY2(part.startsWith('-') ? !body.contains(part.mid(1)) : body.contains(part),
                     qPrintable(body));
        }
    }

    // A limit is the question's fault: the server's own words, and no pause.
    void limitsAreToldInTheServersOwnWords_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, int status, const QByteArray& type, const QByteArray& said) {
            QTest::newRow(name) << status
                                << quoted("{'status':'error','errorType':'" + type + "','error':'" + said +
                                          "'}")
                                << QString::fromUtf8(said);
        };
        row("Mimir, too long", 422, "execution",
            "the total query time range exceeds the limit (query length: 8760h0m0s, limit: 744h0m0s) "
            "(err-mimir-max-total-query-length)");
        row("Mimir, too many series", 422, "execution",
            "the query exceeded the maximum number of series (limit: 5 series) "
            "(err-mimir-max-series-per-query)");
        row("Prometheus, too many points", 400, "bad_data",
            "exceeded maximum resolution of 11,000 points per timeseries");
        row("Prometheus, too many samples", 422, "execution",
            "query processing would load too many samples into memory in query execution");
        row("VictoriaMetrics, too many points", 422, "422",
            "error when executing query: too many points for the given step=1, start=0 and end=9");
    }
    void limitsAreToldInTheServersOwnWords()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, message);
        support::HttpCatcher catcher;
        catcher.answerTo([&](const support::CaughtRequest& request) {
            return request.path.ends_with("buildinfo") ? saying(200, kEmpty)
                                                       : saying(status, body.toStdString());
        });
        prometheus::Client client(specOf(catcher));
        const auto read = client.range("up", {0, 1000, 1000});
        QVERIFY(!read.has_value());
        QCOMPARE(QString::fromStdString(read.error().message), message);
        QVERIFY(!client.state().away);
        QVERIFY(!client.range("up", {0, 1000, 1000}).has_value()); // asked again: there is no pause
        QCOMPARE(asked(catcher, "/api/v1/query_range"), 2U);
    }

    void aTenantThatIsMissingIsSaid()
    {
        support::HttpCatcher catcher;
        catcher.answer(
            [](std::size_t) { return saying(401, "no org id\n", "Content-Type: text/plain\r\n"); });
        prometheus::Client client(specOf(catcher));
        const auto read = client.labelNames();
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().message,
                 std::string("HTTP 401: it wants a tenant (tenant: in the configuration)"));
    }

    void theServersOwnReasonIsKept()
    {
        const auto read = prometheus::readQueryAnswer(
            R"({"status":"error","errorType":"execution","error":"err-mimir-max-total-query-length: too long"})");
        QVERIFY(!read);
        QCOMPARE(read.error().message, std::string("err-mimir-max-total-query-length: too long"));
        QCOMPARE(read.error().code, std::string("execution"));
    }
};

QTEST_GUILESS_MAIN(PrometheusDialectsTest)
#include "tst_prometheus_dialects.moc"
