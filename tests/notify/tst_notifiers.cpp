// Each notifier against a real listener: seen to arrive, worth another try, refused.
#include "tests/notify/events.h"
#include "tests/support/fake_clock.h"
#include "tests/support/http_catcher.h"
#include "tests/support/smtp_catcher.h"

#include "monitor/notify/codec.h"
#include "monitor/notify/dingtalk_text.h"
#include "monitor/notify/http.h"
#include "monitor/notify/setup_check.h"

#include <QDateTime>
#include <nlohmann/json.hpp>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMessageAuthenticationCode>
#include <QTemporaryDir>
#include <QTest>

using notify::Delivery;
using Outcome = notify::Delivery::Outcome;
using namespace std::chrono_literals;

namespace {

using Settings = std::map<std::string, std::vector<std::string>>;

support::FakeClock& fakeClock()
{
    static support::FakeClock clock;
    return clock;
}

notify::Surroundings around()
{
    notify::Surroundings around;
    around.externalUrl = [] { return std::string("http://console:8000"); };
    around.clock = &fakeClock();
    return around;
}

// A channel with its secrets; aborts the test when it cannot be made.
notify::ReadyChannel ready(const std::string& kind, const Settings& settings,
                           const std::map<std::string, std::string>& secrets = {})
{
    metrics::ChannelSetup setup;
    setup.name = "ops";
    setup.kind = kind;
    setup.settings = settings;
    notify::Secrets known;
    for (const auto& [name, value] : secrets) {
        known.put(name, value);
    }
    auto made = notify::makeReady(setup, known, around());
    if (!made) {
        qFatal("%s", made.error().message.c_str());
    }
    return std::move(*made);
}

notify::Message message()
{
    const core::WallTime now = fakeClock().wallNow();
    notify::Message message;
    message.id = "ops-1";
    message.channel = "ops";
    message.groupKey = "{}:{alertname=\"HighPoolUsage\"}";
    message.groupLabels = {{"alertname", "HighPoolUsage"}};
    message.createdAt = now;
    for (const char* pool : {"a", "b"}) {
        message.alerts.push_back(notify::alertOf(support::event("HighPoolUsage", metrics::AlertTold::Fired,
                                                                now, metrics::Severity::Critical, pool)));
    }
    message.alerts.push_back(notify::alertOf(
        support::event("HighPoolUsage", metrics::AlertTold::Resolved, now, metrics::Severity::Warning, "c")));
    return message;
}

Delivery send(notify::ReadyChannel& channel)
{
    return channel.notifier->send(message(), std::stop_token());
}

QJsonDocument bodyOf(const support::HttpCatcher& catcher)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(catcher.requests().at(0).body));
}

} // namespace

class TstNotifiers final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWebhookBodyIsAlertmanagersVersionFour()
    {
        support::HttpCatcher catcher;
        auto channel = ready(
            "webhook", {{"url", {catcher.url("/hook")}}, {"token", {"secret:t"}}, {"max_alerts", {"2"}}},
            {{"t", "s3cret-token"}});
        QCOMPARE(send(channel).outcome, Outcome::Sent);
        const auto request = catcher.requests().at(0);
        QCOMPARE(request.method, std::string("POST"));
        QCOMPARE(request.path, std::string("/hook"));
        QCOMPARE(request.headers.at("authorization"), std::string("Bearer s3cret-token"));
        QCOMPARE(request.headers.at("content-type"), std::string("application/json"));
        QCOMPARE(request.headers.at("x-poolscope-message-id"), std::string("ops-1"));
        const QJsonObject body = bodyOf(catcher).object();
        QStringList keys = body.keys();
        QCOMPARE(keys, QStringList({"alerts", "commonAnnotations", "commonLabels", "externalURL", "groupKey",
                                    "groupLabels", "receiver", "status", "truncatedAlerts", "version"}));
        QCOMPARE(body["version"].toString(), "4");
        QCOMPARE(body["status"].toString(), "firing");
        QCOMPARE(body["receiver"].toString(), "ops");
        QCOMPARE(body["truncatedAlerts"].toInt(), 1);
        QCOMPARE(body["groupKey"].toString(), "{}:{alertname=\"HighPoolUsage\"}");
        QCOMPARE(body["commonLabels"].toObject()["alertname"].toString(), "HighPoolUsage");
        const QJsonObject alert = body["alerts"].toArray().at(0).toObject();
        QCOMPARE(alert.keys(), QStringList({"annotations", "endsAt", "fingerprint", "generatorURL", "labels",
                                            "startsAt", "status"}));
        QCOMPARE(alert["endsAt"].toString(), "0001-01-01T00:00:00Z");
        QCOMPARE(alert["fingerprint"].toString().size(), 16);
    }

    void answersOfWebServers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<int>("after"); // s, -1: none
        QTest::newRow("204") << 204 << QByteArray() << int(Outcome::Sent) << -1;
        QTest::newRow("301 is not followed")
            << 301 << QByteArray("Location: http://127.0.0.1:1/\r\n") << int(Outcome::Refused) << -1;
        QTest::newRow("400") << 400 << QByteArray() << int(Outcome::Refused) << -1;
        QTest::newRow("401") << 401 << QByteArray() << int(Outcome::Refused) << -1;
        QTest::newRow("404") << 404 << QByteArray() << int(Outcome::Refused) << -1;
        QTest::newRow("408") << 408 << QByteArray() << int(Outcome::Retry) << -1;
        QTest::newRow("429") << 429 << QByteArray("Retry-After: 17\r\n") << int(Outcome::Retry) << 17;
        QTest::newRow("500") << 500 << QByteArray() << int(Outcome::Retry) << -1;
        QTest::newRow("503 with nonsense")
            << 503 << QByteArray("Retry-After: soon\r\n") << int(Outcome::Retry) << -1;
        QTest::newRow("503 for ages")
            << 503 << QByteArray("Retry-After: 99999999999\r\n") << int(Outcome::Retry) << -1;
    }

    void answersOfWebServers()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, headers);
        QFETCH(int, outcome);
        QFETCH(int, after);
        support::HttpCatcher catcher;
        catcher.answer([&](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, status, headers.toStdString(),
                                          "why"};
        });
        for (const char* kind : {"webhook", "slack", "alertmanager"}) {
            const bool secret = std::string_view(kind) == "slack";
            const std::string url = secret ? "secret:u" : catcher.url();
            auto channel = ready(kind, {{std::string_view(kind) == "alertmanager" ? "urls" : "url", {url}}},
                                 {{"u", catcher.url("/T0")}});
            const Delivery delivery = send(channel);
            QCOMPARE(int(delivery.outcome), outcome);
            if (after >= 0) {
                QCOMPARE(delivery.retryAfter.value_or(0s), core::Nanos(std::chrono::seconds(after)));
            }
        }
    }

    void theNetworkIsWorthAnotherTry()
    {
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) { return support::CatcherAnswer{support::CatcherAnswer::Do::Reset}; });
        auto reset = ready("webhook", {{"url", {catcher.url()}}});
        QCOMPARE(send(reset).outcome, Outcome::Retry);
        auto closed = ready("webhook", {{"url", {"http://127.0.0.1:1/"}}});
        QCOMPARE(send(closed).outcome, Outcome::Retry);
        const notify::HttpPost post{catcher.url(), "{}"};
        catcher.answer([](std::size_t) { return support::CatcherAnswer{support::CatcherAnswer::Do::Hang}; });
        QElapsedTimer timer;
        timer.start();
        const auto replies = notify::postAll({&post, 1}, std::stop_token(), 300ms);
        QCOMPARE(replies.front().status, 0);
        QVERIFY(timer.elapsed() < 5000);
        std::stop_source stop;
        stop.request_stop();
        timer.restart();
        QCOMPARE(notify::postAll({&post, 1}, stop.get_token()).front().status, 0);
        QVERIFY(timer.elapsed() < 5000);
    }

    void slackIsToldInItsOwnWay()
    {
        support::HttpCatcher catcher;
        auto channel = ready("slack", {{"url", {"secret:hook"}}, {"username", {"pool <&>"}}},
                             {{"hook", catcher.url("/services/T000/B000/XXXXXXXXXXXXXXXXXXXXXXXX")}});
        QCOMPARE(send(channel).outcome, Outcome::Sent);
        const QJsonObject body = bodyOf(catcher).object();
        QVERIFY(body["text"].toString().contains("HighPoolUsage"));
        const QJsonObject attachment = body["attachments"].toArray().at(0).toObject();
        QCOMPARE(attachment["color"].toString(), "danger");
        QVERIFY(attachment["text"].toString().contains("92.3 %"));
    }

    void secretUrlsAreInNoError()
    {
        support::HttpCatcher catcher;
        const std::string path = "/services/T000/B000/XXXXXXXXXXXXXXXXXXXXXXXX";
        catcher.answer([&](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, 404, "", "no route for " + path};
        });
        auto channel = ready("slack", {{"url", {"secret:hook"}}}, {{"hook", catcher.url(path)}});
        const std::string error = channel.redact(send(channel).error);
        QVERIFY2(error.find("XXXX") == std::string::npos, error.c_str());
        QVERIFY2(error.find("***") != std::string::npos, error.c_str());
        notify::Redactor redact;
        redact.hide("p&ss w/rd");
        QCOMPARE(redact("a p&ss w/rd b p%26ss%20w%2Frd c " + notify::base64("p&ss w/rd")),
                 std::string("a *** b *** c ***"));
    }

    void dingTalksSignatureIsTheDocumentedOne()
    {
        // openssl dgst -sha256 -hmac SEC000 over "1795165927000\nSEC000", base64, percent-encoded.
        const std::string url =
            notify::signedUrl("https://oapi.dingtalk.com/robot/send?access_token=x", "SEC000", 1795165927000);
        const QByteArray sum =
            QMessageAuthenticationCode::hash("1795165927000\nSEC000", "SEC000", QCryptographicHash::Sha256);
        const QByteArray expected = sum.toBase64().toPercentEncoding();
        QCOMPARE(QByteArray::fromStdString(url),
                 "https://oapi.dingtalk.com/robot/send?access_token=x&timestamp=1795165927000&sign=" +
                     expected);
    }

    void dingTalksErrcodeInATwoHundredIsAFailure_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("outcome");
        QTest::newRow("ok") << QByteArray(R"({"errcode":0,"errmsg":"ok"})") << int(Outcome::Sent);
        QTest::newRow("keyword") << QByteArray(R"({"errcode":310000,"errmsg":"keywords not in content"})")
                                 << int(Outcome::Refused);
        QTest::newRow("too fast") << QByteArray(R"({"errcode":130101,"errmsg":"send too fast"})")
                                  << int(Outcome::Retry);
        QTest::newRow("busy") << QByteArray(R"({"errcode":-1,"errmsg":"busy"})") << int(Outcome::Retry);
        QTest::newRow("a proxy's page") << QByteArray("<html>") << int(Outcome::Retry);
        QTest::newRow("nothing") << QByteArray() << int(Outcome::Retry);
        QTest::newRow("a text for a number") << QByteArray(R"({"errcode":"0"})") << int(Outcome::Retry);
    }

    void dingTalksErrcodeInATwoHundredIsAFailure()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, outcome);
        support::HttpCatcher catcher;
        catcher.answer([&](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, 200, "", body.toStdString()};
        });
        auto channel = ready(
            "dingtalk",
            {{"url", {"secret:u"}},
             {"signing_key", {"secret:k"}},
             {"keyword", {"值班"}},
             {"at_mobiles", {"13800000000"}}},
            {{"u", catcher.url("/robot/send?access_token=abcdefghijklmnopqrstuvwxyz")}, {"k", "SECabc"}});
        QCOMPARE(int(send(channel).outcome), outcome);
        const auto request = catcher.requests().at(0);
        QVERIFY(request.path.starts_with(
            "/robot/send?access_token=abcdefghijklmnopqrstuvwxyz&timestamp=1795165927000&sign="));
        const QJsonObject sent = bodyOf(catcher).object();
        QCOMPARE(sent["msgtype"].toString(), "markdown");
        QVERIFY(sent["markdown"].toObject()["text"].toString().contains("值班"));
        QVERIFY(sent["markdown"].toObject()["text"].toString().contains("@13800000000"));
    }

    void dingTalksTextStaysBelowItsLimit()
    {
        notify::ChannelSettings settings;
        const auto body = notify::dingTalkBody({"t", std::string(60000, 'x')}, settings);
        QVERIFY(body.dump().size() < 20000);
    }

    void alertmanagerPeersAreAllTold()
    {
        support::HttpCatcher first;
        support::HttpCatcher second;
        second.answer([](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, 500};
        });
        auto channel = ready("alertmanager", {{"urls", {first.url(""), second.url("/")}}});
        const Delivery delivery = send(channel);
        QCOMPARE(delivery.outcome, Outcome::Sent); // one took it; the other hears it next minute
        QVERIFY(delivery.error.find("500") != std::string::npos);
        QCOMPARE(first.requests().at(0).path, std::string("/api/v2/alerts"));
        QCOMPARE(second.requests().at(0).path, std::string("/api/v2/alerts"));
        const QJsonArray alerts = bodyOf(first).array();
        QCOMPARE(alerts.size(), 3);
        const auto ends = QDateTime::fromString(alerts[0].toObject()["endsAt"].toString(), Qt::ISODateWithMs);
        QCOMPARE(ends.toMSecsSinceEpoch(), core::epochMillis(fakeClock().wallNow() + 4min));
        first.answer([](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, 503};
        });
        QCOMPARE(send(channel).outcome, Outcome::Retry);
    }

    void mailArrives_data()
    {
        QTest::addColumn<int>("security");
        QTest::addColumn<bool>("login");
        using S = support::SmtpOptions::Security;
        QTest::newRow("plain") << int(S::Plain) << false;
        QTest::newRow("plain with a login, to this machine") << int(S::Plain) << true;
        QTest::newRow("STARTTLS") << int(S::StartTls) << false;
        QTest::newRow("STARTTLS with a login") << int(S::StartTls) << true;
        QTest::newRow("TLS with a login") << int(S::Tls) << true;
    }

    void mailArrives()
    {
        QFETCH(int, security);
        QFETCH(bool, login);
        using S = support::SmtpOptions::Security;
        support::SmtpCatcher server(
            {static_cast<S>(security), login ? "poolscope" : "", login ? "pässword" : ""});
        static const std::map<int, std::string> kNames{
            {int(S::Plain), "plain"}, {int(S::StartTls), "starttls"}, {int(S::Tls), "tls"}};
        Settings settings{{"host", {"localhost"}},
                          {"port", {std::to_string(server.port())}},
                          {"security", {kNames.at(security)}},
                          {"from", {"连接池 <pool@example.com>"}},
                          {"to", {"a@example.com", "Ärger <b@example.com>", "c@example.com"}},
                          {"ca_file", {server.caFile().string()}}};
        if (login) {
            settings["user"] = {"poolscope"};
            settings["password"] = {"secret:p"};
        }
        auto channel = ready("email", settings, {{"p", "pässword"}});
        const Delivery delivery = send(channel);
        QVERIFY2(delivery.outcome == Outcome::Sent, delivery.error.c_str());
        QCOMPARE(server.mails().size(), 1U);
        const support::CaughtMail mail = server.mails().front();
        QCOMPARE(mail.from, std::string("pool@example.com"));
        QCOMPARE(mail.to, std::vector<std::string>({"a@example.com", "b@example.com", "c@example.com"}));
        QCOMPARE(mail.encrypted, static_cast<S>(security) != S::Plain);
        QCOMPARE(mail.user, std::string(login ? "poolscope" : ""));
        const QString data = QString::fromStdString(mail.data);
        QVERIFY(data.contains("From: =?UTF-8?B?"));
        QVERIFY(data.contains("Message-ID: <ops-1@example.com>"));
        QVERIFY(data.contains("multipart/alternative"));
        for (const QString& line : data.split("\r\n")) {
            QVERIFY2(line.size() <= 100, qPrintable(line));
        }
        const qsizetype text = data.indexOf("\r\n\r\n", data.indexOf("text/plain")) + 4;
        const QByteArray decoded =
            QByteArray::fromBase64(data.mid(text, data.indexOf("--poolscope", text) - text).toLatin1());
        QVERIFY2(decoded.contains("92.3 %"), decoded.constData());
    }

    void mailServersThatRefuse_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("outcome");
        QTest::newRow("greylisting") << QByteArray("451 later") << int(Outcome::Retry);
        QTest::newRow("nobody of that name") << QByteArray("550 unknown") << int(Outcome::Refused);
    }

    void mailServersThatRefuse()
    {
        QFETCH(QByteArray, answer);
        QFETCH(int, outcome);
        support::SmtpCatcher server({});
        server.answerRecipient([&](const std::string&, std::size_t) { return answer.toStdString(); });
        auto channel = ready("email", {{"host", {"127.0.0.1"}},
                                       {"port", {std::to_string(server.port())}},
                                       {"security", {"plain"}},
                                       {"from", {"pool@example.com"}},
                                       {"to", {"a@example.com"}}});
        const Delivery delivery = send(channel);
        QCOMPARE(int(delivery.outcome), outcome);
        QVERIFY2(!delivery.error.empty(), "");
    }

    void oneWrongRecipientKeepsNoOtherWaiting()
    {
        support::SmtpCatcher server({});
        server.answerRecipient([](const std::string& to, std::size_t) {
            return std::string(to.starts_with("bad") ? "550 unknown" : "250 ok");
        });
        auto channel = ready("email", {{"host", {"127.0.0.1"}},
                                       {"port", {std::to_string(server.port())}},
                                       {"security", {"plain"}},
                                       {"from", {"pool@example.com"}},
                                       {"to", {"bad@example.com", "a@example.com"}}});
        QCOMPARE(send(channel).outcome, Outcome::Sent);
        QCOMPARE(server.mails().front().to, std::vector<std::string>({"a@example.com"}));
    }

    void noPasswordGoesOutInTheClear()
    {
        support::SmtpCatcher server({support::SmtpOptions::Security::Plain, "poolscope", "password"});
        auto channel = ready("email",
                             {{"host", {"localhost"}},
                              {"port", {std::to_string(server.port())}},
                              {"user", {"poolscope"}},
                              {"password", {"secret:p"}},
                              {"from", {"pool@example.com"}},
                              {"to", {"a@example.com"}}},
                             {{"p", "password"}}); // starttls, which this server has not
        QCOMPARE(send(channel).outcome, Outcome::Refused);
        for (const std::string& command : server.commands()) {
            QVERIFY(!command.starts_with("AUTH"));
        }
    }

    void aWrongPasswordIsNotTriedAgainAndNotShown()
    {
        support::SmtpCatcher server({support::SmtpOptions::Security::StartTls, "poolscope", "password"});
        auto channel = ready("email",
                             {{"host", {"localhost"}},
                              {"port", {std::to_string(server.port())}},
                              {"user", {"poolscope"}},
                              {"password", {"secret:p"}},
                              {"from", {"pool@example.com"}},
                              {"to", {"a@example.com"}},
                              {"ca_file", {server.caFile().string()}}},
                             {{"p", "wrong-one"}});
        const Delivery delivery = send(channel);
        QCOMPARE(delivery.outcome, Outcome::Refused);
        QVERIFY(channel.redact(delivery.error).find("wrong-one") == std::string::npos);
    }

    void aServerNobodyKnowsIsNotTrusted()
    {
        support::SmtpCatcher server({support::SmtpOptions::Security::Tls, "", ""});
        auto channel = ready("email", {{"host", {"localhost"}},
                                       {"port", {std::to_string(server.port())}},
                                       {"security", {"tls"}},
                                       {"from", {"pool@example.com"}},
                                       {"to", {"a@example.com"}}});
        QVERIFY(send(channel).outcome != Outcome::Sent);
        QVERIFY(server.mails().empty());
    }

    void aCommandGetsTheBodyWithoutAShell()
    {
        QTemporaryDir folder;
        const QString odd = folder.filePath("$(touch x); `id` 'a");
        auto channel = ready("command", {{"command", {"/usr/bin/tee", odd.toStdString()}}});
        QCOMPARE(send(channel).outcome, Outcome::Sent);
        QFile written(odd);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(QJsonDocument::fromJson(written.readAll()).object()["version"].toString(), "4");
    }

    void aCommandThatFailsOrHangs_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("said");
        QTest::newRow("well") << QStringList{"/bin/true"} << int(Outcome::Sent) << "";
        QTest::newRow("does not read")
            << QStringList{"/bin/sh", "-c", "exec 0<&-; exit 0"} << int(Outcome::Sent) << "";
        QTest::newRow("fails") << QStringList{"/bin/sh", "-c", "echo no >&2; exit 3"} << int(Outcome::Retry)
                               << "exit code 3: no";
        QTest::newRow("not there") << QStringList{"/no/such/program"} << int(Outcome::Refused)
                                   << "No such file";
        QTest::newRow("a wrapper without its program")
            << QStringList{"/bin/sh", "-c", "/no/such"} << int(Outcome::Refused) << "127";
        QTest::newRow("dies") << QStringList{"/bin/sh", "-c", "kill -9 $$"} << int(Outcome::Retry)
                              << "signal 9";
        QTest::newRow("talks without end")
            << QStringList{"/bin/sh", "-c", "yes >&2"} << int(Outcome::Retry) << "took too long";
    }

    void aCommandThatFailsOrHangs()
    {
        QFETCH(QStringList, command);
        QFETCH(int, outcome);
        QFETCH(QString, said);
        std::vector<std::string> argv;
        for (const QString& word : command) {
            argv.push_back(word.toStdString());
        }
        auto channel = ready("command", {{"command", argv}, {"timeout", {"1"}}});
        const Delivery delivery = send(channel);
        QCOMPARE(int(delivery.outcome), outcome);
        QVERIFY2(QString::fromStdString(delivery.error).contains(said), delivery.error.c_str());
    }

    void whatACommandLeftBehindDiesWithIt()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath("pid");
        const std::string script = "sleep 600 & echo $! > " + file.toStdString() + "; wait";
        auto channel = ready("command", {{"command", {"/bin/sh", "-c", script}}, {"timeout", {"1"}}});
        QCOMPARE(send(channel).outcome, Outcome::Retry);
        QFile pid(file);
        QVERIFY(pid.open(QIODevice::ReadOnly));
        const auto child = pid.readAll().trimmed().toInt();
        QVERIFY(child > 0);
        // An orphan's end is init's to reap: gone, or a zombie.
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                QFile stat(QStringLiteral("/proc/%1/stat").arg(child));
                return !stat.open(QIODevice::ReadOnly) || stat.readAll().contains(") Z ");
            }(),
            10000);
    }
};

QTEST_GUILESS_MAIN(TstNotifiers)
#include "tst_notifiers.moc"
