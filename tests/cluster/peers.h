// Alertmanagers for tests: some that fail as they are told, and real ones (Debian's prometheus-alertmanager).
#pragma once

#include "monitor/alert/silence.h"
#include "monitor/cluster/client.h"
#include "monitor/core/format.h"
#include "tests/support/http_catcher.h"

#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <optional>

namespace peers {

using cluster::Told;
using metrics::ClusterAlert;
using metrics::ClusterPeer;
using nlohmann::json;
using support::CatcherAnswer;
using support::CaughtRequest;
using support::HttpCatcher;

constexpr int kPatience = 60'000; // ms

inline core::WallTime now()
{
    return core::SystemClock::instance().wallNow();
}

inline metrics::SilenceRow silenceOf(const std::string& alert, const std::string& comment)
{
    metrics::SilenceRow row;
    row.matchers = {{"alertname", alert, false, true}};
    row.startsAt = now();
    row.endsAt = row.startsAt + std::chrono::hours(1);
    row.createdBy = "ann";
    row.comment = comment;
    return row;
}

inline cluster::Spec specOf(std::vector<std::string> peers)
{
    cluster::Spec spec;
    spec.peers = std::move(peers);
    spec.interval = std::chrono::seconds(1);
    return spec;
}

// Waits for what became of something that is said to the client.
template <class Say>
core::Result<Told> outcomeOf(Say say)
{
    auto promise = std::make_shared<std::promise<core::Result<Told>>>();
    say([promise](const core::Result<Told>& outcome) { promise->set_value(outcome); });
    return promise->get_future().get();
}

inline core::Result<Told> told(cluster::Client& client, const metrics::SilenceRow& silence)
{
    return outcomeOf([&](cluster::Client::Done done) { client.silence(silence, std::move(done)); });
}

inline core::Result<Told> ended(cluster::Client& client, const std::string& id)
{
    return outcomeOf([&](cluster::Client::Done done) { client.expire(id, std::move(done)); });
}

inline core::Result<Told> acknowledged(cluster::Client& client, const metrics::Labels& labels)
{
    return outcomeOf([&](cluster::Client::Done done) {
        client.acknowledge({labels, "ann", "on it"}, std::move(done));
    });
}

inline core::Result<Told> withdrawn(cluster::Client& client, const metrics::Labels& labels)
{
    return outcomeOf([&](cluster::Client::Done done) { client.withdraw(labels, std::move(done)); });
}

// An Alertmanager of its own, without a cluster, that can be made to fail.
class FakePeer {
public:
    enum class Mood { Well, Busy, Deaf, Forgetful, Elsewhere, Garbage, Half, Full };

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
    // Of alertname "A", since then; nothing: it is over.
    void fireSince(std::optional<core::WallTime> since)
    {
        const std::lock_guard lock(m_mutex);
        m_alerts = json::array();
        if (since) {
            m_alerts.push_back({{"labels", {{"alertname", "A"}}}, {"startsAt", core::isoUtc(*since)}});
        }
    }
    // As somebody does who asks this one, not us.
    void endByHand()
    {
        const std::lock_guard lock(m_mutex);
        for (json& one : m_silences) {
            one["updatedAt"] = one["endsAt"] = core::isoUtc(now());
        }
    }
    [[nodiscard]] std::size_t standing() const // silences that are not over
    {
        const std::lock_guard lock(m_mutex);
        std::size_t count = 0;
        for (const json& one : m_silences) {
            count += one["endsAt"].get<std::string>() > core::isoUtc(now()) ? 1U : 0U;
        }
        return count;
    }
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
        case Mood::Full: // refuses what is new
            if (post) {
                answer.status = 400;
                answer.body = R"("exceeded maximum number of silences")";
                return answer;
            }
            break;
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
                if (request.path.ends_with("/" + one["id"].get<std::string>())) {
                    one["updatedAt"] = one["endsAt"] = core::isoUtc(now());
                }
            }
            return {};
        }
        if (request.path.ends_with("/status")) {
            return R"({"cluster":{"status":"disabled","peers":[]},"versionInfo":{"version":"0.25.0"}})";
        }
        return request.path.ends_with("/silences") ? m_silences.dump() : m_alerts.dump();
    }
    void keep(const std::string& body)
    {
        const std::lock_guard lock(m_mutex);
        (void)keepLocked(body);
    }
    std::string keepLocked(const std::string& body)
    {
        json one = json::parse(body);
        one["updatedAt"] = core::isoUtc(now());
        for (json& old : m_silences) {
            if (old["id"] == one["id"]) { // prolonged
                old = one;
                return one["id"];
            }
        }
        one["id"] = "id-" + std::to_string(m_server.port()) + "-" + std::to_string(m_silences.size());
        m_silences.push_back(one);
        return one["id"];
    }

    std::atomic<Mood> m_mood{Mood::Well};
    mutable std::mutex m_mutex; // guards what follows
    json m_silences = json::array();
    json m_alerts =
        json::array({json{{"labels", {{"alertname", "A"}}}, {"startsAt", "2026-11-27T00:00:00Z"}}});
    HttpCatcher m_server; // last: its threads use the above
};

inline quint16 freePort()
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
    void fire(const std::string& alert) const { tell(alert, now() + std::chrono::hours(1)); }
    void resolve(const std::string& alert) const { tell(alert, now()); }
    [[nodiscard]] json silences() const
    {
        http::Request request;
        request.url = url() + "/api/v2/silences";
        return json::parse(http::ask(request).body, nullptr, false);
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    [[nodiscard]] quint16 gossip() const { return m_gossip; }
    [[nodiscard]] QByteArray said() { return m_process.readAll(); }

private:
    void tell(const std::string& alert, core::WallTime end) const
    {
        http::Request request;
        request.method = "POST";
        request.url = url() + "/api/v2/alerts";
        request.body = json::array({json{{"labels", {{"alertname", alert}, {"severity", "critical"}}},
                                         {"annotations", {{"summary", "it is " + alert}}},
                                         {"endsAt", core::isoUtc(end)}}})
                           .dump();
        QCOMPARE(http::ask(request).status, 200);
    }

    const QString m_config;
    const QString m_storage;
    const quint16 m_other;
    const quint16 m_port = freePort();
    const quint16 m_gossip = freePort();
    QProcess m_process;
};

inline bool isUp(const cluster::Client& client, std::size_t peer)
{
    return client.view()->peers.at(peer).state == ClusterPeer::State::Up;
}

inline bool isAway(const cluster::Client& client, std::size_t peer)
{
    return client.view()->peers.at(peer).state == ClusterPeer::State::Away;
}

// The silences that are not over.
inline std::vector<metrics::ClusterSilence> standing(const cluster::Client& client)
{
    auto silences = client.view()->silences;
    std::erase_if(silences, [](const auto& one) {
        return one.silence.stateAt(now()) == metrics::SilenceState::Expired;
    });
    return silences;
}

} // namespace peers
