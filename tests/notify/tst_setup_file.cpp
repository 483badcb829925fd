#include "monitor/notify/mime.h"
#include "monitor/notify/setup_file.h"

#include <yaml-cpp/yaml.h>

#include <QTest>

using namespace std::chrono_literals;

namespace {

core::Result<notify::NotifyConfig, notify::SetupProblem> readText(const std::string& text)
{
    return notify::readNotify(YAML::Load(text)["notify"]);
}

} // namespace

class TstSetupFile final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWholeChannelIsRead()
    {
        const auto read = readText(R"(notify:
  external_url: https://console.example:8000/
  channels:
    - name: ops
      kind: email
      host: mail.example
      from: Pool <pool@example.com>
      to: [a@example.com, b@example.com]
      password: env:SMTP_PASSWORD
      group_by: [alertname, pool]
      group_wait: 10s
      repeat_interval: 1h
      min_severity: warning
      quiet_hours: {from: "22:00", to: "06:30", passes: critical}
      per_minute: 5
)");
        QVERIFY2(read, read ? "" : read.error().reason.c_str());
        QCOMPARE(read->externalUrl, std::string("https://console.example:8000"));
        const metrics::ChannelSetup& setup = read->channels.at(0);
        QCOMPARE(setup.groupBy, std::vector<std::string>({"alertname", "pool"}));
        QCOMPARE(setup.groupWait, core::Nanos(10s));
        QCOMPARE(*setup.repeatInterval, core::Nanos(1h));
        QCOMPARE(setup.settings.at("to").size(), 2U);
        QCOMPARE(setup.quiet->to, 390);
        QCOMPARE(setup.perMinute, 5);
    }

    void faultsAreNamedWithTheirLine_data()
    {
        QTest::addColumn<QByteArray>("channel");
        QTest::addColumn<int>("line"); // from 1
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, const char* channel, int line, const char* reason) {
            QTest::newRow(name) << QByteArray(channel) << line << QByteArray(reason);
        };
        row("no kind", "    - name: a\n", 3, "kind: one of");
        row("unknown kind", "    - name: a\n      kind: pigeon\n", 4, "alertmanager, command");
        row("unknown setting", "    - name: a\n      kind: slack\n      url: secret:u\n      colour: red\n",
            6, "no such setting");
        row("missing", "    - name: a\n      kind: webhook\n", 3, "url: is missing");
        row("a secret in the file",
            "    - name: a\n      kind: slack\n      url: https://hooks.slack.com/services/T/B/X\n", 5,
            "does not belong here");
        row("a password in a URL", "    - name: a\n      kind: webhook\n      url: http://u:p@host/\n", 5,
            "password");
        row("another scheme", "    - name: a\n      kind: webhook\n      url: file:///etc/passwd\n", 5,
            "http:// or https://");
        row("bad span", "    - name: a\n      kind: desktop\n      group_wait: soon\n", 5, "no time span");
        row("bad severity", "    - name: a\n      kind: desktop\n      min_severity: loud\n", 5,
            "info, warning or critical");
        row("bad time",
            "    - name: a\n      kind: desktop\n      quiet_hours: {from: \"25:00\", to: \"07:00\"}\n", 5,
            "no time of day");
        row("bad template", "    - name: a\n      kind: desktop\n      title_template: '{{ .Nope }}'\n", 3,
            "template");
        row("bad name", "    - name: a b\n      kind: desktop\n", 3, "letters");
        row("twice", "    - name: a\n      kind: desktop\n    - name: a\n      kind: desktop\n", 5,
            "two channels");
        row("a setting twice", "    - name: a\n      kind: desktop\n      kind: desktop\n", 5, "twice");
        row("a map for a value", "    - name: {a: b}\n", 3, "single value");
        row("a list of nothing", "    - \n", 4, "settings by name");
        row("deadline too long", "    - name: a\n      kind: desktop\n      deadline: 100d\n", 5, "deadline");
    }

    void faultsAreNamedWithTheirLine()
    {
        QFETCH(QByteArray, channel);
        QFETCH(int, line);
        QFETCH(QByteArray, reason);
        const auto read = readText("notify:\n  channels:\n" + channel.toStdString());
        QVERIFY(!read);
        QVERIFY2(read.error().reason.find(reason.toStdString()) != std::string::npos,
                 read.error().reason.c_str());
        QCOMPARE(read.error().line + 1, line);
    }

    void theCommentedDefaultsAreReadableOnceTheCommentsGo()
    {
        const std::string text = notify::notifyConfigText();
        QVERIFY(text.find("dingtalk") != std::string::npos);
        for (const QByteArray& line : QByteArray::fromStdString(text).split('\n')) {
            QVERIFY2(line.isEmpty() || line.startsWith('#'), line.constData());
        }
    }

    void headersOfMailBearAnyText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("plain") << QByteArray("[FIRING] HighPoolUsage");
        QTest::newRow("Chinese") << QByteArray(
            "告警：连接池使用率过高，请尽快处理，当前值 92.3 %，持续 5 分钟，影响全部业务");
        QTest::newRow("a header slipped in") << QByteArray("x\r\nBcc: evil@example.com");
        QTest::newRow("invalid") << QByteArray("\xff\xfe");
        QTest::newRow("looks encoded") << QByteArray("=?UTF-8?B?eA==?=");
        QTest::newRow("long") << QByteArray(5000, 'x');
        QTest::newRow("empty") << QByteArray();
    }

    void headersOfMailBearAnyText()
    {
        QFETCH(QByteArray, text);
        const QByteArray encoded = QByteArray::fromStdString(notify::encodedHeader(text.toStdString()));
        QByteArray decoded;
        for (const QByteArray& line : encoded.split('\n')) {
            const QByteArray word = line.trimmed();
            QVERIFY(word.size() <= 200);
            QVERIFY(line == word || line == " " + word || line == word + "\r" ||
                    line == " " + word + "\r"); // folded
            decoded +=
                word.startsWith("=?UTF-8?B?") ? QByteArray::fromBase64(word.mid(10, word.size() - 12)) : word;
        }
        QVERIFY(!decoded.contains('\n'));
        if (!text.contains('\n') && text.size() < 1000 && !text.contains('\xff')) {
            QCOMPARE(decoded, text);
        }
    }

    void addressesThatAreNone_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* bad : {"", "a", "a@", "@b", "a b@c", "a@b\r\nRCPT TO:<x@y>", "Name <a@b", "<a@b> x",
                                "a@b,c@d", "\"a\"@b"}) {
            QTest::newRow(*bad == '\0' ? "empty" : bad) << QByteArray(bad);
        }
    }

    void addressesThatAreNone()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!notify::addressOf(text.toStdString()));
    }
};

QTEST_GUILESS_MAIN(TstSetupFile)
#include "tst_setup_file.moc"
