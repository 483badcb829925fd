// Which targets there are: the configuration's list, and Prometheus' discovery by files.
#include "monitor/targets/file_sd.h"
#include "monitor/targets/list_edit.h"
#include "monitor/targets/target_file.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace std::chrono_literals;

class TargetFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void everySettingIsReadAndWrittenBack()
    {
        const auto read =
            targets::parseTargets("- url: https://shop:8443/actuator/prometheus\n"
                                  "  name: shop\n"
                                  "  environment: production\n"
                                  "  tags: [java, 'a: b']\n"
                                  "  interval: 15s\n"
                                  "  timeout: 1500ms\n"
                                  "  user: monitor\n"
                                  "  password_file: /etc/shop.password\n"
                                  "  ca_file: /etc/ca.pem\n"
                                  "  max_bytes: 1000000\n"
                                  "  max_series: 500\n"
                                  "- {url: 'http://other:9187/metrics', bearer_file: /t, interval: 2s}\n",
                                  "t.yml");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->size(), std::size_t(2));
        const targets::TargetSpec& shop = read->front();
        QCOMPARE(shop.tags, (std::vector<std::string>{"java", "a: b"}));
        QCOMPARE(shop.interval, core::Nanos(15s));
        QCOMPARE(shop.timeout, core::Nanos(1500ms));
        QCOMPARE(shop.maxSeries, std::size_t(500));
        QCOMPARE(read->back().name, std::string("other:9187"));
        QCOMPARE(read->back().timeout, core::Nanos(2s)); // never beyond the interval
        const auto again = targets::parseTargets(targets::targetsText(*read), "again");
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY(*again == *read);
        QVERIFY(targets::parseTargets(targets::targetsText({}), "none")->empty());
    }

    void aSelectorMakesThePageOfAPrometheus()
    {
        const auto read = targets::parseTargets("- {url: 'http://prom:9090/', match: '{job=\"a b\"}'}\n"
                                                "- {url: 'https://other/prefix', match: 'up', name: x}\n",
                                                "t.yml");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->front().url,
                 std::string("http://prom:9090/federate?match%5B%5D=%7Bjob%3D%22a%20b%22%7D"));
        QCOMPARE(read->front().name, std::string("prom:9090"));
        QCOMPARE(read->back().url, std::string("https://other/prefix/federate?match%5B%5D=up"));
        const auto again = targets::parseTargets(targets::targetsText(*read), "again");
        QVERIFY(again && *again == *read);
    }

    void whatIsWrongIsNamedWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QByteArray& yaml, const char* reason) {
            QTest::newRow(name) << yaml << QString(reason);
        };
        row("a map", "url: x", "t.yml:1: targets: a list");
        row("no URL", "- name: a", "url:");
        row("unknown setting", "- url: http://a/\n  speed: 1", "t.yml:2: targets: unknown setting \"speed\"");
        row("a password", "- url: http://a/\n  password: kanarienvogel", "t.yml:2: targets: no secrets");
        row("a password in the URL", "- url: http://a:kanarienvogel@b/", "user or password");
        row("two logins", "- {url: 'http://a/', user: x, bearer_file: y}", "one way");
        row("too often", "- {url: 'http://a/', interval: 1ms}", "interval:");
        row("too patient", "- {url: 'http://a/', interval: 5s, timeout: 6s}", "timeout:");
        row("a name twice", "- url: http://a/metrics\n- url: http://a/metrics",
            "t.yml:2: targets: the name \"a\" is taken");
        row("no number", "- {url: 'http://a/', max_series: many}", "whole number");
        row("a secret itself", "- url: http://a/\n  secret: kanarienvogel", "secret: keyring:NAME");
        row("a secret twice", "- {url: 'http://a/', secret: 'env:A', bearer_file: /t}", "one of them");
        row("no colour", "- {url: 'http://a/', color: red}", "color:");
        row("no selector", "- url: http://a/\n  match: '{job='", "t.yml:2: targets: match: a selector like");
        row("a selector twice", "- url: http://a/federate?match[]=up\n  match: up",
            "t.yml:2: targets: match: the url");
        row("a selector of a console", "- url: pgbouncer://a\n  match: up",
            "t.yml:2: targets: match: the url");
        row("neither yes nor no", "- {url: 'http://a/', paused: perhaps}", "yes or no");
        row("not YAML", "- {", "t.yml:");
    }
    void whatIsWrongIsNamedWithItsLine()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, reason);
        const auto read = targets::parseTargets(yaml.toStdString(), "t.yml");
        QVERIFY(!read);
        QVERIFY2(QString::fromStdString(read.error().message).contains(reason), read.error().message.c_str());
        QVERIFY(read.error().message.find("kanarienvogel") == std::string::npos);
    }

    void prometheusDiscoveryFilesAreRead()
    {
        const auto read =
            targets::parseFileSd("["
                                 "{\"targets\": [\"db1:9187\", \"db2:9187\"], \"labels\": {\"env\": "
                                 "\"production\", \"job\": \"postgres\", \"__meta_x\": \"y\"}},"
                                 "{\"targets\": [\"shop:8443\"],"
                                 "\"labels\": {\"__scheme__\": \"https\", \"__metrics_path__\": "
                                 "\"/actuator/prometheus\", \"name\": \"shop\"}}]",
                                 "sd.json");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->size(), std::size_t(3));
        QCOMPARE(read->at(0).url, std::string("http://db1:9187/metrics"));
        QCOMPARE(read->at(0).environment, std::string("production"));
        QCOMPARE(read->at(0).tags, std::vector<std::string>{"job=postgres"});
        QCOMPARE(read->at(2).url, std::string("https://shop:8443/actuator/prometheus"));
        QCOMPARE(read->at(2).name, std::string("shop"));
        QVERIFY(!targets::parseFileSd("{}", "x"));
        QVERIFY(!targets::parseFileSd("[{\"targets\": [[]]}]", "x"));
        QVERIFY(!targets::parseFileSd("[{\"targets\": [\"u:p@h\"]}]", "x"));
    }

    void discoveryFollowsItsFiles()
    {
        QTemporaryDir folder;
        const auto write = [&](const char* name, const QByteArray& text) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
            file.write(text);
        };
        write("a.json", "[{\"targets\": [\"a:1\"]}]");
        write("ignored.txt", "[{\"targets\": [\"x:1\"]}]");
        targets::FileDiscovery discovery({folder.filePath("*.json").toStdString()});
        QVERIFY(discovery.refresh());
        QVERIFY(!discovery.refresh());
        QCOMPARE(discovery.targets().size(), std::size_t(1));
        write("b.json", "[{\"targets\": [\"b:1\", \"c:1\"]}]");
        QVERIFY(discovery.refresh());
        QCOMPARE(discovery.targets().size(), std::size_t(3));
        write("b.json", "[{\"targets\": [\"b:1\""); // being written: what it said before still counts
        QVERIFY(discovery.refresh());
        QCOMPARE(discovery.targets().size(), std::size_t(3));
        QCOMPARE(discovery.problems().size(), std::size_t(1));
        QVERIFY(QFile::remove(folder.filePath("b.json")));
        QVERIFY(discovery.refresh());
        QCOMPARE(discovery.targets().size(), std::size_t(1));
        QVERIFY(discovery.problems().empty());
    }

    void changesLeaveTheRestAsItWasWritten()
    {
        const std::string list = "# Ours.\n"
                                 "- url: http://a:1/metrics   # the first\n"
                                 "  # asked seldom\n"
                                 "  interval: 30s\n"
                                 "  max_series: 77\n"
                                 "\n"
                                 "# The second.\n"
                                 "- name: b\n"
                                 "  url: http://b:1/metrics\n"
                                 "  tags: [x,\n"
                                 "         y]\n"
                                 "# The end.\n";
        const auto read = targets::parseTargets(list, "t");
        QVERIFY(read);
        targets::TargetSpec a = read->at(0);
        a.environment = "production";
        a.interval = 10s;
        const auto changed = targets::withChangedTarget(list, "t", "a:1", a);
        QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
        QCOMPARE(*changed, std::string("# Ours.\n"
                                       "- url: http://a:1/metrics   # the first\n"
                                       "  # asked seldom\n"
                                       "  interval: 10s\n"
                                       "  max_series: 77\n"
                                       "  environment: \"production\"\n"
                                       "\n"
                                       "# The second.\n"
                                       "- name: b\n"
                                       "  url: http://b:1/metrics\n"
                                       "  tags: [x,\n"
                                       "         y]\n"
                                       "# The end.\n"));
        a.url = "http://elsewhere:1/metrics"; // its name stays, so it is written now
        QVERIFY(targets::withChangedTarget(list, "t", "a:1", a)->find("name: \"a:1\"") != std::string::npos);
        targets::TargetSpec b = read->at(1);
        b.tags.clear();
        b.name = "c";
        const auto bare = targets::withChangedTarget(list, "t", "b", b);
        QVERIFY2(bare, bare ? "" : bare.error().message.c_str());
        QVERIFY(bare->ends_with("# The second.\n- name: \"c\"\n  url: http://b:1/metrics\n# The end.\n"));
        QCOMPARE(*targets::withoutTarget(list, "t", "b"),
                 std::string(
                     "# Ours.\n- url: http://a:1/metrics   # the first\n  # asked seldom\n  interval: 30s\n"
                     "  max_series: 77\n\n# The second.\n# The end.\n"));
        QVERIFY(!targets::withoutTarget(list, "t", "nobody"));
        b.name = "a:1";
        QVERIFY(!targets::withChangedTarget(list, "t", "b", b)); // taken
    }

    void aSelectorStaysApartFromItsAddress()
    {
        const std::string list = "- url: http://prom:9090/   # ours\n"
                                 "  match: '{job=\"shop\"}'\n"
                                 "  # seldom\n"
                                 "  interval: 30s\n";
        targets::TargetSpec spec = targets::parseTargets(list, "t")->front();
        const auto changedTo = [&](const std::string& url) {
            spec.url = targets::pastedTarget(url).url;
            const auto text = targets::withChangedTarget(list, "t", "prom:9090", spec);
            return text ? *text : text.error().message;
        };
        QCOMPARE(changedTo(spec.url), list);
        const std::string tail = "  # seldom\n  interval: 30s\n  name: \"prom:9090\"\n";
        QCOMPARE(changedTo("https://other:9090/x/federate?match[]={job=\"shop\"}"),
                 "- url: \"https://other:9090/x\"\n  match: '{job=\"shop\"}'\n" + tail);
        QCOMPARE(changedTo("http://prom:9090/federate?match[]={job=~\"b+|50%\"}"),
                 "- url: http://prom:9090/   # ours\n  match: \"{job=~\\\"b+|50%\\\"}\"\n" + tail);
        QCOMPARE(changedTo("shop:9187"),
                 "- url: \"http://shop:9187/metrics\"\n" + tail); // no Prometheus any more
        QVERIFY(changedTo("http://prom:9090/federate?match[]={job=").find("selector") == std::string::npos);
        const auto more = targets::withTarget("", "t", targets::parseTargets(list, "t")->front());
        QVERIFY2(more, more ? "" : more.error().message.c_str());
        QVERIFY2(more->starts_with("- url: \"http://prom:9090\"\n  match: \"{job=\\\"shop\\\"}\"\n"),
                 more->c_str());
    }

    void aTargetInBracesIsWrittenAnewOrLeftAlone()
    {
        const std::string list = "# Ours.\n- {url: 'http://a/metrics', name: a}   # short\n- {url: "
                                 "'http://b/metrics', max_series: 7}\n";
        targets::TargetSpec a = targets::parseTargets(list, "t")->front();
        a.paused = true;
        const auto changed = targets::withChangedTarget(list, "t", "a", a);
        QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
        QCOMPARE(*changed, std::string("# Ours.\n- url: \"http://a/metrics\"\n  name: \"a\"\n  paused: yes\n"
                                       "- {url: 'http://b/metrics', max_series: 7}\n"));
        targets::TargetSpec b = targets::parseTargets(list, "t")->back();
        b.paused = true;
        QVERIFY(!targets::withChangedTarget(list, "t", "b", b)); // its limit would be lost
    }

    void anyListTakesOneMore_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("comments") << QByteArray("# Nobody yet.\n");
        QTest::newRow("an empty list") << QByteArray("# x\n[]\n");
        QTest::newRow("indented") << QByteArray("  - url: http://a/metrics\n    name: a");
        QTest::newRow("in braces") << QByteArray("- {url: 'http://a/metrics', name: a, max_series: 7}\n");
        QTest::newRow("wide dash") << QByteArray("-   url: http://a/metrics\n    name: a\n");
        QTest::newRow("DOS line ends") << QByteArray("- url: http://a/metrics\r\n  name: a\r\n");
    }
    void anyListTakesOneMore()
    {
        QFETCH(QByteArray, list);
        targets::TargetSpec spec;
        spec.url = "https://new:1/x";
        spec.name = "a \"quoted\": name # no comment";
        spec.tags = {"one", "a, b", "]"};
        spec.color = "#12ab34";
        spec.secret = "keyring:target-new";
        spec.user = "me";
        spec.paused = true;
        spec.timeout = 1500ms;
        const auto more = targets::withTarget(list.toStdString(), "t", spec);
        QVERIFY2(more, more ? "" : more.error().message.c_str());
        const auto read = targets::parseTargets(*more, "t");
        QVERIFY(read && read->back() == spec);
        QVERIFY(!targets::withTarget(*more, "t", spec)); // the name is taken now
        const auto gone = targets::withoutTarget(*more, "t", spec.name);
        QVERIFY(gone && targets::parseTargets(*gone, "t")->size() == read->size() - 1);
    }

    void whatCannotBeChangedLineByLineIsLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::newRow("broken") << QByteArray("- url: http://a/metrics\n  speed: 1\n");
        QTest::newRow("no list") << QByteArray("url: http://a/metrics\n");
        QTest::newRow("in braces over lines") << QByteArray("- {url: 'http://a/metrics',\n- name: a}\n");
        QTest::newRow("in brackets") << QByteArray("[{url: 'http://a/metrics', name: a}]\n");
        QTest::newRow("a dash alone") << QByteArray("-\n  url: http://a/metrics\n  name: a\n");
        QTest::newRow("an anchor") << QByteArray("- &x\n  url: http://a/metrics\n  name: a\n");
        QTest::newRow("bytes") << QByteArray("- \xff\xfe\n\0", 7);
    }
    void whatCannotBeChangedLineByLineIsLeftAlone()
    {
        QFETCH(QByteArray, list);
        targets::TargetSpec spec;
        spec.url = "http://b/metrics";
        spec.name = "b";
        const std::string text = list.toStdString();
        for (const auto& changed :
             {targets::withTarget(text, "t.yml", spec), targets::withChangedTarget(text, "t.yml", "a", spec),
              targets::withoutTarget(text, "t.yml", "a")}) {
            QVERIFY(!changed);
            QVERIFY2(changed.error().message.starts_with("t.yml:"), changed.error().message.c_str());
        }
    }

    void whatIsPastedIsTakenApart_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("secret");
        QTest::newRow("host and port") << "shop:9187"
                                       << "http://shop:9187/metrics"
                                       << ""
                                       << "";
        QTest::newRow("a user") << " https://me:p%40ss@shop/x "
                                << "https://shop/x"
                                << "me"
                                << "p@ss";
        QTest::newRow("a console") << "postgresql://stats@db:6432/pgbouncer?sslmode=require"
                                   << "pgbouncer://db:6432"
                                   << "stats"
                                   << "";
        QTest::newRow("libpq's other way") << "postgres://db/pgbouncer"
                                           << "pgbouncer://db"
                                           << ""
                                           << "";
        QTest::newRow("nothing") << " "
                                 << "http:///metrics"
                                 << ""
                                 << "";
        QTest::newRow("IPv6") << "http://[::1]:9187"
                              << "http://[::1]:9187/metrics"
                              << ""
                              << "";
    }
    void whatIsPastedIsTakenApart()
    {
        QFETCH(QString, typed);
        const auto pasted = targets::pastedTarget(typed.toStdString());
        QTEST(QString::fromStdString(pasted.url), "url");
        QTEST(QString::fromStdString(pasted.user), "user");
        QTEST(QString::fromStdString(pasted.secret), "secret");
    }
};

QTEST_GUILESS_MAIN(TargetFileTest)
#include "tst_target_file.moc"
