#include "monitor/net/accept.h"
#include "monitor/net/prometheus_parse.h"
#include "monitor/net/public_text.h"
#include "monitor/net/raw_head.h"
#include "monitor/net/router.h"
#include "monitor/net/url.h"

#include <QTest>

#include <limits>
#include <random>

using core::Lang;
using net::ExpositionFormat;

class HttpParsingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void targetsAreDecoded()
    {
        const auto parsed = net::parseTarget("/a%20b+c?x=1+2&y&match[]=%7Ba%3D%22b%22%7D&x=3#end");
        QVERIFY(parsed);
        QCOMPARE(parsed->path, std::string("/a b+c"));
        const net::Fields query{{"x", "1 2"}, {"y", ""}, {"match[]", "{a=\"b\"}"}, {"x", "3"}};
        QVERIFY(parsed->query == query);
        QCOMPARE(net::parseTarget("HTTP://Host:1?a=b")->authority, std::string("Host:1"));
        QCOMPARE(net::parseTarget("http://host?a=b")->path, std::string("/"));
    }

    void hostileTargetsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("target");
        const auto row = [](const char* name, const QByteArray& target) { QTest::newRow(name) << target; };
        row("empty", "");
        row("star", "*");
        row("relative", "metrics");
        row("authority form", "localhost:8000");
        row("https", "https://localhost/");
        row("no host", "http:///metrics");
        row("raw NUL", QByteArray("/a\0b", 4));
        row("escaped NUL", "/a%00b");
        row("escaped NUL in a value", "/?a=%00");
        row("escaped NUL in a name", "/?%00=a");
        row("cut escape", "/a%2");
        row("bare percent", "/%");
        row("no hex", "/%g1");
        row("escaped newline", "/a%0ab");
        row("escape sequence", "/%1b[31m");
        row("raw blank", "/a b");
        row("raw newline", "/a\nb");
        row("no UTF-8", "/%ff");
        row("overlong slash", "/%c0%af");
        row("257 parameters", "/?" + QByteArray("a=1&").repeated(257));
    }
    void hostileTargetsAreRefused()
    {
        QFETCH(QByteArray, target);
        QVERIFY(
            !net::parseTarget(std::string_view(target.constData(), static_cast<std::size_t>(target.size()))));
    }

    void hostsAreParsed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::newRow("name") << "LocalHost"
                              << "localhost" << 0;
        QTest::newRow("port") << "127.0.0.1:8000"
                              << "127.0.0.1" << 8000;
        QTest::newRow("v6") << "[::1]:8000"
                            << "::1" << 8000;
        QTest::newRow("v6 alone") << "[::1]"
                                  << "::1" << 0;
        QTest::newRow("trailing dot") << "localhost."
                                      << "localhost" << 0;
        for (const char* bad : {"", " ", ":80", "a:", "a:0", "a:65536", "a:99999999999", "a:8x", "a b",
                                "user@a", "[::1", "::1", "[::1]x", "a/b", "a,b", "é", "[]", "a:-1", "a:+1"}) {
            QTest::newRow(bad) << bad << "" << -1;
        }
    }
    void hostsAreParsed()
    {
        QFETCH(QString, text);
        QFETCH(QString, host);
        QFETCH(int, port);
        const auto parsed = net::parseHostPort(text.toStdString());
        QCOMPARE(parsed.has_value(), port >= 0);
        if (parsed) {
            QCOMPARE(QString::fromStdString(parsed->host), host);
            QCOMPARE(parsed->port, port);
        }
    }

    void formatIsNegotiated_data()
    {
        QTest::addColumn<QString>("accept");
        QTest::addColumn<bool>("open");
        QTest::newRow("nothing") << "" << false;
        QTest::newRow("anything") << "*/*" << false;
        QTest::newRow("curl") << "text/html, */*;q=0.8" << false;
        QTest::newRow("prometheus 2.42")
            << "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
               "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
            << true;
        QTest::newRow("text preferred") << "application/openmetrics-text;q=0.5,text/plain;q=0.9" << false;
        QTest::newRow("equal") << "application/openmetrics-text,text/plain" << true;
        QTest::newRow("quoted version")
            << "application/openmetrics-text; version=\"1.0.0\"; charset=utf-8" << true;
        QTest::newRow("old version") << "application/openmetrics-text; version=0.0.1" << false;
        QTest::newRow("refused") << "application/openmetrics-text;q=0" << false;
        QTest::newRow("upper case") << "APPLICATION/OPENMETRICS-TEXT" << true;
        QTest::newRow("quality 2") << "application/openmetrics-text;q=2" << false;
        QTest::newRow("quality of letters") << "application/openmetrics-text;q=1.a" << false;
        QTest::newRow("wildcard higher") << "application/openmetrics-text;q=0.2,*/*" << false;
        QTest::newRow("commas") << QString(20000, ',') << false;
    }
    void formatIsNegotiated()
    {
        QFETCH(QString, accept);
        QFETCH(bool, open);
        QCOMPARE(net::negotiateExposition(accept.toStdString()) == ExpositionFormat::OpenMetrics1, open);
    }

    void languageIsNegotiated()
    {
        QVERIFY(net::negotiateLanguage("", Lang::Chinese) == Lang::Chinese);
        QVERIFY(net::negotiateLanguage("*", Lang::Chinese) == Lang::Chinese);
        QVERIFY(net::negotiateLanguage("zh-CN,zh;q=0.9,en;q=0.8", Lang::English) == Lang::Chinese);
        QVERIFY(net::negotiateLanguage("en-US,en;q=0.9,zh;q=0.8", Lang::Chinese) == Lang::English);
        QVERIFY(net::negotiateLanguage("en;q=0.1, ZH-Hans;q=0.9", Lang::English) == Lang::Chinese);
        QVERIFY(net::negotiateLanguage("zhx", Lang::English) == Lang::English);
        QVERIFY(net::negotiateLanguage("zh;q=0", Lang::English) == Lang::English);
    }

    void timesAreParsed()
    {
        QCOMPARE(net::parseApiTime("1795165927.742").value(), 1'795'165'927'742);
        QCOMPARE(net::parseApiTime("1.7e9").value(), 1'700'000'000'000);
        QCOMPARE(net::parseApiTime("2026-11-20T09:12:07.742Z").value(), 1'795'165'927'742);
        QCOMPARE(net::parseApiTime("2026-11-20T10:12:07.7429+01:00").value(), 1'795'165'927'742);
        QCOMPARE(net::parseApiTime("-1").value(), -1000);
        for (const char* bad : {"", "now", "NaN", "Inf", "1e300", "2026-02-30T00:00:00Z", "2026-11-20",
                                "2026-11-20T09:12:07", "2026-11-20T24:00:00Z", "2026-11-20T09:12:07.Z",
                                "2026-11-20T09:12:07+0100", "1 ", "0x10", "2026-11-20T09:12:07Zx"}) {
            QVERIFY2(!net::parseApiTime(bad), bad);
        }
    }

    void durationsAreParsed()
    {
        QCOMPARE(net::parseApiDuration("15").value(), 15'000);
        QCOMPARE(net::parseApiDuration("0.25").value(), 250);
        QCOMPARE(net::parseApiDuration("1h30m").value(), 5'400'000);
        QCOMPARE(net::parseApiDuration("1d2h3m4s5ms").value(), 93'784'005);
        QCOMPARE(net::parseApiDuration("-5").value(), -5000);
        for (const char* bad : {"", "s", "1", "5x", "1s1h", "1m1m", "1.5h", "NaN", "1e30",
                                "99999999999999999999s", "-5m", "5m "}) {
            QCOMPARE(net::parseApiDuration(bad).has_value(), std::string_view(bad) == "1");
        }
    }

    void valuesAreSpelledAsPrometheusDoes()
    {
        QCOMPARE(net::apiValueText(100000), std::string("100000"));
        QCOMPARE(net::apiValueText(0.8333), std::string("0.8333"));
        QCOMPARE(net::apiValueText(1e21), std::string("1e+21"));
        QCOMPARE(net::apiValueText(1e-7), std::string("1e-07"));
        QCOMPARE(net::apiValueText(std::numeric_limits<double>::quiet_NaN()), std::string("NaN"));
        QCOMPARE(net::apiValueText(-std::numeric_limits<double>::infinity()), std::string("-Inf"));
        QCOMPARE(net::apiValueText(0), std::string("0"));
        QCOMPARE(net::apiAlertValueText(0.8333), std::string("8.333e-01"));
        QCOMPARE(net::apiTimeText(1'795'165'927'742), std::string("1795165927.742"));
        QCOMPARE(net::apiTimeText(1'795'165'927'700), std::string("1795165927.7"));
        QCOMPARE(net::apiTimeText(5), std::string("0.005"));
        QCOMPARE(net::apiTimeText(-500), std::string("-0.5"));
    }

    void causesLoseWhatIsNobodysBusiness_data()
    {
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("cause");
        QTest::newRow("refused")
            << "connection to server at \"10.1.2.3\", port 5432 failed: Connection refused\n\tIs the "
               "server running on that host and accepting TCP/IP connections?"
            << "Connection refused";
        QTest::newRow("socket")
            << "connection to server on socket \"/run/pg/.s.PGSQL.5432\" failed: No such file or directory"
            << "No such file or directory";
        QTest::newRow("user")
            << "connection to server at \"h\" (10.0.0.1), port 5432 failed: FATAL:  password authentication "
               "failed for user \"app\""
            << "FATAL: password authentication failed for user \"…\"";
        QTest::newRow("name")
            << "could not translate host name \"db.internal\" to address: Name or service not known"
            << "could not translate host name \"…\" to address: Name or service not known";
        QTest::newRow("address") << "no route to 192.168.7.9 port 5432, gave up"
                                 << "no route to … port …, gave up";
        QTest::newRow("v6") << "timeout at [fe80::1%eth0]:5432"
                            << "timeout at …";
        QTest::newRow("domain") << "timeout at db1.example.org:6432 after 2.5 s"
                                << "timeout at … after 2.5 s";
        QTest::newRow("uri") << "bad URI postgresql://app:secret@h/db"
                             << "bad URI …";
        QTest::newRow("pairs") << "options user=app password=secret are odd"
                               << "options user=… password=… are odd";
        QTest::newRow("path") << "cannot read /home/me/.pgpass: denied"
                              << "cannot read …: denied";
        QTest::newRow("open quote") << "failed for \"secret"
                                    << "failed for \"…\"";
        QTest::newRow("timed out")
            << "QueuePool limit of size 10 overflow 20 reached, connection timed out, timeout 30.00"
            << "QueuePool limit of size 10 overflow 20 reached, connection timed out, timeout 30.00";
        QTest::newRow("nothing") << ""
                                 << "";
        QTest::newRow("quotes only") << "\"\"\""
                                     << "\"…\"\"…\"";
    }
    void causesLoseWhatIsNobodysBusiness()
    {
        QFETCH(QString, error);
        QFETCH(QString, cause);
        QCOMPARE(QString::fromStdString(net::publicCause(error.toStdString())), cause);
    }

    void hiddenBytesAreFound()
    {
        const std::string head("GET\0/a\0HTTP/1.1\0\0Host\0 x\0\0\0\0", 28);
        const auto piece = [&](std::size_t at, std::size_t length) {
            return std::string_view(head).substr(at, length);
        };
        const std::vector<std::string_view> pieces{piece(0, 3), piece(4, 2), piece(7, 8), piece(17, 4),
                                                   piece(23, 1)};
        QVERIFY(net::holdsOnly(head, pieces));
        QVERIFY(!net::holdsOnly(head, {pieces[0], pieces[1], pieces[2], pieces[3]}));
        QVERIFY(!net::holdsOnly(head, {pieces[0], pieces[2], pieces[1]}));
        const std::string elsewhere = "Host";
        QVERIFY(!net::holdsOnly(head, {pieces[0], pieces[1], pieces[2], elsewhere, pieces[4]}));
        QVERIFY(net::holdsOnly({}, {}));
    }

    void routesMatchWholePaths()
    {
        net::Router router;
        for (const char* pattern : {"/a", "/label/:name/values", "/s/:name"}) {
            router.add({"GET", pattern, {}});
        }
        router.add({"POST", "/s/:name", {}});
        QCOMPARE(router.match("HEAD", "/a").route->pattern, std::string("/a"));
        QCOMPARE(router.match("GET", "/label/job/values").capture, std::string("job"));
        QCOMPARE(router.match("POST", "/s/x").capture, std::string("x"));
        QCOMPARE(router.match("DELETE", "/s/x").allow, std::string("GET, HEAD, POST"));
        for (const char* path : {"/", "/a/", "/ab", "/label//values", "/label/a/b/values", "/label/values",
                                 "/s/", "/s/a/b", ""}) {
            const net::Match match = router.match("GET", path);
            QVERIFY2(!match.route && match.allow.empty(), path);
        }
    }

    void noBytesUpsetTheParsers()
    {
        std::mt19937 random(421);
        using namespace std::string_literals;
        const std::string alphabet = "%0fFAaZz/?&=+#:;,.q\"[]*- \0\r\n\x7f\xff\xc3\xa9"s;
        for (int round = 0; round < 30'000; ++round) {
            std::string bytes(random() % 40, '\0');
            for (char& byte : bytes) {
                byte = alphabet[random() % alphabet.size()];
            }
            const auto target = net::parseTarget("/" + bytes);
            if (target) {
                QVERIFY(target->path.starts_with('/'));
                QVERIFY(target->path.find('\0') == std::string::npos);
            }
            const auto host = net::parseHostPort(bytes);
            QVERIFY(!host || (!host->host.empty() && host->port >= 0 && host->port <= 65535));
            static_cast<void>(net::parseForm(bytes));
            static_cast<void>(net::negotiateExposition(bytes));
            static_cast<void>(net::negotiateLanguage(bytes, Lang::English));
            static_cast<void>(net::parseApiTime(bytes));
            static_cast<void>(net::parseApiDuration(bytes));
            const std::string cause = net::publicCause(bytes);
            QVERIFY(cause.find('\n') == std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(HttpParsingTest)
#include "tst_http_parsing.moc"
