// Which targets there are: the configuration's list, and Prometheus' discovery by files and by DNS.
#include "monitor/targets/dns_sd.h"
#include "monitor/targets/file_sd.h"
#include "monitor/targets/list_edit.h"
#include "monitor/targets/target_file.h"
#include "tests/support/dns_server.h"

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

    void namesAreLookedUp()
    {
        support::DnsServer server;
        server.answer([](const support::DnsAsked& asked) {
            if (asked.name != "_pg._tcp.db.example") {
                return support::dnsReply(asked, {}, 0, support::DnsCode::NoSuchName);
            }
            return support::dnsReply(asked,
                                     support::dnsRecord(33, support::dnsService(9188, "b.example")) +
                                         support::dnsRecord(33, support::dnsService(9187, "a.example")) +
                                         support::dnsRecord(33, support::dnsService(9187, "a.example")) +
                                         support::dnsRecord(33, support::dnsService(0, "")),
                                     4);
        });
        targets::DnsQuestion question;
        question.names = {"_pg._tcp.db.example"};
        const auto found = targets::lookUp(question.names.front(), question, server.address(), {});
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(*found, (std::vector<std::string>{"a.example:9187", "b.example:9188"}));
        const auto gone = targets::lookUp("gone.example.", question, server.address(), {});
        QVERIFY(gone && gone->empty()); // no such name is an answer
        question.type = targets::DnsQuestion::Type::A;
        question.port = 9187;
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(1, "\x0a\x01\x02\x03"), 1);
        });
        const auto addresses = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY(addresses && *addresses == std::vector<std::string>{"10.1.2.3:9187"});
        question.type = targets::DnsQuestion::Type::Aaaa;
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(28, std::string(15, '\0') + '\x01'), 1);
        });
        const auto six = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY(six && *six == std::vector<std::string>{"[::1]:9187"});
        question.type = targets::DnsQuestion::Type::Mx;
        server.answer([](const support::DnsAsked& asked) {
            const std::string preference("\0\x0a", 2);
            return support::dnsReply(asked,
                                     support::dnsRecord(15, preference + support::dnsName("mail.example")) +
                                         support::dnsRecord(15, preference + support::dnsName("a/../@evil")),
                                     2);
        });
        const auto mail = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY(mail && *mail == std::vector<std::string>{"mail.example:9187"});
        question.type = targets::DnsQuestion::Type::Ns;
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(2, support::dnsName("ns1.example")), 1);
        });
        const auto names = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY2(names && *names == std::vector<std::string>{"ns1.example:9187"},
                 names ? (names->empty() ? "none" : names->front().c_str()) : names.error().message.c_str());
    }

    void hostileAnswersAreErrors_data()
    {
        QTest::addColumn<int>("kind");
        const char* kinds[] = {"server failed",          "cut off in a record",
                               "truncated, and no TCP",  "a name that points at itself",
                               "counts without records", "a host that is none"};
        for (int i = 0; i < 6; ++i) {
            QTest::newRow(kinds[i]) << i;
        }
    }
    void hostileAnswersAreErrors()
    {
        QFETCH(int, kind);
        support::DnsServer server;
        server.answer([kind](const support::DnsAsked& asked) {
            const std::string record = support::dnsRecord(33, support::dnsService(9187, "a.example"));
            std::string reply = support::dnsReply(asked, record, kind == 4 ? 60'000 : 1);
            const std::size_t name = 12 + asked.question.size() + 12 + 6; // of the service's host
            switch (kind) {
            case 0:
                return support::dnsReply(asked, {}, 0, support::DnsCode::ServerFailed);
            case 1:
                reply.resize(reply.size() - 5);
                return reply;
            case 2:
                reply[2] = static_cast<char>(reply[2] | 0x02);
                return reply;
            case 3: {
                const std::string loop{static_cast<char>(0xc0 | (name >> 8U)),
                                       static_cast<char>(name & 0xffU)};
                return support::dnsReply(
                    asked, support::dnsRecord(33, support::dnsService(9187, "").substr(0, 6) + loop), 1);
            }
            case 5:
                return support::dnsReply(asked,
                                         support::dnsRecord(33, support::dnsService(9187, "a/../@evil")), 1);
            default:
                return reply;
            }
        });
        targets::DnsQuestion question;
        const auto found = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY(kind == 5 ? found && found->empty() : !found); // what is no host's name is left out
    }

    void withoutDnsWhatWasKnownStays()
    {
        support::DnsServer server;
        const auto one = [](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(33, support::dnsService(9187, "a.example")),
                                     1);
        };
        server.answer(one);
        targets::DnsQuestion question;
        question.names = {"db.example"};
        question.refresh = 1s;
        question.environment = "production";
        targets::DnsDiscovery discovery({question}, server.address());
        QTRY_COMPARE_WITH_TIMEOUT(discovery.targets().size(), std::size_t(1), 20'000);
        QVERIFY(discovery.refresh());
        QCOMPARE(discovery.targets().front().url, std::string("http://a.example:9187/metrics"));
        QCOMPARE(discovery.targets().front().tags, std::vector<std::string>{"dns=db.example"});
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, {}, 0, support::DnsCode::ServerFailed);
        });
        QTRY_VERIFY_WITH_TIMEOUT(!discovery.problems().empty(), 20'000);
        QVERIFY(!discovery.refresh());
        QCOMPARE(discovery.targets().size(), std::size_t(1));
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, {}, 0, support::DnsCode::NoSuchName);
        });
        QTRY_VERIFY_WITH_TIMEOUT(discovery.targets().empty(), 20'000);
        QVERIFY(discovery.refresh() && discovery.problems().empty());
        server.answer(
            [](const support::DnsAsked&) { return std::string(); }); // a hole: the end does not wait for it
        const int before = server.asked();
        QTRY_VERIFY_WITH_TIMEOUT(server.asked() > before, 20'000);
    }

    void otherQuestionsKeepWhatWasKnownOfThose()
    {
        support::DnsServer server;
        server.answer([](const support::DnsAsked& asked) {
            return asked.name == "a.example"
                       ? support::dnsReply(asked,
                                           support::dnsRecord(33, support::dnsService(1, "one.example")), 1)
                       : std::string();
        });
        targets::DnsQuestion known;
        known.names = {"a.example"};
        const targets::DnsDiscovery before({known}, server.address());
        QTRY_COMPARE_WITH_TIMEOUT(before.targets().size(), std::size_t(1), 20'000);
        server.answer([](const support::DnsAsked&) { return std::string(); });
        targets::DnsQuestion fresh;
        fresh.names = {"b.example"};
        targets::DnsDiscovery both({fresh, known}, before);
        QVERIFY(both.refresh());
        QCOMPARE(both.targets().size(), std::size_t(1));
        QCOMPARE(both.targets().front().tags, std::vector<std::string>{"dns=a.example"});
        targets::DnsDiscovery none({}, both);
        QVERIFY(none.refresh() && none.targets().empty());
    }
};

QTEST_GUILESS_MAIN(TargetFileTest)
#include "tst_target_file.moc"
