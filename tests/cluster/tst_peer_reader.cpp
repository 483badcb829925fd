// What Alertmanagers answer, and what may come instead; several of them as one picture.
#include "monitor/cluster/merge.h"
#include "monitor/cluster/peer_reader.h"
#include "monitor/cluster/spec.h"

#include <QByteArray>
#include <QTest>

#include <random>

using namespace std::chrono_literals;
using cluster::PeerNews;
using metrics::ClusterAlert;
using metrics::ClusterPeer;

namespace {

const std::string kAlerts = R"([{"annotations":{"summary":"s"},"endsAt":"2026-11-27T10:00:00.000Z",
"fingerprint":"2f1f0ad1c1ad1c1f","receivers":[{"name":"ops"},{"name":"dba"}],"startsAt":"2026-11-27T09:00:00.000Z",
"status":{"inhibitedBy":[],"silencedBy":["5f3e"],"state":"suppressed"},"updatedAt":"2026-11-27T09:30:00.000Z",
"generatorURL":"http://p/graph","labels":{"severity":"critical","alertname":"HighPoolUsage","pool":"主"}}])";
const std::string kSilences =
    R"([{"id":"5f3e","status":{"state":"active"},"updatedAt":"2026-11-27T09:10:00.000Z",
"comment":"ACK! on it","createdBy":"ann","endsAt":"2099-11-27T10:00:00.000Z",
"matchers":[{"isEqual":true,"isRegex":false,"name":"pool","value":"主"}],"startsAt":"2026-11-27T09:10:00.000Z"}])";
const std::string kStatus = R"({"cluster":{"name":"01A","peers":[{"address":"127.0.0.1:1","name":"01A"},
{"address":"127.0.0.1:2","name":"01B"}],"status":"ready"},"config":{"original":"x"},"uptime":"2026-11-27T08:00:00.000Z",
"versionInfo":{"branch":"","version":"0.25.0"}})";

metrics::SilenceRow silenceOf(const char* id, const char* comment)
{
    metrics::SilenceRow row;
    row.id = id;
    row.matchers = {{"a", "b", false, true}, {"c", "d", true, true}};
    row.endsAt = core::WallTime(1'900'000'000s);
    row.createdBy = "ann";
    row.comment = comment;
    return row;
}

PeerNews peerOf(const char* name, const std::vector<std::string>& members, const char* gossip = "ready")
{
    PeerNews news;
    news.row.name = name;
    news.row.state = ClusterPeer::State::Up;
    news.status = {"0.25.0", gossip, name, members};
    return news;
}

ClusterAlert alertOf(const char* fingerprint, ClusterAlert::State state)
{
    ClusterAlert alert;
    alert.fingerprint = fingerprint;
    alert.name = fingerprint;
    alert.state = state;
    return alert;
}

} // namespace

class TstPeerReader final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatAlertmanagerAnswersIsRead()
    {
        const auto status = cluster::readStatus(kStatus);
        QVERIFY(status && status->version == "0.25.0" && status->gossip == "ready" && status->name == "01A");
        QCOMPARE(status->members.size(), std::size_t(2));
        const auto alerts = cluster::readAlerts(kAlerts);
        QVERIFY(alerts && alerts->size() == 1);
        const ClusterAlert& alert = alerts->front();
        QCOMPARE(alert.name, std::string("HighPoolUsage"));
        QVERIFY(alert.severity == metrics::Severity::Critical &&
                alert.state == ClusterAlert::State::Suppressed);
        QCOMPARE(alert.receivers.size(), std::size_t(2));
        QVERIFY(alert.startsAt == core::WallTime(1'795'770'000s));
        const auto silences = cluster::readSilences(kSilences);
        QVERIFY(silences && silences->size() == 1 && silences->front().createdBy == "ann");
        const auto id = cluster::readSilenceId(R"({"silenceID":"5f3e-1"})");
        QVERIFY(id && *id == "5f3e-1");
        QCOMPARE(cluster::readRefusal("\"bad\\nmatcher\""), std::string("bad matcher"));
        QCOMPARE(cluster::readRefusal(R"({"code":601,"message":"no"})"), std::string("no"));
    }

    void whatIsNoneIsRefusedOrLeftOut_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("alerts"); // -1: refused
        QTest::newRow("nothing") << QByteArray() << -1;
        QTest::newRow("a page") << QByteArray("<html>Sign in</html>") << -1;
        QTest::newRow("an object") << QByteArray("{\"status\":\"success\",\"data\":[]}") << -1;
        QTest::newRow("half an answer")
            << QByteArray::fromStdString(kAlerts.substr(0, kAlerts.size() / 2)) << -1;
        QTest::newRow("none") << QByteArray("[]") << 0;
        QTest::newRow("other kinds") << QByteArray("[1,null,\"x\",[],{\"labels\":[],\"startsAt\":3}]") << 0;
        QTest::newRow("no labels") << QByteArray("[{\"labels\":{},\"startsAt\":\"2026-11-27T09:00:00Z\"}]")
                                   << 0;
        QTest::newRow("no time") << QByteArray("[{\"labels\":{\"a\":\"b\"},\"startsAt\":\"soon\"}]") << 0;
        QTest::newRow("the least")
            << QByteArray("[{\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-11-27T09:00:00Z\"}]") << 1;
        QTest::newRow("wrong kinds within")
            << QByteArray(
                   "[{\"labels\":{\"a\":\"b\",\"n\":1},\"startsAt\":\"2026-11-27T09:00:00Z\",\"status\":[],"
                   "\"receivers\":{\"name\":1},\"annotations\":7,\"fingerprint\":{}}]")
            << 1;
        QTest::newRow("deep") << QByteArray(100'000, '[') << -1;
        QTest::newRow("no UTF-8")
            << QByteArray("[{\"labels\":{\"a\":\"\xff\xfe\"},\"startsAt\":\"2026-11-27T09:00:00Z\"}]") << -1;
        QTest::newRow("too many")
            << "[" +
                   QByteArray("{\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-11-27T09:00:00Z\"},")
                       .repeated(20'001)
                       .chopped(1) +
                   "]"
            << 20'000;
    }
    void whatIsNoneIsRefusedOrLeftOut()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, alerts);
        const auto read = cluster::readAlerts(body.toStdString());
        QCOMPARE(read ? static_cast<int>(read->size()) : -1, alerts);
        (void)cluster::readSilences(body.toStdString());
        QVERIFY(!cluster::readStatus(body.toStdString()));
        QVERIFY(!cluster::readSilenceId(body.toStdString()));
        QVERIFY(cluster::readRefusal(body.toStdString()).find('\n') == std::string::npos);
    }

    void changedBytesAreBorne()
    {
        std::mt19937 random(20261127);
        for (const std::string* whole : {&kAlerts, &kSilences, &kStatus}) {
            for (int i = 0; i < 300; ++i) {
                std::string text = *whole;
                for (int n = 0; n < 3; ++n) {
                    text[random() % text.size()] = static_cast<char>(random());
                }
                text.resize(text.size() - random() % 20);
                (void)cluster::readAlerts(text);
                (void)cluster::readSilences(text);
                (void)cluster::readStatus(text);
            }
        }
    }

    void peersBecomeOnePicture()
    {
        PeerNews one = peerOf("one", {"one", "two"}), two = peerOf("two", {"one", "two"}),
                 alone = peerOf("alone", {});
        one.alerts = {alertOf("f1", ClusterAlert::State::Suppressed),
                      alertOf("f2", ClusterAlert::State::Suppressed)};
        one.alerts[0].silencedBy = one.alerts[1].silencedBy = {"s1"};
        two.alerts = {alertOf("f2", ClusterAlert::State::Suppressed)};
        alone.alerts = {alertOf("f2", ClusterAlert::State::Active),
                        alertOf("f3", ClusterAlert::State::Active)};
        one.silences = two.silences = {silenceOf("s1", "ACK! on it")};
        alone.silences = {silenceOf("s9", "ACK! on it"), silenceOf("s8", "another act")};
        std::ranges::reverse(alone.silences[0].matchers); // in another order, still the same
        const std::vector<PeerNews> peers{one, two, alone};
        const auto view = cluster::merged(peers);
        QCOMPARE(view.alerts.size(), std::size_t(3));
        QCOMPARE(view.alerts[0].ackedBy, std::string("ann"));
        QCOMPARE(view.alerts[0].peers, std::vector<std::string>{"one"});
        QCOMPARE(view.alerts[1].peers, (std::vector<std::string>{"one", "two", "alone"}));
        QVERIFY(view.alerts[1].state == ClusterAlert::State::Active); // somebody is told of it
        QCOMPARE(view.silences.size(), std::size_t(2));
        QCOMPARE(view.silences[0].ids, (std::vector<std::string>{"s1", "s9"}));
        QCOMPARE(view.silences[0].peers, (std::vector<std::string>{"one", "two", "alone"}));
        QCOMPARE(view.silences[0].silence.catches, 2);
    }

    void whoTellsWhomOutlastsOneBeingAway()
    {
        cluster::Bonds bonds;
        std::vector<PeerNews> peers{peerOf("one", {"one", "two"}), peerOf("alone", {}),
                                    peerOf("two", {"one", "two"})};
        cluster::learnBonds(bonds, peers);
        QCOMPARE(cluster::groupsOf(bonds, 3), (std::vector<int>{0, 1, 0}));
        peers[2].row.state = ClusterPeer::State::Away;
        peers[0].status.members = {"one"};
        cluster::learnBonds(bonds, peers);
        QCOMPARE(cluster::groupsOf(bonds, 3), (std::vector<int>{0, 1, 0}));
        peers[2] =
            peerOf("two again", {"two again"}, "settling"); // just started: it has not found the other yet
        cluster::learnBonds(bonds, peers);
        QCOMPARE(cluster::groupsOf(bonds, 3), (std::vector<int>{0, 1, 0}));
        peers[2].status.gossip = "ready"; // and never does
        cluster::learnBonds(bonds, peers);
        QCOMPARE(cluster::groupsOf(bonds, 3), (std::vector<int>{0, 1, 2}));
    }

    void addressesAreChecked_data()
    {
        QTest::addColumn<QByteArray>("peer");
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QByteArray>("problem"); // empty: none
        QTest::newRow("plain") << QByteArray("http://am:9093") << QByteArray() << QByteArray();
        QTest::newRow("path") << QByteArray("https://host/am/") << QByteArray("secret:am") << QByteArray();
        QTest::newRow("here") << QByteArray("http://127.0.0.1:9093") << QByteArray("secret:am")
                              << QByteArray();
        QTest::newRow("in the clear")
            << QByteArray("http://am:9093") << QByteArray("secret:am") << QByteArray("in the clear");
        QTest::newRow("a password") << QByteArray("http://u:canary@am:9093") << QByteArray()
                                    << QByteArray("credentials");
        QTest::newRow("no address") << QByteArray("am:9093") << QByteArray() << QByteArray("is no address");
        QTest::newRow("a file") << QByteArray("file:///etc/passwd") << QByteArray()
                                << QByteArray("is no address");
        QTest::newRow("a query") << QByteArray("http://am:9093/?x=1") << QByteArray() << QByteArray("query");
        QTest::newRow("a newline") << QByteArray("http://am:9093/\r\nHost: x") << QByteArray()
                                   << QByteArray("is no address");
    }
    void addressesAreChecked()
    {
        QFETCH(QByteArray, peer);
        QFETCH(QByteArray, token);
        QFETCH(QByteArray, problem);
        cluster::Spec spec;
        spec.peers = {peer.toStdString()};
        spec.token = token.toStdString();
        const auto checked = cluster::problemOf(spec);
        QCOMPARE(checked.has_value(), problem.isEmpty());
        if (!checked) {
            const QByteArray said = QByteArray::fromStdString(checked.error().message);
            QVERIFY2(said.contains(problem) && !said.contains("canary") && !said.contains('\n'),
                     said.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TstPeerReader)
#include "tst_peer_reader.moc"
