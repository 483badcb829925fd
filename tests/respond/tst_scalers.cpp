// Those who add replicas, against a real server and real programs.
#include "monitor/respond/command_scaler.h"
#include "monitor/respond/kubeconfig.h"
#include "monitor/respond/kubernetes_scaler.h"
#include "monitor/respond/webhook_scaler.h"
#include "tests/support/scale_server.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using respond::KubernetesScaler;
using respond::KubernetesTarget;
using respond::ScaleRequest;

class ScalersTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::ScaleServer> m_server;
    QTemporaryDir m_folder;

    std::filesystem::path fileWith(const char* name, const QByteArray& text, QFile::Permissions more = {}) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size()) {
            qFatal("cannot write");
        }
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | more);
        return m_folder.filePath(name).toStdString();
    }
    KubernetesTarget target(const char* token = support::ScaleServer::kToken) const
    {
        KubernetesTarget target{"shop", "app"};
        target.api = m_server->url();
        target.tokenFile = fileWith("token", QByteArray(token) + "\n");
        return target;
    }
    static ScaleRequest request(int change = 1, int minimum = 1, int maximum = 5)
    {
        return {change, minimum, maximum, "HighPoolUsage"};
    }

private Q_SLOTS:
    void init() { m_server = std::make_unique<support::ScaleServer>(); }

    void kubernetesAddsOneReplica()
    {
        KubernetesScaler scaler(target());
        const auto done = scaler.scale(request(), {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(done->from, 2);
        QCOMPARE(done->to, 3);
        QCOMPARE(m_server->replicas(), 3);
        const auto seen = m_server->seen();
        QCOMPARE(seen.size(), std::size_t(2));
        QCOMPARE(seen[0].line, std::string("GET /apis/apps/v1/namespaces/shop/deployments/app/scale"));
        QCOMPARE(seen[1].line, std::string("PUT /apis/apps/v1/namespaces/shop/deployments/app/scale"));
        const auto sent = nlohmann::json::parse(seen[1].body); // the object as it was, with another number
        QVERIFY(sent["metadata"]["uid"] == "4711" && sent["metadata"]["resourceVersion"] == "100");
        QCOMPARE(scaler.title(), std::string("deployment shop/app"));
        const auto replicas = scaler.read({});
        QVERIFY(replicas && replicas->wanted == 3 && replicas->ready == 3);
    }
    void theLimitsHold()
    {
        KubernetesScaler scaler(target());
        QCOMPARE(scaler.scale(request(10, 1, 5), {})->to, 5);
        const auto full = scaler.scale(request(1, 1, 5), {});
        QCOMPARE(full->to, full->from);
        m_server->setReplicas(9); // somebody wanted more than we may: left alone
        QCOMPARE(scaler.scale(request(1, 1, 5), {})->to, 9);
        QCOMPARE(m_server->replicas(), 9);
        QCOMPARE(scaler.scale(request(-1, 1, 20), {})->to, 8);
        QCOMPARE(respond::replicasFor(1, request(-3, 1, 5)), 1);
        QCOMPARE(respond::replicasFor(0, request(1, 3, 5)), 3);
    }
    void aConflictIsThoughtOverAndTriedAgain()
    {
        KubernetesScaler scaler(target());
        m_server->disturb(2);
        const auto done = scaler.scale(request(), {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(done->attempts, 3);
        QCOMPARE(m_server->replicas(), 3);
    }
    void whenSomebodyElseScaledMeanwhileThatIsEnough()
    {
        KubernetesScaler scaler(target());
        m_server->disturb(1, +2); // an autoscaler was faster
        const auto done = scaler.scale(request(), {});
        QVERIFY(done);
        QCOMPARE(done->to, 4);
        QCOMPARE(m_server->replicas(), 4); // not one more on top
    }
    void conflictsWithoutEndEndInAnError()
    {
        KubernetesScaler scaler(target());
        m_server->disturb(100);
        const auto done = scaler.scale(request(), {});
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("409"));
        QCOMPARE(m_server->seen().size(), std::size_t(2 * KubernetesScaler::kMostAttempts));
    }
    void refusalsAreSaidInWordsWithoutTheToken_data()
    {
        QTest::addColumn<QString>("token");
        QTest::addColumn<int>("failure");
        QTest::addColumn<QString>("text");
        QTest::newRow("unknown token") << "wrong" << 0 << "HTTP 401: the token is not accepted";
        QTest::newRow("may not") << support::ScaleServer::kWeakToken << 0 << "HTTP 403: the account may not do this";
        QTest::newRow("broken") << support::ScaleServer::kToken << 500 << "HTTP 500: the API server refuses";
        QTest::newRow("overloaded") << support::ScaleServer::kToken << 503 << "HTTP 503";
    }
    void refusalsAreSaidInWordsWithoutTheToken()
    {
        QFETCH(QString, token);
        QFETCH(int, failure);
        QFETCH(QString, text);
        if (failure > 0) {
            m_server->fail(1, failure);
        }
        KubernetesScaler scaler(target(token.toUtf8().constData()));
        const auto done = scaler.scale(request(), {});
        QVERIFY(!done);
        const QString message = QString::fromStdString(done.error().message);
        QVERIFY2(message.contains(text), qPrintable(message));
        QVERIFY(!message.contains(token));
        QCOMPARE(m_server->replicas(), 2);
    }
    void whatIsNotThereIs404AndNobodyThereIsNoAnswer()
    {
        KubernetesTarget other = target();
        other.name = "other";
        const auto missing = KubernetesScaler(other).scale(request(), {});
        QVERIFY(!missing && missing.error().code == "404");
        const KubernetesTarget gone = target();
        m_server.reset();
        const auto nobody = KubernetesScaler(gone).scale(request(), {});
        QVERIFY(!nobody && nobody.error().code == "network");
    }
    void aSlowServerIsLeftWhenAskedToStop()
    {
        m_server->delay(60s);
        KubernetesScaler scaler(target());
        std::stop_source stop;
        std::jthread stopper([&] {
            while (m_server->seen().empty() && !stop.stop_requested()) {
                stop.request_stop();
            }
        });
        QElapsedTimer timer;
        timer.start();
        const auto done = scaler.scale(request(), stop.get_token());
        QVERIFY(!done);
        QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
    }
    void aRehearsalReadsAndChangesNothing()
    {
        KubernetesScaler scaler(target());
        const auto plan = scaler.rehearse(request(), {});
        QVERIFY2(plan, plan ? "" : plan.error().message.c_str());
        QCOMPARE(plan->size(), std::size_t(2));
        QVERIFY(QString::fromStdString(plan->at(0)).startsWith("GET http://127.0.0.1"));
        QVERIFY(QString::fromStdString(plan->at(1)).contains("\"replicas\":3"));
        for (const std::string& line : *plan) {
            QVERIFY(line.find(support::ScaleServer::kToken) == std::string::npos);
        }
        QCOMPARE(m_server->replicas(), 2);
        for (const auto& seen : m_server->seen()) {
            QVERIFY(seen.line.starts_with("GET "));
        }
    }
    void aRotatedTokenIsReadAnew()
    {
        const KubernetesTarget where = target("old-and-expired");
        KubernetesScaler scaler(where);
        QVERIFY(!scaler.read({}));
        (void)fileWith("token", support::ScaleServer::kToken);
        QVERIFY(scaler.read({}));
    }
    void targetsAreCheckedBeforeAnythingIsSent_data()
    {
        QTest::addColumn<QString>("space");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("api");
        QTest::newRow("path in the name") << "shop" << "../../secrets" << "https://k";
        QTest::newRow("capitals") << "Shop" << "app" << "https://k";
        QTest::newRow("empty") << "" << "app" << "https://k";
        QTest::newRow("token over plain http") << "shop" << "app" << "http://k8s.example:6443";
        QTest::newRow("credentials in the address") << "shop" << "app" << "https://me:pw@k";
        QTest::newRow("no address") << "shop" << "app" << "k:6443";
        QTest::newRow("a file") << "shop" << "app" << "file:///etc/passwd";
        QTest::newRow("line feed") << "shop" << "app" << "https://k/\r\nX: y";
    }
    void targetsAreCheckedBeforeAnythingIsSent()
    {
        QFETCH(QString, space);
        QFETCH(QString, name);
        QFETCH(QString, api);
        KubernetesTarget bad{space.toStdString(), name.toStdString()};
        bad.api = api.toStdString();
        bad.tokenFile = "/token";
        QVERIFY(!respond::problemOf(bad));
    }

    void aKubeconfigSaysHowToReachTheCluster()
    {
        const QByteArray yaml = "apiVersion: v1\nkind: Config\ncurrent-context: c2\n"
                                "clusters:\n- {name: k1, cluster: {server: 'https://other'}}\n"
                                "- {name: k2, cluster: {server: 'https://k2:6443/', certificate-authority-data: UEVNMQ==}}\n"
                                "users:\n- {name: u, user: {token: abc, client-certificate-data: UEVNMg==}}\n"
                                "contexts:\n- {name: c1, context: {cluster: k1, user: u}}\n"
                                "- {name: c2, context: {cluster: k2, user: u}}\n";
        const auto access = respond::parseKubeconfig(yaml.toStdString(), m_folder.path().toStdString());
        QVERIFY2(access, access ? "" : access.error().message.c_str());
        QCOMPARE(access->api, std::string("https://k2:6443"));
        QCOMPARE(access->token, std::string("abc"));
        QCOMPARE(access->tls.authorities, std::string("PEM1"));
        QCOMPARE(access->tls.certificate, std::string("PEM2"));
    }
    void aKubeconfigWithFilesReachesTheServer()
    {
        (void)fileWith("tok", support::ScaleServer::kToken);
        KubernetesTarget where{"shop", "app"};
        where.kubeconfig = fileWith(
            "kubeconfig", "current-context: c\nclusters: [{name: k, cluster: {server: '" + QByteArray::fromStdString(m_server->url())
                              + "'}}]\nusers: [{name: u, user: {tokenFile: tok}}]\n"
                                "contexts: [{name: c, context: {cluster: k, user: u}}]\n");
        QVERIFY(KubernetesScaler(where).read({}));
    }
    void hostileKubeconfigsAreRefusedInOneLine_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        const QByteArray frame = "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n";
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("a list") << QByteArray("- a\n");
        QTest::newRow("broken") << QByteArray("a: [\n");
        QTest::newRow("no such context") << QByteArray("current-context: x\ncontexts: []\n");
        QTest::newRow("context is text") << QByteArray("current-context: c\ncontexts: [c]\n");
        QTest::newRow("exec") << frame + "clusters: [{name: k, cluster: {server: s}}]\n"
                                         "users: [{name: u, user: {exec: {command: /bin/sh}}}]\n";
        QTest::newRow("unsafe") << frame + "clusters: [{name: k, cluster: {server: s, insecure-skip-tls-verify: true}}]\n"
                                           "users: [{name: u, user: {token: t}}]\n";
        QTest::newRow("no base64") << frame + "clusters: [{name: k, cluster: {server: s, certificate-authority-data: '%'}}]\n"
                                              "users: [{name: u, user: {token: t}}]\n";
        QTest::newRow("missing file") << frame + "clusters: [{name: k, cluster: {server: s, certificate-authority: /no}}]\n"
                                                 "users: [{name: u, user: {token: t}}]\n";
        QTest::newRow("binary") << QByteArray("\0\xFF\xFE\x01", 4);
        QTest::newRow("deep") << QByteArray(2000, '[');
    }
    void hostileKubeconfigsAreRefusedInOneLine()
    {
        QFETCH(QByteArray, yaml);
        const auto access = respond::parseKubeconfig(yaml.toStdString(), "/nowhere");
        QVERIFY(!access);
        QVERIFY(access.error().message.find('\n') == std::string::npos);
    }

    void aWebhookIsAskedAndItsAnswerBelieved()
    {
        respond::WebhookScaler scaler({m_server->url() + "/hook"});
        const auto done = scaler.scale(request(2, 1, 5), {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(done->from, 1);
        QCOMPARE(done->to, 13); // it says so
        const auto body = nlohmann::json::parse(m_server->seen().at(0).body);
        QVERIFY(body["action"] == "scale_out" && body["change"] == 2 && body["replicas"] == 3 && body["maximum"] == 5);
        QVERIFY(body["reason"] == "HighPoolUsage");
        m_server->fail(1, 503);
        QVERIFY(!scaler.scale(request(-1, 1, 5), {}));
        const auto plan = scaler.rehearse(request(-1, 1, 5), {}); // paths of hooks may be secrets
        QVERIFY(plan && plan->at(0).find("/hook") == std::string::npos);
    }
    void aRedirectionIsNotFollowed()
    {
        respond::WebhookScaler scaler({m_server->url() + "/moved"});
        QVERIFY(!scaler.scale(request(), {}));
        QCOMPARE(m_server->seen().size(), std::size_t(1));
    }

    void aCommandRunsWithItsArgumentsAndWithoutAShell()
    {
        const auto script = fileWith("scale.sh", "#!/bin/sh\necho \"$@\" > \"$0.out\"\necho 7\n", QFile::ExeOwner);
        respond::CommandScaler scaler({{script.string(), "--to={replicas}", "{from}", "{reason}"}});
        ScaleRequest asked = request();
        asked.reason = "A; touch /tmp/oops $(id)";
        const auto done = scaler.scale(asked, {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(done->to, 7); // as it says
        QFile out(QString::fromStdString(script.string() + ".out"));
        QVERIFY(out.open(QIODevice::ReadOnly));
        QCOMPARE(out.readAll(), QByteArray("--to=2 1 A; touch /tmp/oops $(id)\n"));
    }
    void aCommandThatFailsHangsOrIsNotThereIsAnError()
    {
        const auto failing = fileWith("fail.sh", "#!/bin/sh\necho it broke >&2\nexit 3\n", QFile::ExeOwner);
        const auto failed = respond::CommandScaler({{failing.string()}}).scale(request(), {});
        QVERIFY(!failed);
        QCOMPARE(failed.error().message, std::string("exit code 3: it broke"));
        const auto gone = respond::CommandScaler({{"/no/such/program"}}).scale(request(), {});
        QVERIFY(!gone);
        const auto hanging = fileWith("hang.sh", "#!/bin/sh\nsleep 300 & sleep 300\n", QFile::ExeOwner);
        QElapsedTimer timer;
        timer.start();
        const auto late = respond::runCommand({hanging.string()}, 300ms, {});
        QVERIFY(!late);
        QCOMPARE(late.error().code, std::string("timeout"));
        QVERIFY(timer.elapsed() < 20'000);
    }
};

QTEST_GUILESS_MAIN(ScalersTest)
#include "tst_scalers.moc"
