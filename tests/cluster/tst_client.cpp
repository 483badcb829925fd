// The client of other people's Alertmanagers: against peers that fail as they are told, and against two real
// ones (Debian's prometheus-alertmanager) that form a cluster, one of which is killed and comes back.
#include "monitor/alert/silence.h"
#include "monitor/cluster/client.h"
#include "monitor/core/format.h"
#include "tests/support/http_catcher.h"

#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>

using namespace std::chrono_literals;
using cluster::Told;
using metrics::ClusterAlert;
using metrics::ClusterPeer;
using nlohmann::json;
using support::CatcherAnswer;
using support::CaughtRequest;
using support::HttpCatcher;

namespace {

constexpr int kPatience = 60'000; // ms

core::WallTime now()
{
    return core::SystemClock::instance().wallNow();
}

metrics::SilenceRow silenceOf(const std::string& alert, const std::string& comment)
{
    metrics::SilenceRow row;
    row.matchers = {{"alertname", alert, false, true}};
    row.startsAt = now();
    row.endsAt = row.startsAt + 1h;
    row.createdBy = "ann";
    row.comment = comment;
    return row;
}

cluster::Spec specOf(std::vector<std::string> peers)
{
    cluster::Spec spec;
    spec.peers = std::move(peers);
    spec.interval = 1s;
    return spec;
}

core::Result<Told> told(cluster::Client& client, const metrics::SilenceRow& silence)
{
    auto promise = std::make_shared<std::promise<core::Result<Told>>>();
    client.silence(silence, [promise](const core::Result<Told>& outcome) { promise->set_value(outcome); });
    return promise->get_future().get();
}

core::Result<Told> ended(cluster::Client& client, const std::string& id)
{
    auto promise = std::make_shared<std::promise<core::Result<Told>>>();
    client.expire(id, [promise](const core::Result<Told>& outcome) { promise->set_value(outcome); });
    return promise->get_future().get();
}

// An Alertmanager of its own, without a cluster, that can be made to fail.
class FakePeer {
public:
    enum class Mood { Well, Busy, Deaf, Forgetful, Elsewhere, Garbage, Half };

    FakePeer()
    {
        m_server.answerTo([this](const CaughtRequest& request) { return answer(request); });
    }
    void be(Mood mood) { m_mood = mood; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_server.port()); }
    [[nodiscard]] std::size_t asked(const char* method, const char* path) const
    {
        std::size_t count = 0;
        for (const CaughtRequest& request : m_server.requests()) {
            count += request.method == method && request.path.starts_with(path) ? 1U : 0U;
        }
        return count;
    }
    [[nodiscard]] std::vector<CaughtRequest> requests() const { return m_server.requests(); }
    [[nodiscard]] json silences() const
    {
        const std::lock_guard lock(m_mutex);
        return m_silences;
    }

private:
    CatcherAnswer answer(const CaughtRequest& request)
    {
        CatcherAnswer answer;
        const bool post = request.method == "POST";
        switch (m_mood.load()) {
        case Mood::Well:
            break;
        case Mood::Busy:
            answer.status = 503;
            return answer;
        case Mood::Deaf:
            answer.act = CatcherAnswer::Do::Reset;
            return answer;
        case Mood::Forgetful: // takes it, and its answer is lost on the way
            if (post) {
                keep(request.body);
                answer.act = CatcherAnswer::Do::Reset;
                return answer;
            }
            break;
        case Mood::Elsewhere:
            answer.status = 302;
            answer.headers = "Location: http://127.0.0.1:1/stolen\r\n";
            return answer;
        case Mood::Garbage:
            answer.body = "<html>Sign in</html>";
            return answer;
        case Mood::Half:
            answer.body = request.path.ends_with("alerts") ? R"([{"labels":{"a")" : replyTo(request);
            return answer;
        }
        answer.body = replyTo(request);
        return answer;
    }
    std::string replyTo(const CaughtRequest& request)
    {
        const std::lock_guard lock(m_mutex);
        if (request.method == "POST") {
            return json{{"silenceID", keepLocked(request.body)}}.dump();
        }
        if (request.method == "DELETE") {
            for (json& one : m_silences) {
                one["endsAt"] = core::isoUtc(now());
            }
            return {};
        }
        if (request.path.ends_with("/status")) {
            return R"({"cluster":{"status":"disabled","peers":[]},"versionInfo":{"version":"0.25.0"}})";
        }
        return request.path.ends_with("/silences")
                   ? m_silences.dump()
                   : R"([{"labels":{"alertname":"A"},"startsAt":"2026-11-27T09:00:00Z"}])";
    }
    void keep(const std::string& body)
    {
        const std::lock_guard lock(m_mutex);
        (void)keepLocked(body);
    }
    std::string keepLocked(const std::string& body)
    {
        json one = json::parse(body);
        one["id"] = "id-" + std::to_string(m_server.port()) + "-" + std::to_string(m_silences.size());
        m_silences.push_back(one);
        return one["id"];
    }

    std::atomic<Mood> m_mood{Mood::Well};
    mutable std::mutex m_mutex; // guards m_silences
    json m_silences = json::array();
    HttpCatcher m_server; // last: its threads use the above
};

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

// A real one, always at the same address, as a service has it.
class RealPeer {
public:
    RealPeer(const QTemporaryDir& folder, const QString& name, quint16 other = 0)
        : m_config(folder.filePath(name + ".yml"))
        , m_storage(folder.filePath(name))
        , m_other(other)
    {
        QFile config(m_config);
        (void)config.open(QIODevice::WriteOnly);
        config.write("route: {receiver: none}\nreceivers: [{name: none}]\n");
        config.close();
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        start();
    }
    ~RealPeer() { kill(); }
    void start()
    {
        const QByteArray named = qgetenv("POOLSCOPE_ALERTMANAGER");
        const QString gossip = QStringLiteral("127.0.0.1:%1").arg(m_gossip);
        QStringList arguments{"--config.file=" + m_config,
                              "--storage.path=" + m_storage,
                              "--log.level=error",
                              "--cluster.listen-address=" + gossip,
                              "--cluster.advertise-address=" + gossip,
                              "--cluster.pushpull-interval=1s",
                              "--cluster.reconnect-interval=1s",
                              "--cluster.probe-interval=500ms",
                              "--cluster.probe-timeout=300ms",
                              "--cluster.settle-timeout=3s",
                              QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(m_port)};
        if (m_other != 0) {
            arguments << QStringLiteral("--cluster.peer=127.0.0.1:%1").arg(m_other);
        }
        m_process.start(named.isEmpty() ? QStringLiteral("prometheus-alertmanager")
                                        : QString::fromLocal8Bit(named),
                        arguments);
    }
    void kill()
    {
        m_process.kill(); // SIGKILL
        m_process.waitForFinished(10'000);
    }
    [[nodiscard]] bool ready()
    {
        http::Request request;
        request.url = url() + "/-/ready";
        return m_process.state() == QProcess::Running && http::ask(request).status == 200;
    }
    void fire(const std::string& alert) const
    {
        http::Request request;
        request.method = "POST";
        request.url = url() + "/api/v2/alerts";
        request.body = json::array({json{{"labels", {{"alertname", alert}, {"severity", "critical"}}},
                                         {"annotations", {{"summary", "it is " + alert}}},
                                         {"endsAt", core::isoUtc(now() + 1h)}}})
                           .dump();
        QCOMPARE(http::ask(request).status, 200);
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    [[nodiscard]] quint16 gossip() const { return m_gossip; }
    [[nodiscard]] QByteArray said() { return m_process.readAll(); }

private:
    const QString m_config;
    const QString m_storage;
    const quint16 m_other;
    const quint16 m_port = freePort();
    const quint16 m_gossip = freePort();
    QProcess m_process;
};

bool isUp(const cluster::Client& client, std::size_t peer)
{
    return client.view()->peers.at(peer).state == ClusterPeer::State::Up;
}

bool isAway(const cluster::Client& client, std::size_t peer)
{
    return client.view()->peers.at(peer).state == ClusterPeer::State::Away;
}

// The silences that are not over.
std::vector<metrics::ClusterSilence> standing(const cluster::Client& client)
{
    auto silences = client.view()->silences;
    std::erase_if(silences, [](const auto& one) {
        return one.silence.stateAt(now()) == metrics::SilenceState::Expired;
    });
    return silences;
}

} // namespace

class TstClient final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void troubleOfAPeerIsItsOwn_data()
    {
        QTest::addColumn<int>("mood");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("503") << static_cast<int>(FakePeer::Mood::Busy) << QByteArray("HTTP 503");
        QTest::newRow("the connection is cut") << static_cast<int>(FakePeer::Mood::Deaf) << QByteArray();
        QTest::newRow("a redirect") << static_cast<int>(FakePeer::Mood::Elsewhere)
                                    << QByteArray("not followed");
        QTest::newRow("garbage") << static_cast<int>(FakePeer::Mood::Garbage)
                                 << QByteArray("no Alertmanager's");
        QTest::newRow("half an answer")
            << static_cast<int>(FakePeer::Mood::Half) << QByteArray("no Alertmanager's");
    }
    void troubleOfAPeerIsItsOwn()
    {
        QFETCH(int, mood);
        QFETCH(QByteArray, reason);
        FakePeer well, ill;
        cluster::Client client(specOf({well.url(), ill.url()}), {});
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0) && isUp(client, 1), kPatience);
        QCOMPARE(client.view()->alerts.size(), std::size_t(1)); // the same at both
        QCOMPARE(client.view()->alerts[0].peers.size(), std::size_t(2));
        ill.be(static_cast<FakePeer::Mood>(mood));
        QTRY_VERIFY_WITH_TIMEOUT(isAway(client, 1), kPatience);
        const QByteArray why = QByteArray::fromStdString(client.view()->peers[1].error);
        QVERIFY2(!why.isEmpty() && why.contains(reason), why.constData());
        QVERIFY(isUp(client, 0));
        QCOMPARE(client.view()->alerts[0].peers.size(), std::size_t(1));
        ill.be(FakePeer::Mood::Well);
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 1), kPatience);
    }

    void whoWasAwayIsToldOnceWhenItIsBack()
    {
        FakePeer first, second;
        second.be(FakePeer::Mood::Deaf);
        cluster::Client client(specOf({first.url(), second.url()}), {});
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0) && isAway(client, 1), kPatience);
        const auto outcome = told(client, silenceOf("A", "quiet"));
        QVERIFY(outcome.has_value());
        QCOMPARE(outcome->peers.size(), std::size_t(1));
        QCOMPARE(outcome->owed.size(), std::size_t(1));
        QTRY_COMPARE_WITH_TIMEOUT(client.view()->peers[1].owed, 1, kPatience);
        second.be(FakePeer::Mood::Forgetful); // it takes it, but its answer is lost: it is not told again
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 1) && client.view()->peers[1].owed == 0, kPatience);
        QCOMPARE(first.silences().size(), std::size_t(1));
        QCOMPARE(second.silences().size(), std::size_t(1));
        QTRY_COMPARE_WITH_TIMEOUT(standing(client).size(), std::size_t(1), kPatience); // one act, one row
        QCOMPARE(standing(client)[0].ids.size(), std::size_t(2));
        QVERIFY(ended(client, standing(client)[0].silence.id).has_value()); // at both
        QTRY_COMPARE_WITH_TIMEOUT(standing(client).size(), std::size_t(0), kPatience);
        QVERIFY(first.asked("DELETE", "/api/v2/silence/id-") == 1 &&
                second.asked("DELETE", "/api/v2/silence/id-") == 1);
    }

    void whatIsOwedOutlastsARestartAndIsToldOnce()
    {
        FakePeer first, second;
        second.be(FakePeer::Mood::Deaf);
        const auto kept = std::make_shared<std::string>(); // a client's at a time
        const cluster::DebtBook book{[kept] { return *kept; },
                                     [kept](const std::string& text) { *kept = text; }};
        {
            cluster::Client client(specOf({first.url(), second.url()}), {}, book);
            QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0) && isAway(client, 1), kPatience);
            QVERIFY(told(client, silenceOf("A", "quiet")).has_value());
        }
        QVERIFY(kept->find("quiet") != std::string::npos);
        second.be(FakePeer::Mood::Well);
        {
            cluster::Client client(specOf({first.url(), second.url()}), {}, book);
            QTRY_COMPARE_WITH_TIMEOUT(second.silences().size(), std::size_t(1), kPatience);
            QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 1) && client.view()->peers[1].owed == 0, kPatience);
        }
        QCOMPARE(*kept, std::string("[]"));
        QCOMPARE(first.silences().size(), std::size_t(1));
        cluster::Client third(specOf({first.url(), second.url()}), {}, book);
        QTRY_VERIFY_WITH_TIMEOUT(isUp(third, 0) && isUp(third, 1), kPatience);
        QCOMPARE(second.silences().size(), std::size_t(1));
    }

    void aBookThatIsNoneIsAnEmptyOne()
    {
        const std::vector<std::string> urls{"http://a:1", "http://b:1"};
        for (const char* text : {"", "{", "7", "[7, null, {}]", "[{\"silence\":7,\"peers\":[]}]",
                                 "[{\"silence\":\"{}\",\"peers\":[\"http://a:1\"]}]", "\xff\xfe"}) {
            QVERIFY(cluster::readDebts(text, urls).empty());
        }
        const cluster::Debt debt{silenceOf("A", "quiet"), {0, 1}};
        const std::string text = cluster::debtsText(std::span(&debt, 1), urls, now());
        const auto read = cluster::readDebts(text, std::vector<std::string>{"http://b:1"}); // a is gone
        QCOMPARE(read.size(), std::size_t(1));
        QVERIFY(read[0].peers == std::set<std::size_t>{0} &&
                cluster::sameSilence(read[0].silence, debt.silence));
    }

    void whatWasEndedMeanwhileIsOwedNoMore()
    {
        FakePeer first, second;
        second.be(FakePeer::Mood::Busy);
        cluster::Client client(specOf({first.url(), second.url()}), {});
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0) && isAway(client, 1), kPatience);
        QVERIFY(told(client, silenceOf("A", "quiet")).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(standing(client).size(), std::size_t(1), kPatience);
        QVERIFY(ended(client, standing(client)[0].silence.id).has_value());
        second.be(FakePeer::Mood::Well);
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 1), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(second.asked("GET", "/api/v2/status") >= 3, kPatience);
        QCOMPARE(second.asked("POST", "/"), std::size_t(0));
    }

    void whenNobodyIsThereItFailedAndIsForgotten()
    {
        FakePeer only;
        only.be(FakePeer::Mood::Busy);
        cluster::Client client(specOf({only.url()}), {});
        QTRY_VERIFY_WITH_TIMEOUT(isAway(client, 0), kPatience);
        const auto outcome = told(client, silenceOf("A", "quiet"));
        QVERIFY(!outcome.has_value());
        QVERIFY2(outcome.error().message.find("HTTP 503") != std::string::npos,
                 outcome.error().message.c_str());
        only.be(FakePeer::Mood::Well);
        QTRY_VERIFY_WITH_TIMEOUT(only.asked("GET", "/api/v2/status") >= 4, kPatience);
        QCOMPARE(only.asked("POST", "/"), std::size_t(0));
        QVERIFY(!ended(client, "nobody-knows-it").has_value());
    }

    void secretsGoInTheHeadAndNowhereElse()
    {
        FakePeer peer;
        peer.be(FakePeer::Mood::Elsewhere);
        cluster::Spec spec = specOf({peer.url()});
        spec.token = "secret:am";
        cluster::Client client(spec, [](const std::string& reference) {
            return core::Result<std::string>(reference == "secret:am" ? "canary" : "?");
        });
        QTRY_VERIFY_WITH_TIMEOUT(isAway(client, 0), kPatience);
        QCOMPARE(peer.requests().front().headers.at("authorization"), std::string("Bearer canary"));
        QVERIFY(client.view()->peers[0].error.find("canary") == std::string::npos);
        cluster::Client without(spec, [](const std::string&) {
            return core::Result<std::string>(core::fail("the key ring is locked"));
        });
        QTRY_VERIFY_WITH_TIMEOUT(isAway(without, 0), kPatience);
        QCOMPARE(without.view()->peers[0].error, std::string("the key ring is locked"));
    }

    void twoRealPeersOneOfWhichIsKilledAndComesBack()
    {
        QTemporaryDir folder;
        RealPeer first(folder, "one");
        RealPeer second(folder, "two", first.gossip());
        QVERIFY2(
            QTest::qWaitFor([&] { return first.ready() && second.ready(); }, kPatience),
            QByteArray("prometheus-alertmanager is needed: " + first.said() + second.said()).constData());
        cluster::Client client(specOf({first.url(), second.url()}), {});
        const auto clustered = [&] {
            const auto view = client.view();
            return view->away() == 0 && view->peers[0].members == 2 && view->peers[1].members == 2 &&
                   view->peers[0].group == view->peers[1].group && view->peers[1].gossip == "ready";
        };
        QTRY_VERIFY_WITH_TIMEOUT(clustered(), kPatience);
        for (const RealPeer* peer : {&first, &second}) { // as a Prometheus tells every one
            peer->fire("HighPoolUsage");
            peer->fire("Other");
        }
        const auto alert = [&](const std::string& name) {
            for (const ClusterAlert& one : client.view()->alerts) {
                if (one.name == name) {
                    return one;
                }
            }
            return ClusterAlert();
        };
        QTRY_COMPARE_WITH_TIMEOUT(alert("HighPoolUsage").peers.size(), std::size_t(2), kPatience);
        QCOMPARE(client.view()->alerts.size(), std::size_t(2));
        QVERIFY(alert("HighPoolUsage").severity == metrics::Severity::Critical);

        const auto acked = told(client, silenceOf("HighPoolUsage", "ACK! on it"));
        QVERIFY2(acked.has_value(), acked ? "" : acked.error().message.c_str());
        QCOMPARE(acked->peers.size(), std::size_t(1)); // it tells the other
        QTRY_COMPARE_WITH_TIMEOUT(alert("HighPoolUsage").ackedBy, std::string("ann"), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(standing(client).size() == 1 && standing(client)[0].peers.size() == 2,
                                 kPatience);
        QCOMPARE(standing(client)[0].ids, std::vector<std::string>{acked->id});
        QVERIFY(alert("Other").ackedBy.empty());

        second.kill();
        QTRY_VERIFY_WITH_TIMEOUT(isAway(client, 1), kPatience);
        QVERIFY(!client.view()->peers[1].error.empty());
        QCOMPARE(client.view()->alerts.size(), std::size_t(2)); // what is left goes on
        const auto meanwhile = told(client, silenceOf("Other", "while it was away"));
        QVERIFY(meanwhile.has_value() && meanwhile->owed.empty()); // its cluster will tell it
        second.start();
        QTRY_VERIFY_WITH_TIMEOUT(clustered(), kPatience);
        const auto both = [&] {
            const auto silences = standing(client);
            return silences.size() == 2 && silences[0].peers.size() == 2 && silences[1].peers.size() == 2;
        };
        QTRY_VERIFY_WITH_TIMEOUT(both(), kPatience);
        for (const auto& silence : standing(client)) {
            QCOMPARE(silence.ids.size(), std::size_t(1)); // nothing was told twice
        }
        second.fire(
            "HighPoolUsage"); // it forgot, its Prometheus says it again: still one alert, still acknowledged
        QTRY_COMPARE_WITH_TIMEOUT(alert("HighPoolUsage").peers.size(), std::size_t(2), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(alert("HighPoolUsage").ackedBy, std::string("ann"), kPatience);
        QCOMPARE(client.view()->alerts.size(), std::size_t(2));
        const auto over = ended(client, acked->id);
        QVERIFY2(over.has_value(), over ? "" : over.error().message.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(standing(client).size() == 1 &&
                                     alert("HighPoolUsage").state == ClusterAlert::State::Active,
                                 kPatience);
        auto wrong = silenceOf("Other", "never");
        wrong.endsAt = wrong.startsAt - 1h;
        const auto refused = told(client, wrong);
        QVERIFY(!refused.has_value());
        QVERIFY2(refused.error().message.find("HTTP 400") != std::string::npos,
                 refused.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TstClient)
#include "tst_client.moc"
