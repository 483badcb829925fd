// Who is on the other end: authorities of one's own, certificates that are out of date, of somebody else, or
// signed by nobody known; and no credential goes anywhere but where it was meant to.
#include "tests/support/fake_clock.h"
#include "tests/support/http_catcher.h"
#include "tests/support/smtp_catcher.h"
#include "tests/support/tls_front.h"

#include "monitor/notify/setup_check.h"
#include "tests/notify/events.h"

#include <QRegularExpression>
#include <QTest>

using Outcome = notify::Delivery::Outcome;
using Settings = std::map<std::string, std::vector<std::string>>;
using namespace std::chrono_literals;

namespace {

struct Sent {
    notify::Delivery delivery;
    std::string shown; // the error as it is kept
};

Sent send(const std::string& kind, const Settings& settings,
          const std::map<std::string, std::string>& secrets = {})
{
    static support::FakeClock clock;
    metrics::ChannelSetup setup;
    setup.name = "ops";
    setup.kind = kind;
    setup.settings = settings;
    notify::Secrets known;
    for (const auto& [name, value] : secrets) {
        known.put(name, value);
    }
    notify::Surroundings around;
    around.clock = &clock;
    auto made = notify::makeReady(setup, known, around);
    if (!made) {
        qFatal("%s", made.error().message.c_str());
    }
    notify::Message message;
    message.id = "ops-1";
    message.channel = "ops";
    message.createdAt = clock.wallNow();
    message.alerts.push_back(
        notify::alertOf(support::event("HighPoolUsage", metrics::AlertTold::Fired, clock.wallNow())));
    Sent sent{made->notifier->send(message, std::stop_token()), {}};
    sent.shown = made->redact(sent.delivery.error);
    return sent;
}

// How the other side proves itself, and what is to be said of it; an empty word: the message arrives.
void proofs()
{
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<int>("hoursLeft");
    QTest::addColumn<bool>("known");
    QTest::addColumn<QString>("said");
    QTest::newRow("an authority of one's own") << QByteArray("DNS:localhost") << 1 << true << QString();
    QTest::newRow("out of date") << QByteArray("DNS:localhost") << -1 << true << QStringLiteral("expired");
    QTest::newRow("somebody else's") << QByteArray("DNS:other.example,IP:10.0.0.1") << 1 << true
                                     << QStringLiteral(
                                            "does not match|no alternative certificate subject name");
    QTest::newRow("signed by nobody known") << QByteArray("DNS:localhost") << 1 << false
                                            << QStringLiteral("self-signed|unable to get local issuer");
}

} // namespace

class TstTls final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aWebhookIsToldOnlyIfItIsWhoItShouldBe_data() { proofs(); }
    void aWebhookIsToldOnlyIfItIsWhoItShouldBe()
    {
        QFETCH(QString, said);
        support::HttpCatcher catcher;
        const support::TlsFront front({catcher.port(), certificate()});
        for (const char* kind : {"webhook", "alertmanager"}) {
            const bool hook = std::string_view(kind) == "webhook";
            Settings settings{{hook ? "url" : "urls", {front.url("/x")}}};
            settings[hook ? "token" : "password"] = {"secret:t"};
            if (!hook) {
                settings["user"] = {"me"};
            }
            addAuthority(settings);
            const Sent sent = send(kind, settings, {{"t", "s3cret-token"}});
            judge(sent, said);
        }
        QCOMPARE(catcher.requests().size(), said.isEmpty() ? 2U : 0U); // not even the head arrives
    }

    void mailIsHandedOverOnlyToWhoItShouldBe_data() { proofs(); }
    void mailIsHandedOverOnlyToWhoItShouldBe()
    {
        QFETCH(QString, said);
        using S = support::SmtpOptions::Security;
        for (const S security : {S::StartTls, S::Tls}) {
            support::SmtpOptions options{security, "poolscope", "password"};
            options.certificate = certificate();
            support::SmtpCatcher server(options);
            Settings settings{{"host", {"localhost"}},
                              {"port", {std::to_string(server.port())}},
                              {"security", {security == S::Tls ? "tls" : "starttls"}},
                              {"user", {"poolscope"}},
                              {"password", {"secret:p"}},
                              {"from", {"pool@example.com"}},
                              {"to", {"a@example.com"}}};
            addAuthority(settings);
            judge(send("email", settings, {{"p", "password"}}), said);
            QCOMPARE(server.mails().size(), said.isEmpty() ? 1U : 0U);
            for (const std::string& command : server.commands()) {
                QVERIFY(said.isEmpty() || !command.starts_with("AUTH"));
            }
        }
    }

    void anAuthorityFileThatIsNotThereIsSaid()
    {
        support::HttpCatcher catcher;
        const support::TlsFront front({catcher.port(), m_authority.issue()});
        const Sent sent = send("webhook", {{"url", {front.url()}}, {"ca_file", {"/no/such/ca.pem"}}});
        QVERIFY(sent.delivery.outcome != Outcome::Sent);
        QVERIFY2(sent.shown.find("/no/such/ca.pem") != std::string::npos ||
                     sent.shown.find("CA cert") != std::string::npos,
                 sent.shown.c_str());
    }

    // An https server that answers in the clear, or speaks of another place: nothing secret follows.
    void credentialsNeverFollowARedirection_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {301, 302, 303, 307, 308}) {
            QTest::addRow("%d", status) << status;
        }
    }
    void credentialsNeverFollowARedirection()
    {
        QFETCH(int, status);
        support::HttpCatcher elsewhere;
        support::HttpCatcher catcher;
        catcher.answer([&](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, status,
                                          "Location: " + elsewhere.url("/stolen") + "\r\n"};
        });
        const support::TlsFront front({catcher.port(), m_authority.issue()});
        const std::string ca = m_authority.file().string();
        const std::map<std::string, std::string> secrets{{"t", "s3cret-token"},
                                                         {"u", front.url("/services/T000/XXXXXXXXXXXXXXXX")}};
        const std::vector<std::pair<std::string, Settings>> channels{
            {"webhook", {{"url", {front.url()}}, {"token", {"secret:t"}}, {"ca_file", {ca}}}},
            {"webhook",
             {{"url", {front.url()}}, {"user", {"me"}}, {"password", {"secret:t"}}, {"ca_file", {ca}}}},
            {"alertmanager",
             {{"urls", {front.url()}}, {"user", {"me"}}, {"password", {"secret:t"}}, {"ca_file", {ca}}}},
        };
        for (const auto& [kind, settings] : channels) {
            const Sent sent = send(kind, settings, secrets);
            QCOMPARE(sent.delivery.outcome, Outcome::Refused);
            QVERIFY2(sent.shown.find(std::to_string(status)) != std::string::npos, sent.shown.c_str());
            QVERIFY(sent.shown.find("s3cret") == std::string::npos);
        }
        QCOMPARE(catcher.requests().size(), channels.size());
        QCOMPARE(elsewhere.requests().size(), 0U);
    }

private:
    // As the row of proofs() wants it.
    support::CertificateFiles certificate()
    {
        QFETCH(QByteArray, names);
        QFETCH(int, hoursLeft);
        return m_authority.issue({names.toStdString(), -48h, std::chrono::hours(hoursLeft)});
    }
    void addAuthority(Settings& settings) const
    {
        QFETCH(bool, known);
        settings["ca_file"] = {(known ? m_authority : m_other).file().string()};
    }
    static void judge(const Sent& sent, const QString& said)
    {
        const QString shown = QString::fromStdString(sent.shown);
        if (said.isEmpty()) {
            QVERIFY2(sent.delivery.outcome == Outcome::Sent, sent.shown.c_str());
        } else {
            QVERIFY(sent.delivery.outcome != Outcome::Sent);
            QVERIFY2(QRegularExpression(said).match(shown).hasMatch(), sent.shown.c_str());
        }
        QVERIFY(!shown.contains(QStringLiteral("s3cret")));
    }

    support::Authority m_authority;
    support::Authority m_other;
};

QTEST_GUILESS_MAIN(TstTls)
#include "tst_tls.moc"
