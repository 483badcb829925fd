#include "monitor/engine/config.h"
#include "monitor/engine/pool_knobs.h"
#include "monitor/pool/config_changes.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;

class ConfigTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path fileWith(const QByteArray& text)
    {
        QFile file(m_folder.filePath("config.yml"));
        if (!file.open(QIODevice::WriteOnly)) {
            qFatal("cannot write");
        }
        file.write(text);
        return m_folder.filePath("config.yml").toStdString();
    }

private Q_SLOTS:
    void everySettingIsRead()
    {
        engine::Config config;
        const auto read = engine::readConfigFile(fileWith("dsn: host=db.example dbname=app\n"
                                                          "listen: '[::1]:9000'\n"
                                                          "allowed_hosts: [console.example, db]\n"
                                                          "interval: 250ms\n"
                                                          "lang: zh_CN\n"
                                                          "rules: more.yml\n"
                                                          "pool:\n  pool_size: 12\n  pool_timeout: 5s\n  pre_ping: off\n"),
                                                 config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(!config.embedded);
        QCOMPARE(config.server.get("host"), std::string_view("db.example"));
        QCOMPARE(config.listen->host, std::string("::1"));
        QCOMPARE(config.listen->port, std::uint16_t(9000));
        QCOMPARE(config.allowedHosts.size(), std::size_t(2));
        QCOMPARE(config.interval, core::Nanos(250ms));
        QCOMPARE(config.lang, core::Lang::Chinese);
        QCOMPARE(config.ruleFiles.size(), std::size_t(1));
        QCOMPARE(config.pool.size, 12);
        QCOMPARE(config.pool.timeout, core::Nanos(5s));
        QVERIFY(!config.pool.prePing);
    }

    void targetsAreReadAndTheirMistakesNamedWithTheirLine()
    {
        engine::Config config;
        const auto read = engine::readConfigFile(fileWith("targets:\n  - url: http://shop:9187/metrics\n    environment: production\n"
                                                          "dns_sd_configs:\n  - names: [_pg._tcp.db.example]\n    refresh_interval: 10s\n"
                                                          "  - {names: db.example, type: A, port: 9187, tags: x}\n"
                                                          "memory_series: 30000\n"),
                                                 config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(config.targets.front().name, std::string("shop:9187"));
        QCOMPARE(config.targetNames.size(), std::size_t(2));
        QCOMPARE(config.targetNames.front().refresh, core::Nanos(10s));
        QCOMPARE(config.targetNames.back().port, std::uint16_t(9187));
        QCOMPARE(config.memorySeries, std::size_t(30'000));
        const auto refused = [&](const QByteArray& text, const char* reason) {
            const auto again = engine::readConfigFile(fileWith(text), config);
            return !again && again.error().message.find(reason) != std::string::npos;
        };
        QVERIFY(refused("lang: en\ntargets:\n  - url: http://a/metrics\n    speed: 1\n", "config.yml:4: targets: unknown setting"));
        QVERIFY(refused("targets:\n  - url: http://a/metrics\n    password: kanarienvogel\n", "config.yml:3: targets: no secrets"));
        QVERIFY(refused("dns_sd_configs:\n  - {names: a, type: TXT}\n", "config.yml:2: dns_sd_configs: type"));
        QVERIFY(refused("dns_sd_configs:\n  - {names: a, type: A}\n", "config.yml:2: dns_sd_configs: port:"));
        QVERIFY(refused("dns_sd_configs:\n  - {names: 'a b'}\n", "config.yml:2: dns_sd_configs: names:"));
        QVERIFY(refused("memory_series: 12\n", "config.yml:1:"));
    }

    void theHistoryIsRead()
    {
        engine::Config config;
        QVERIFY(config.history.on);
        QVERIFY(engine::readConfigFile(fileWith("history: off\n"), config));
        QVERIFY(!config.history.on);
        const auto read = engine::readConfigFile(fileWith("history:\n  file: /data/h.db\n  raw: 2d\n  minutes: 30d\n"
                                                          "  hours: 365d\n  max_size: 500 MiB\n"),
                                                 config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(config.history.on);
        QCOMPARE(config.history.file, std::filesystem::path("/data/h.db"));
        QCOMPARE(config.history.retention.raw, core::Nanos(48h));
        QCOMPARE(config.history.retention.minutes, core::Nanos(24h * 30));
        QCOMPARE(config.history.retention.hours, core::Nanos(24h * 365));
        QCOMPARE(config.history.retention.maxBytes, std::uint64_t(500) << 20);
    }

    void theBlackBoxIsRead()
    {
        engine::Config config;
        QVERIFY(config.blackBox.on && config.blackBox.onIncident);
        QVERIFY(engine::readConfigFile(fileWith("black_box: off\n"), config));
        QVERIFY(!config.blackBox.on);
        const auto read = engine::readConfigFile(fileWith("black_box:\n  keep: 30m\n  folder: /data/r\n  max_size: 8MiB\n"
                                                          "  on_incident: off\n  incidents: 3\n  incidents_size: 1 GiB\n"),
                                                 config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(config.blackBox.on);
        QVERIFY(!config.blackBox.onIncident);
        QCOMPARE(config.blackBox.keep, core::Nanos(30min));
        QCOMPARE(config.blackBox.folder, std::filesystem::path("/data/r"));
        QCOMPARE(config.blackBox.maxBytes, std::uint64_t{8} << 20);
        QCOMPARE(config.blackBox.incidents, std::size_t{3});
        QCOMPARE(config.blackBox.incidentBytes, std::uint64_t{1} << 30);
        for (const char* bad : {"black_box:\n  keep: 3h\n", "black_box:\n  keep: 1s\n", "black_box:\n  max_size: 12\n",
                                "black_box:\n  incidents: 0\n", "black_box:\n  incidents: many\n", "black_box:\n  kep: 5m\n",
                                "black_box: [a]\n", "black_box:\n  max_size: -1GiB\n"}) {
            const auto refused = engine::readConfigFile(fileWith(bad), config);
            QVERIFY2(!refused, bad);
            QVERIFY2(refused.error().message.find("config.yml:") != std::string::npos, refused.error().message.c_str());
        }
        QCOMPARE(config.blackBox.keep, core::Nanos(30min));
    }

    void watchedLogsAreRead()
    {
        engine::Config config;
        const auto read = engine::readConfigFile(fileWith("logs:\n"
                                                          "  - name: app\n    path: /var/log/app.log\n"
                                                          "    encoding: GBK\n    errors: 'E[0-9]+'\n"
                                                          "    session_created: opened\n    session_closed: closed\n"
                                                          "    session_failed: broke\n    session_key: 's=(\\w+)'\n"
                                                          "    leak_after: 5m\n"
                                                          "  - {name: other, path: /x}\n"),
                                                 config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(config.logs.size(), std::size_t(2));
        const collect::LogSpec wanted{"app",    "/var/log/app.log", "GBK",    "E[0-9]+", "s=(\\w+)",
                                      "opened", "closed",           "broke", core::Nanos(5min)};
        QVERIFY(config.logs[0] == wanted);
        QVERIFY(config.logs[1] == (collect::LogSpec{"other", "/x"}));
    }

    void responsesAreRead()
    {
        engine::Config config;
        const auto read = engine::readConfigFile(
            fileWith("respond:\n"
                     "  degrade: {enabled: on, dry_run: off, alerts: [A, B], most_level: 2, step_up_after: 10s,\n"
                     "            step_down_after: 2m, background_places: 3, normal_places: 20, cache_age: 5s}\n"
                     "  scale_out:\n    enabled: on\n    dry_run: on\n    alerts: C\n    minimum: 2\n    maximum: 8\n"
                     "    step: 2\n    cool_down: 1m\n    deadline: 20m\n"
                     "    kubernetes: {namespace: shop, name: app, kind: statefulset, api: 'https://k:6443', token_file: /t}\n"),
            config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        const respond::DegradeConfig degrade{true, false, {"A", "B"}, 2, 10s, 2min, 3, 20, 5s};
        QVERIFY(config.degrade == degrade);
        QVERIFY(config.scaleOut.enabled && config.scaleOut.dryRun && config.scaleOut.alerts == std::vector<std::string>{"C"});
        QCOMPARE(config.scaleOut.maximum, 8);
        const respond::KubernetesTarget target{"shop", "app", "statefulset", "https://k:6443", "/t"};
        QVERIFY(std::get<respond::KubernetesTarget>(config.scaleOut.target) == target);
    }
    void responsesAreOffUntilConfigured()
    {
        const engine::Config config;
        QVERIFY(!config.degrade.enabled && config.degrade.dryRun);
        QVERIFY(!config.scaleOut.enabled && config.scaleOut.dryRun);
    }
    void alertmanagersAreRead()
    {
        engine::Config config;
        const auto read = engine::readConfigFile(fileWith("alertmanager:\n  peers: [https://am-1:9093, https://am-2/am]\n"
                                                          "  token: keyring:am\n  interval: 30s\n  timeout: 500ms\n"),
                                                 config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(config.alertmanager.peers.size(), std::size_t(2));
        QCOMPARE(config.alertmanager.token, std::string("keyring:am"));
        QCOMPARE(config.alertmanager.interval, core::Nanos(30s));
        QCOMPARE(config.alertmanager.timeout, core::Nanos(500ms));
    }
    // Every commented line of the sections, switched on, is a sound configuration.
    void theCommentedDefaultsAreSound()
    {
        QString text = QString::fromStdString(engine::defaultConfigText());
        const qsizetype logs = text.indexOf("#logs:");
        QVERIFY(logs > 0);
        QStringList lines = text.mid(logs).split('\n');
        for (QString& line : lines) {
            static const QRegularExpression setting("^# *(- )?[a-z_]+:");
            if (setting.match(line).hasMatch()) {
                line.remove(0, 1);
            }
        }
        engine::Config config;
        const auto read = engine::readConfigFile(fileWith(lines.join('\n').toUtf8()), config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(config.logs.size(), std::size_t(1));
        QVERIFY(config.degrade.enabled && config.scaleOut.enabled);
        QCOMPARE(config.alertmanager.peers.size(), std::size_t(2));
    }

    void badFilesNameLineAndReasonAndChangeNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* text, const char* reason) {
            QTest::newRow(name) << QByteArray(text) << QString(reason);
        };
        row("unknown setting", "interval: 2s\nintervall: 1s\n", ":2: unknown setting \"intervall\"");
        row("history too short", "history:\n  raw: 5m\n", ":2: history: less than an hour");
        row("history of no size", "history:\n  raw: 7d\n  max_size: lots\n", ":3: history: \"lots\" is no size");
        row("history too small", "history:\n  max_size: 1MiB\n", "16MiB");
        row("history unknown", "history:\n  days: 7\n", ":2: history: unknown setting");
        row("not a map", "- a\n- b\n", ":1: settings by name");
        row("broken yaml", "a: [1, 2\n", ":2:");
        row("interval too short", "interval: 2s\n\ninterval: 1ms\n", "interval");
        row("port out of range", "listen: 127.0.0.1:70000\n", ":1: \"127.0.0.1:70000\" is no address");
        row("negative span", "interval: -1s\n", "is no time span");
        row("unknown pool setting", "pool:\n  size: 3\n", ":2: unknown pool setting \"size\"");
        row("pool setting out of range", "pool:\n  pool_size: 3\n  pool_timeout: 1e9\n", ":3:");
        row("list where a value belongs", "lang: [en]\n", ":1: a single value is expected");
        row("logs no list", "logs: /x\n", ":1: logs: a list of files");
        row("log without a path", "logs:\n  - name: app\n", ":2: logs: path:");
        row("log with a bad name", "logs:\n  - name: 'a b'\n    path: /x\n", ":2: logs: name:");
        row("log twice", "logs:\n  - {name: a, path: /x}\n  - {name: a, path: /y}\n", ":3: logs: the name \"a\" is taken");
        row("log named as our own", "logs:\n  - {name: poolscope, path: /x}\n", ":2: logs: the name");
        row("log in an unknown encoding", "logs:\n  - {name: a, path: /x, encoding: klingon}\n", ":2: logs: unknown encoding");
        row("log with a broken expression", "logs:\n  - name: a\n    path: /x\n    errors: '('\n", ":2: logs: errors:");
        row("log with an unknown setting", "logs:\n  - name: a\n    pth: /x\n", ":3: logs: unknown setting \"pth\"");
        row("log with a bad span", "logs:\n  - name: a\n    path: /x\n    leak_after: soon\n", ":4: \"soon\" is no time span");
        row("unknown response", "respond:\n  heal: on\n", ":2: respond: unknown setting \"heal\"");
        row("degrade out of range", "respond:\n  degrade:\n    most_level: 7\n", ":3: degrade: most_level");
        row("no switch", "respond:\n  degrade: {enabled: perhaps}\n", ":2: on or off is expected");
        row("scale-out without a target", "respond:\n  scale_out: {enabled: on}\n", ":2: scale_out: a target is missing");
        row("two targets", "respond:\n  scale_out:\n    webhook: {url: 'https://a/'}\n    command: {run: [/a]}\n",
            ":4: scale_out: one target only");
        row("credentials in a hook", "respond:\n  scale_out:\n    webhook: {url: 'https://a:secret@b/'}\n",
            ":3: webhook: credentials do not belong");
        row("token over http", "respond:\n  scale_out:\n    webhook: {url: 'http://b/', token_file: /t}\n",
            ":3: webhook: a token is sent over https only");
        row("path as a name", "respond:\n  scale_out:\n    kubernetes: {namespace: a, name: ../b}\n",
            ":3: kubernetes: namespace and name");
        row("limits crossed", "respond:\n  scale_out: {minimum: 5, maximum: 2}\n", ":2: scale_out: minimum and maximum");
        row("relative program", "respond:\n  scale_out:\n    command: {run: [scale.sh]}\n", ":3: command: run: the absolute path");
        row("Alertmanager twice", "alertmanager:\n  peers: [http://a:1, 'http://a:1/']\n", ":2: alertmanager: \"http://a:1/\" is named twice");
        row("Alertmanager nowhere", "alertmanager:\n  interval: 5s\n  peers: [am]\n", ":3: alertmanager: \"am\" is no address");
        row("Alertmanager's token in clear", "alertmanager:\n  token: secret-itself\n", ":2: alertmanager: passwords and tokens");
        row("Alertmanager's token over http", "alertmanager:\n  peers: [http://am:9093]\n  token: env:T\n", ":2: alertmanager: \"http://am:9093\" would");
        row("Alertmanager too often", "alertmanager:\n  peers: [http://a:1]\n  interval: 1ms\n", "interval must be");
        row("Alertmanager unknown", "alertmanager:\n  urls: [http://a:1]\n", ":2: alertmanager: unknown setting \"urls\"");
        row("password", "dsn: host=a password=secret\n", ":1:");
    }
    void badFilesNameLineAndReasonAndChangeNothing()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, reason);
        engine::Config config;
        config.interval = 7s;
        const auto read = engine::readConfigFile(fileWith(text), config);
        QVERIFY(!read);
        const QString message = QString::fromStdString(read.error().message);
        QVERIFY2(message.contains(reason), qPrintable(message));
        QVERIFY(!message.contains("secret"));
        QCOMPARE(config.interval, core::Nanos(7s));
        QVERIFY(config.embedded);
    }

    void missingFileIsAnError()
    {
        engine::Config config;
        QVERIFY(!engine::readConfigFile("/nonexistent/config.yml", config));
    }

    void printedDefaultsAreTheDefaults()
    {
        engine::Config config;
        QVERIFY(engine::readConfigFile(fileWith(QByteArray::fromStdString(engine::defaultConfigText())), config));
        QVERIFY(config.pool == pool::PoolConfig{});
        QCOMPARE(config.interval, core::Nanos(1s));
    }

    void knobsAreChangedTogetherOrNotAtAll()
    {
        const pool::PoolConfig base;
        const auto changed = engine::withKnobs(base, {{"pool_size", 3}, {"pool_timeout", 0.25}});
        QVERIFY(changed);
        QCOMPARE(changed->size, 3);
        QCOMPARE(changed->timeout, core::Nanos(250ms));
        QCOMPARE(pool::changesOf(base, *changed), std::string("pool_size 10 → 3, pool_timeout 30 s → 0.25 s"));
        QVERIFY(!engine::withKnobs(base, {{"pool_size", 3}, {"no_such", 1}}));
        QVERIFY(!engine::withKnobs(base, {{"pool_size", std::nan("")}}));
        QVERIFY(!engine::withKnobs(base, {{"max_overflow", -2}}));
    }

    void spansAndAddresses()
    {
        QCOMPARE(*engine::parseSpan("1.5s"), core::Nanos(1500ms));
        QCOMPARE(*engine::parseSpan("2h"), core::Nanos(2h));
        for (const char* bad : {"", "s", "1 s", "1y", "nan", "inf", "-1", "1e300d"}) {
            QVERIFY2(!engine::parseSpan(bad), bad);
        }
        QCOMPARE(engine::parseListen("localhost:0")->port, std::uint16_t(0));
        for (const char* bad : {"", ":", ":80", "8000", "::1:80", "[::1]", "a:b", "a:-1", "a:80x"}) {
            QVERIFY2(!engine::parseListen(bad), bad);
        }
    }

    void prometheusServersAndRemoteWriteAreRead()
    {
        engine::Config config;
        const auto read = engine::readConfigFile(fileWith("prometheus:\n  - url: http://prom.example:9090/prometheus/\n    tenant: a\n"
                                                          "    interval: 5s\nremote_write:\n  url: https://x.example/api/v1/write\n"
                                                          "  external_labels: {console: me}\n"),
                                                 config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(config.servers.size(), 1U);
        QCOMPARE(config.servers[0].name, std::string("prom.example:9090/prometheus"));
        QVERIFY(config.remoteWrite && config.remoteWrite->external == (metrics::Labels{{"console", "me"}}));
    }

    void theOwnSeriesOnAServerAreThoseMatchedOrPushed()
    {
        engine::Config config;
        const auto read = engine::readConfigFile(
            fileWith("prometheus:\n  - url: http://a.example:9090\n    match: {job: poolscope, instance: 'me:8000'}\n"
                     "  - url: https://x.example/prometheus\n  - url: https://y.example\n"
                     "remote_write:\n  url: https://x.example/api/v1/write\n  external_labels: {console: me}\n"),
            config);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(config.servers.at(0).match, (metrics::Labels{{"instance", "me:8000"}, {"job", "poolscope"}}));
        QCOMPARE(config.servers.at(1).match, (metrics::Labels{{"console", "me"}}));
        QVERIFY(config.servers.at(2).match.empty());
    }

    void badPrometheusSectionsNameTheirLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("line");
        QTest::newRow("no list") << QByteArray("prometheus: yes\n") << ":1:";
        QTest::newRow("a secret") << QByteArray("prometheus:\n  - url: http://h\n    password: x\n") << ":3:";
        QTest::newRow("an unknown name") << QByteArray("prometheus:\n  - url: http://h\n    ulr: x\n") << ":3:";
        QTest::newRow("no address") << QByteArray("prometheus:\n  - url: ftp://h\n") << ":2:";
        QTest::newRow("a name twice") << QByteArray("prometheus:\n  - url: http://h\n  - url: http://h\n") << ":3:";
        QTest::newRow("no label") << QByteArray("remote_write:\n  url: http://h\n  external_labels: {1a: x}\n") << ":3:";
        QTest::newRow("no match") << QByteArray("prometheus:\n  - url: http://h\n    match: {'a b': x}\n") << ":3:";
        QTest::newRow("push, no address") << QByteArray("remote_write: {external_labels: {a: b}}\n") << ":1:";
    }
    void badPrometheusSectionsNameTheirLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, line);
        engine::Config config;
        const auto read = engine::readConfigFile(fileWith(text), config);
        QVERIFY(!read);
        QVERIFY2(QString::fromStdString(read.error().message).contains(line), read.error().message.c_str());
        QVERIFY(config.servers.empty() && !config.remoteWrite);
    }
};

QTEST_GUILESS_MAIN(ConfigTest)
#include "tst_config.moc"
