// An Alertmanager's configuration: what becomes of it here, and that what does not is said.
#include "monitor/alert/alertmanager_config.h"
#include "monitor/alert/inhibition_import.h"
#include "monitor/alert/rule_file.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace {

constexpr const char* kConfig = R"(
global:
  smtp_smarthost: mail.example.org:587
  smtp_from: alerts@example.org
  smtp_auth_username: alerts
  smtp_auth_password: canary-mail
  slack_api_url: https://hooks.slack.example/services/canary-slack
templates: ['/etc/alertmanager/*.tmpl']
route:
  receiver: team
  group_by: [alertname, pool]
  group_wait: 10s
  repeat_interval: 3h
  routes:
    - receiver: pager
      matchers: ['severity="critical"']
      group_wait: 0s
    - receiver: web-team
      matchers: [team="web", 'env=~"prod|stage"']
      mute_time_intervals: [nights]
    - receiver: night-quiet
      match: {severity: critical}
      mute_time_intervals: [nights, weekends]
time_intervals:
  - name: nights
    time_intervals:
      - times: [{start_time: "22:00", end_time: "24:00"}, {start_time: "00:00", end_time: "06:30"}]
  - name: weekends
    time_intervals:
      - weekdays: [saturday, sunday]
inhibit_rules:
  - source_matchers: ['alertname="DatabaseDown"']
    target_matchers: ['team="db"']
    equal: [pool]
  - source_match: {severity: critical}
    target_match_re: {severity: 'warning|info'}
    equal: [alertname]
  - source_matchers: ['alertname="Nobody"']
    target_matchers: ['alertname="NobodyElse"']
receivers:
  - name: team
    email_configs:
      - to: 'a@example.org, b@example.org'
        headers: {Subject: x}
    slack_configs:
      - channel: '#db'
        send_resolved: true
        title: '{{ .CommonLabels.alertname }}'
  - name: pager
    webhook_configs:
      - url: https://pager.example.org/hook
        max_alerts: 5
        http_config: {authorization: {credentials: canary-token}}
    pagerduty_configs:
      - routing_key: canary-pagerduty
  - name: web-team
    webhook_configs: [{url: 'http://web.example.org/'}]
  - name: night-quiet
    webhook_configs: [{url: 'http://night.example.org/'}]
  - name: 'nobody / calls'
    webhook_configs: [{url: 'http://unused.example.org/'}]
)";

constexpr const char* kRules = R"(groups:
- name: g
  rules:
  - {alert: DatabaseDown, expr: up == 0, labels: {severity: critical, team: db}}
  - {alert: Slow, expr: up > 1, labels: {severity: warning, team: db}, annotations: {poolscope_inhibited_by: Master}}
  - {alert: Web, expr: up > 2, labels: {team: web}}
  - {alert: Templated, expr: up > 2, labels: {team: '{{ $labels.team }}'}}
)";

const metrics::ChannelSetup& named(const alert::AlertmanagerConfig& config, const std::string& name)
{
    static const metrics::ChannelSetup kNone;
    const auto at = std::ranges::find_if(config.channels, [&](const auto& one) { return one.setup.name == name; });
    return at != config.channels.end() ? at->setup : kNone;
}

bool says(const std::vector<std::string>& lines, const std::string& part)
{
    return std::ranges::any_of(lines, [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

} // namespace

class TstAlertmanagerConfig final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void amtoolAcceptsWhatWeTryOn()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("am.yml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(kConfig);
        file.close();
        QProcess amtool;
        amtool.start(qEnvironmentVariable("POOLSCOPE_AMTOOL", "amtool"), {"check-config", file.fileName()});
        QVERIFY2(amtool.waitForStarted(), "amtool (Debian's prometheus-alertmanager) is needed");
        amtool.waitForFinished();
        QVERIFY2(amtool.exitCode() == 0, amtool.readAllStandardError().constData());
    }

    void receiversBecomeChannels()
    {
        const auto config = alert::readAlertmanagerConfig(kConfig);
        QVERIFY2(config, config ? "" : config.error().message.c_str());
        QCOMPARE(config->channels.size(), std::size_t{6});
        const auto& mail = named(*config, "team");
        QCOMPARE(mail.kind, std::string("email"));
        QVERIFY(mail.settings.at("to") == (std::vector<std::string>{"a@example.org", "b@example.org"}));
        QVERIFY(mail.settings.at("host") == std::vector<std::string>{"mail.example.org"});
        QVERIFY(mail.settings.at("security") == std::vector<std::string>{"starttls"});
        QVERIFY(mail.groupBy == (std::vector<std::string>{"alertname", "pool"}));
        QVERIFY(mail.groupWait == std::chrono::seconds(10));
        QVERIFY(mail.repeatInterval == std::chrono::hours(3));
        QVERIFY(!mail.sendResolved && mail.enabled);
        const auto& slack = named(*config, "team-2");
        QCOMPARE(slack.kind, std::string("slack"));
        QVERIFY(slack.sendResolved);
        const auto& pager = named(*config, "pager");
        QCOMPARE(pager.minSeverity, metrics::Severity::Critical);
        QVERIFY(pager.groupWait == std::chrono::seconds(0));
        QVERIFY(pager.enabled && pager.sendResolved);
        const auto& night = named(*config, "night-quiet");
        QVERIFY(night.quiet.has_value());
        QCOMPARE(night.quiet->from, 22 * 60);
        QCOMPARE(night.quiet->to, 6 * 60 + 30);
    }

    void whatDoesNotFitIsSaidAndNothingHearsMoreThanBefore()
    {
        const auto config = alert::readAlertmanagerConfig(kConfig);
        QVERIFY(!named(*config, "web-team").enabled);
        QVERIFY(!named(*config, "nobody---calls").enabled);
        for (const char* part : {"templates", "pagerduty_configs are not known", "team=\"web\"", "time interval weekends",
                                 "slack: title is not taken", "email: headers is not taken", "no route leads"}) {
            QVERIFY2(says(config->left, part), part);
        }
    }

    void secretsStandWhereSecretsBelong()
    {
        const auto config = alert::readAlertmanagerConfig(kConfig);
        int secrets = 0;
        for (const auto& channel : config->channels) {
            secrets += static_cast<int>(channel.secrets.size());
            for (const auto& [name, values] : channel.setup.settings) {
                QVERIFY2(!says(values, "canary"), name.c_str());
            }
        }
        QCOMPARE(secrets, 3);
        QVERIFY(!says(config->left, "canary"));
    }

    void inhibitionBecomesWhatOurRulesSay()
    {
        const auto config = alert::readAlertmanagerConfig(kConfig);
        QCOMPARE(config->inhibitions.size(), std::size_t{3});
        const auto rules = alert::parseRuleFile(kRules, "r.yml");
        QVERIFY(rules.has_value());
        const auto found = alert::inhibitionEdits(config->inhibitions, {*rules});
        QCOMPARE(found.edits.size(), std::size_t{1});
        QCOMPARE(found.edits.front().rule.name, std::string("Slow"));
        QCOMPARE(metrics::entryOf(found.edits.front().draft.annotations, "poolscope_inhibited_by"),
                 std::string("DatabaseDown, Master"));
        QVERIFY(says(found.left, "its own name") || says(found.left, "own name"));
        QVERIFY(says(found.left, "concerns no rule"));
    }

    void whatIsNoConfigurationIsRefused_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a word") << QByteArray("hello");
        QTest::newRow("rules") << QByteArray("groups: []");
        QTest::newRow("no receivers") << QByteArray("route: {receiver: a}");
        QTest::newRow("cut off") << QByteArray(kConfig).left(QByteArray(kConfig).indexOf("pagerduty")) + "['";
        QTest::newRow("route is a list") << QByteArray("route: []\nreceivers: []");
        QTest::newRow("bad matcher") << QByteArray("route: {receiver: a, matchers: ['=']}\nreceivers: [{name: a}]");
        QTest::newRow("bad duration") << QByteArray("route: {receiver: a, group_wait: soon}\nreceivers: [{name: a}]");
        QTest::newRow("receiver is a word") << QByteArray("route: {receiver: a}\nreceivers: [a]");
        QTest::newRow("integration is a word")
            << QByteArray("route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [a]}]");
        QTest::newRow("bytes") << QByteArray("\xff\xfe\x00\x01route:", 10);
        QTest::newRow("tabs") << QByteArray("route:\n\treceiver: a");
        QByteArray deep = "route: {receiver: a, routes: [";
        for (int i = 0; i < 60; ++i) {
            deep += "{routes: [";
        }
        for (int i = 0; i < 60; ++i) {
            deep += "]}";
        }
        QTest::newRow("deep") << deep + "]}\nreceivers: [{name: a}]";
        QTest::newRow("large") << QByteArray((1 << 20) + 1, '#');
    }

    void whatIsNoConfigurationIsRefused()
    {
        QFETCH(QByteArray, yaml);
        const auto config = alert::readAlertmanagerConfig({yaml.constData(), static_cast<std::size_t>(yaml.size())});
        QVERIFY(!config.has_value());
        QVERIFY(!config.error().message.empty());
        QVERIFY(config.error().message.find('\n') == std::string::npos);
    }

    void filesAreToldApart()
    {
        QVERIFY(alert::looksLikeAlertmanagerConfig(kConfig));
        QVERIFY(!alert::looksLikeAlertmanagerConfig(kRules));
        QVERIFY(!alert::looksLikeAlertmanagerConfig(""));
    }
};

QTEST_GUILESS_MAIN(TstAlertmanagerConfig)
#include "tst_alertmanager_config.moc"
