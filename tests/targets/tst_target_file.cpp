// Targets in files: the configuration's list, and Prometheus' file discovery.
#include "monitor/targets/file_sd.h"
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
};

QTEST_GUILESS_MAIN(TargetFileTest)
#include "tst_target_file.moc"
