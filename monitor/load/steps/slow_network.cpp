#include "monitor/load/own_session.h"
#include "monitor/load/proxy.h"
#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"
#include "monitor/pg/peer.h"

#include <memory>

namespace load::steps {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanos kGoodbye = 1s; // for connections through the proxy to be given back

// The same server, user and credentials, by way of the proxy. The host's name stays for TLS and .pgpass.
pg::ConnInfo routed(pg::ConnInfo info, const pg::Peer& peer, const Endpoint& local) {
    info.set("host", local.isUnix() ? local.host : peer.host);
    if (!local.isUnix()) {
        info.set("hostaddr", local.host);
    }
    info.set("port", std::to_string(local.port));
    return info;
}

// The pool's way to the server leads through a slow proxy for as long as this lives.
class Detour {
public:
    static core::Result<std::unique_ptr<Detour>> make(Context& context, Slowness slowness) {
        const core::Text kWhat{"the slow network cannot be put in", "无法接入慢速网络"};
        if (!context.connInfo().get("requirepeer").empty()) {
            return context.fail(kWhat, "requirepeer");
        }
        auto direct = openOwnSession(context.connInfo(), 3s, context.stop());
        if (!direct) {
            return context.fail(kWhat, direct.error().message);
        }
        const pg::Peer peer = pg::peerOf(**direct);
        auto proxy = Proxy::start({peer.isUnix() ? peer.host : peer.address, peer.port}, slowness);
        if (!proxy) {
            return context.fail(kWhat, proxy.error().message);
        }
        const pg::ConnInfo by = routed(context.connInfo(), peer, (*proxy)->local());
        // Logging in takes several round trips; passwords may be bound to address and port.
        auto tried = openOwnSession(by, 3s + 10 * (slowness.delay + slowness.jitter), context.stop());
        if (!tried) {
            return context.fail(kWhat, tried.error().message);
        }
        context.pool().setConnInfo(by);
        return std::make_unique<Detour>(context, std::move(proxy).value());
    }

    Detour(Context& context, std::unique_ptr<Proxy> proxy)
        : m_context(context)
        , m_proxy(std::move(proxy)) {}
    Detour(const Detour&) = delete;
    Detour& operator=(const Detour&) = delete;
    ~Detour() {
        m_proxy->setSlowness({});
        m_context.pool().setConnInfo(m_context.connInfo());
        // Others may hold connections that go this way: they get a moment before they are cut.
        const core::SteadyTime until = std::chrono::steady_clock::now() + kGoodbye;
        while (m_proxy->connections() > 0 && std::chrono::steady_clock::now() < until) {
            sleepFor({}, 5ms);
        }
    }

private:
    Context& m_context;
    const std::unique_ptr<Proxy> m_proxy;
};

} // namespace

core::Result<void> runSlowNetwork(Context& context) {
    const Slowness slowness{context.millis("delay"), context.millis("jitter")};
    context.setPhase({"putting a slow line in", "正在接入慢速线路"});
    const auto detour = Detour::make(context, slowness);
    if (!detour) {
        return core::fail(detour.error().message, detour.error().code);
    }
    context.setPhase({"every round trip takes longer", "每次往返都变慢"});
    Workers workers(context.curfew()); // gone before the detour is
    addClients(workers, context,
               {.count = context.whole("clients"),
                .tag = "scenario/slow_network",
                .sql = kPing.sql,
                .deadline = 5s + slowness.delay + slowness.jitter,
                .pause = 50ms});
    context.waitToEnd();
    return {};
}

} // namespace load::steps
