// What real readers make of /metrics: promtool and python's prometheus_client, through the socket.
#include "monitor/net/endpoint.h"
#include "monitor/net/http_server.h"
#include "tests/net/fake_backend.h"
#include "tests/net/raw_client.h"

#include <QProcess>
#include <QTest>

#include <memory>

namespace {

// Standard output; fails the test when the program cannot be run.
QByteArray run(const QString& program, const QStringList& arguments, const QByteArray& input, int* exitCode)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    *exitCode = process.waitForFinished(20000) ? process.exitCode() : -1;
    return process.readAll();
}

QString promtool()
{
    const QString chosen = qEnvironmentVariable("POOLSCOPE_PROMTOOL");
    return chosen.isEmpty() ? QStringLiteral("promtool") : chosen;
}

} // namespace

class MetricsOverHttpTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        net::ServerOptions options;
        options.port = 0;
        m_server = std::make_unique<net::HttpServer>(net::makeRouter(m_backend.backend()), options);
        QVERIFY(m_server->start());
    }

    void promtoolAcceptsTheText()
    {
        const std::string answer = testnet::get(m_server->port(), "/metrics");
        QCOMPARE(testnet::statusOf(answer), 200);
        int code = 0;
        const QByteArray out =
            run(promtool(), {"check", "metrics"}, QByteArray::fromStdString(testnet::bodyOf(answer)), &code);
        // 3 is promtool's lint: naming advice about names the contract fixes. 1 is a page it cannot read.
        QVERIFY2(code == 0 || code == 3, out.constData());
        QVERIFY2(!out.contains("error while linting"), out.constData());
    }

    void pythonReadsBothFormatsAlike()
    {
        int code = 0;
        const QByteArray out = run("/usr/bin/python3",
                                   {"-c", R"(
import sys, urllib.request
from prometheus_client import parser
from prometheus_client.openmetrics import parser as strict
url = sys.argv[1] + '/metrics'
plain = urllib.request.urlopen(url)
assert plain.headers['Content-Type'] == 'text/plain; version=0.0.4; charset=utf-8', plain.headers
text = list(parser.text_string_to_metric_families(plain.read().decode()))
ask = urllib.request.Request(url, headers={'Accept': 'application/openmetrics-text; version=1.0.0'})
opened = urllib.request.urlopen(ask)
assert opened.headers['Content-Type'].startswith('application/openmetrics-text'), opened.headers
exact = list(strict.text_string_to_metric_families(opened.read().decode()))
def values(families):
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for f in families for s in f.samples if not s.name.endswith('_created')}
a, b = values(text), values(exact)
assert len(a) > 30, len(a)
assert set(a) == set(b), set(a) ^ set(b)
assert all(a[k] == b[k] or a[k] != a[k] for k in a)
print('ok')
)",
                                    QString::fromStdString(m_server->address())},
                                   {}, &code);
        QVERIFY2(code == 0 && out.trimmed() == "ok", out.constData());
    }

    void promtoolQueriesTheHistory()
    {
        int code = 0;
        const QString url = QString::fromStdString(m_server->address());
        const auto at = QString::number(core::epochMillis(m_backend.snapshot()->at) / 1000);
        const QByteArray out =
            run(promtool(), {"query", "instant", "--time", at, url, "db_pool_size"}, {}, &code);
        QVERIFY2(code == 0 && out.contains("=> 10 @"), out.constData());
        const QByteArray series =
            run(promtool(), {"query", "series", "--match", "db_pool_size", "--end", at, url}, {}, &code);
        QVERIFY2(code == 0, series.constData());
    }

    void curlSeesWhatBrowsersWould()
    {
        const QString url = QString::fromStdString(m_server->address());
        int code = 0;
        const QByteArray health = run(
            "curl",
            {"-sS", "-m", "5", "-i", url + "/health/db", "-H", "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8"},
            {}, &code);
        QVERIFY2(health.startsWith("HTTP/1.1 200 OK"), health.constData());
        QVERIFY(health.contains("\"message\":\"数据库连接正常\""));
        const QByteArray head = run("curl", {"-sS", "-m", "5", "-I", url + "/metrics"}, {}, &code);
        QVERIFY2(head.startsWith("HTTP/1.1 200 OK"), head.constData());
        const QByteArray asked = run("curl",
                                     {"-sS", "-m", "5", "-H", "Expect: 100-continue", "--data-urlencode",
                                      "query=db_pool_size", url + "/api/v1/query"},
                                     {}, &code);
        QVERIFY2(asked.startsWith(R"({"status":"success","data":{"resultType":"vector")"), asked.constData());
        const QByteArray old = run(
            "curl",
            {"-sS", "-m", "5", "-0", "-H", "Connection: keep-alive", url + "/-/healthy", url + "/-/healthy"},
            {}, &code);
        QCOMPARE(old, QByteArray("Poolscope is healthy.\nPoolscope is healthy.\n"));
    }

private:
    testnet::FakeBackend m_backend;
    std::unique_ptr<net::HttpServer> m_server;
};

QTEST_GUILESS_MAIN(MetricsOverHttpTest)
#include "tst_metrics_over_http.moc"
