// A cluster's API over TLS, as it is in life: an authority of its own, client certificates, kubeconfigs with
// both in them; and a token that goes nowhere else.
#include "monitor/respond/kubernetes_scaler.h"
#include "monitor/respond/webhook_scaler.h"
#include "tests/support/http_catcher.h"
#include "tests/support/scale_server.h"
#include "tests/support/tls_front.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;
using respond::KubernetesScaler;
using respond::KubernetesTarget;
using support::ScaleServer;
using support::TlsFront;

namespace {

QByteArray contentOf(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TstScalerTls final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aTokenIsShownOnlyToTheRightServer_data()
    {
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<int>("hoursLeft");
        QTest::addColumn<bool>("known");
        QTest::addColumn<QString>("said");
        QTest::newRow("the cluster's authority") << QByteArray("DNS:localhost") << 1 << true << QString();
        QTest::newRow("out of date") << QByteArray("DNS:localhost") << -1 << true
                                     << QStringLiteral("expired");
        QTest::newRow("somebody else's")
            << QByteArray("DNS:other.example") << 1 << true
            << QStringLiteral("no alternative certificate subject name|does not match");
        QTest::newRow("signed by nobody known") << QByteArray("DNS:localhost") << 1 << false
                                                << QStringLiteral("self-signed|unable to get local issuer");
    }
    void aTokenIsShownOnlyToTheRightServer()
    {
        QFETCH(QByteArray, names);
        QFETCH(int, hoursLeft);
        QFETCH(bool, known);
        QFETCH(QString, said);
        ScaleServer server;
        const TlsFront front(
            {server.port(), m_authority.issue({names.toStdString(), -48h, std::chrono::hours(hoursLeft)})});
        KubernetesTarget target{"shop", "app"};
        target.api = front.url("");
        target.caFile = (known ? m_authority : m_other).file();
        target.tokenFile = fileWith("token", ScaleServer::kToken);
        const auto done = KubernetesScaler(target).scale({1, 1, 5, "A"}, {});
        const respond::WebhookTarget hook{front.url("/hook"), target.tokenFile, target.caFile};
        const auto called = respond::WebhookScaler(hook).scale({1, 1, 5, "A"}, {});
        if (said.isEmpty()) {
            QVERIFY2(done, done ? "" : done.error().message.c_str());
            QCOMPARE(server.replicas(), 3);
            QVERIFY2(called, called ? "" : called.error().message.c_str());
            return;
        }
        for (const core::Error& error : {done.error(), called.error()}) {
            QVERIFY2(QRegularExpression(said).match(QString::fromStdString(error.message)).hasMatch(),
                     error.message.c_str());
            QVERIFY(error.message.find(ScaleServer::kToken) == std::string::npos);
        }
        QVERIFY(server.seen().empty());
    }

    void aKubeconfigWithAClientCertificateOpensTheDoor_data()
    {
        QTest::addColumn<bool>("inside"); // data in the file, or files it names
        QTest::addColumn<bool>("shown");
        QTest::newRow("data") << true << true;
        QTest::newRow("files") << false << true;
        QTest::newRow("without a certificate the door stays shut") << true << false;
    }
    void aKubeconfigWithAClientCertificateOpensTheDoor()
    {
        QFETCH(bool, inside);
        QFETCH(bool, shown);
        ScaleServer server;
        const TlsFront front({server.port(), m_authority.issue(), m_other.file()});
        const support::CertificateFiles client = m_other.issue({"DNS:poolscope"});
        const auto entry = [&](const char* name, const std::filesystem::path& path) -> QByteArray {
            const QByteArray data = QByteArray(name) + "-data: " + contentOf(path).toBase64();
            const QByteArray file = QByteArray(name) + ": " + QByteArray::fromStdString(path.string());
            return inside ? data : file;
        };
        QByteArray user = "token: " + QByteArray(ScaleServer::kToken);
        if (shown) {
            user += ", " + entry("client-certificate", client.certificate) + ", " +
                    entry("client-key", client.key);
        }
        KubernetesTarget target{"shop", "app"};
        target.kubeconfig =
            fileWith("config", "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
                               "clusters: [{name: k, cluster: {server: \"" +
                                   QByteArray::fromStdString(front.url("")) + "\", " +
                                   entry("certificate-authority", m_authority.file()) +
                                   "}}]\nusers: [{name: u, user: {" + user + "}}]\n");
        const auto done = KubernetesScaler(target).scale({1, 1, 5, "A"}, {});
        if (shown) {
            QVERIFY2(done, done ? "" : done.error().message.c_str());
            QCOMPARE(server.replicas(), 3);
        } else {
            QVERIFY(!done);
            QVERIFY(server.seen().empty());
            // The server hangs up (RFC 8446, 4.4.2.4: after the handshake); whether its reason arrives first is a race.
            const std::string& why = done.error().message;
            QVERIFY2(why.find("certificate required") != std::string::npos ||
                         why.find("handshake failure") != std::string::npos || why.starts_with("no answer"),
                     why.c_str());
        }
    }

    void aTokenDoesNotFollowARedirection()
    {
        support::HttpCatcher elsewhere;
        support::HttpCatcher moved;
        moved.answer([&](std::size_t) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, 307,
                                          "Location: " + elsewhere.url("/stolen") + "\r\n"};
        });
        const TlsFront front({moved.port(), m_authority.issue()});
        KubernetesTarget target{"shop", "app"};
        target.api = front.url("");
        target.caFile = m_authority.file();
        target.tokenFile = fileWith("token", ScaleServer::kToken);
        const auto done = KubernetesScaler(target).scale({1, 1, 5, "A"}, {});
        QVERIFY(!done);
        QVERIFY2(done.error().message.find("307") != std::string::npos, done.error().message.c_str());
        QVERIFY(!respond::WebhookScaler({front.url("/hook"), target.tokenFile, target.caFile})
                     .scale({1, 1, 5, "A"}, {}));
        QCOMPARE(moved.requests().size(), 2U);
        QCOMPARE(elsewhere.requests().size(), 0U);
    }

private:
    std::filesystem::path fileWith(const char* name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size()) {
            qFatal("cannot write");
        }
        return file.fileName().toStdString();
    }

    QTemporaryDir m_folder;
    support::Authority m_authority;
    support::Authority m_other;
};

QTEST_GUILESS_MAIN(TstScalerTls)
#include "tst_scaler_tls.moc"
