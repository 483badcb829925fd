#include "monitor/load/proxy.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <fmt/format.h>
#include <list>
#include <poll.h>
#include <random>
#include <string>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace load {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kMaxQueued = 256 * 1024; // a direction; a full one is not read from until it drains
constexpr std::size_t kReadSize = 32 * 1024;
constexpr core::Nanos kNoDescriptors =
    std::chrono::milliseconds(100); // pause when the process has no more of them

struct Chunk {
    Steady::time_point due;
    std::string bytes;
    std::size_t sent = 0;
};

// One direction of a connection.
struct Direction {
    std::deque<Chunk> chunks;
    std::size_t queued = 0;
    Steady::time_point lastDue = {};
    bool ended = false;  // the sender said end of stream
    bool closed = false; // … and that was passed on

    [[nodiscard]] bool wantsRead() const { return !ended && queued < kMaxQueued; }
    [[nodiscard]] bool isDue(Steady::time_point now) const {
        return !chunks.empty() && chunks.front().due <= now;
    }
};

struct Link {
    Fd client;
    Fd server;
    Direction up;
    Direction down;
    bool broken = false;

    [[nodiscard]] bool finished() const { return broken || (up.closed && down.closed); }
};

// An unused loopback address with the wanted port; any port when that one is taken on all of them (a server
// that listens on every address).
core::Result<Fd> listenOnLoopback(Endpoint& local) {
    for (int host = 2; host < 32; ++host) {
        local.host = fmt::format("127.0.0.{}", host);
        if (auto listener = listenOn(local)) {
            return listener;
        }
    }
    local = {"127.0.0.1", 0};
    auto listener = listenOn(local);
    if (listener) {
        local.port = boundPort(*listener);
    }
    return listener;
}

core::Result<std::filesystem::path> privateFolder() {
    std::error_code error;
    const std::filesystem::path base = std::filesystem::temp_directory_path(error);
    std::string pattern = ((error ? std::filesystem::path("/tmp") : base) / "poolscope-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) { // 0700
        return core::fail(
            fmt::format("cannot make a folder for the socket: {}", std::generic_category().message(errno)),
            "socket");
    }
    return std::filesystem::path(pattern);
}

} // namespace

// The proxy's thread at work: everything in here is its own.
class Proxy::Loop {
public:
    explicit Loop(Proxy& proxy)
        : m_proxy(proxy) {}

    void turn() {
        watch();
        wait();
        const Steady::time_point now = Steady::now();
        std::size_t at = 2;
        for (Link& link : m_links) {
            serve(link, m_polled[at], m_polled[at + 1], now);
            at += 2;
        }
        m_links.remove_if([](const Link& link) { return link.finished(); });
        if (m_polled[0].revents & POLLIN) {
            accept();
        }
        m_proxy.m_connections.store(static_cast<int>(m_links.size()), std::memory_order_relaxed);
    }

private:
    void watch() {
        const Steady::time_point now = Steady::now();
        m_next = now + std::chrono::seconds(1);
        const bool accepting = now >= m_acceptFrom;
        m_polled.assign(
            {{accepting ? m_proxy.m_listener.get() : -1, POLLIN, 0}, {m_proxy.m_wake.get(), POLLIN, 0}});
        for (const Link& link : m_links) {
            m_polled.push_back(polled(link.client, events(link.up, link.down, now)));
            m_polled.push_back(polled(link.server, events(link.down, link.up, now)));
        }
    }

    // poll() tells of hang-ups even when asked for nothing: an end that nothing is wanted of is left out
    // (-1), or the thread would spin until the last bytes are due.
    static pollfd polled(const Fd& fd, short wanted) { return {wanted == 0 ? -1 : fd.get(), wanted, 0}; }

    // What to wait for on an end that `out` is read from and `in` is written to.
    short events(const Direction& out, const Direction& in, Steady::time_point now) {
        short wanted = 0;
        if (out.wantsRead()) {
            wanted = static_cast<short>(wanted | POLLIN);
        }
        if (in.isDue(now) || (in.ended && in.chunks.empty() && !in.closed)) {
            wanted = static_cast<short>(wanted | POLLOUT);
        } else if (!in.chunks.empty()) {
            m_next = std::min(m_next, in.chunks.front().due);
        }
        return wanted;
    }

    void wait() {
        const auto left = std::max(core::Nanos(0), core::Nanos(m_next - Steady::now()));
        const auto whole = std::chrono::floor<std::chrono::seconds>(left);
        const timespec timeout{static_cast<time_t>(whole.count()), static_cast<long>((left - whole).count())};
        ::ppoll(m_polled.data(), m_polled.size(), &timeout, nullptr);
    }

    void serve(Link& link, const pollfd& client, const pollfd& server, Steady::time_point now) {
        read(link, link.client, link.up, client);
        read(link, link.server, link.down, server);
        write(link, link.server, link.up, server, now);
        write(link, link.client, link.down, client, now);
    }

    void read(Link& link, const Fd& from, Direction& direction, const pollfd& polled) {
        constexpr short kSomething = POLLIN | POLLHUP | POLLERR;
        if (!(polled.revents & kSomething)) {
            return;
        }
        if (!direction.wantsRead()) {
            link.broken = link.broken || (polled.revents & POLLERR);
            return;
        }
        const ssize_t got = ::recv(from.get(), m_buffer.data(), m_buffer.size(), 0);
        if (got > 0) {
            direction.lastDue = std::max(direction.lastDue, Steady::now() + oneWay());
            direction.chunks.push_back(
                {direction.lastDue, std::string(m_buffer.data(), static_cast<std::size_t>(got))});
            direction.queued += static_cast<std::size_t>(got);
        } else if (got == 0) {
            direction.ended = true;
        } else if (errno != EAGAIN && errno != EINTR) {
            link.broken = true;
        }
    }

    void write(Link& link, const Fd& to, Direction& direction, const pollfd& polled, Steady::time_point now) {
        if (!(polled.revents & POLLOUT)) {
            return;
        }
        while (direction.isDue(now)) {
            Chunk& chunk = direction.chunks.front();
            const std::size_t left = chunk.bytes.size() - chunk.sent;
            const ssize_t sent = ::send(to.get(), chunk.bytes.data() + chunk.sent, left, MSG_NOSIGNAL);
            if (sent < 0) {
                link.broken = link.broken || (errno != EAGAIN && errno != EINTR);
                return;
            }
            chunk.sent += static_cast<std::size_t>(sent);
            direction.queued -= static_cast<std::size_t>(sent);
            if (chunk.sent < chunk.bytes.size()) {
                return;
            }
            direction.chunks.pop_front();
        }
        if (direction.ended && direction.chunks.empty() && !direction.closed) {
            ::shutdown(to.get(), SHUT_WR);
            direction.closed = true;
        }
    }

    void accept() {
        for (;;) {
            Fd client(::accept4(m_proxy.m_listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
            if (!client.valid()) {
                if (errno == EMFILE || errno == ENFILE) { // still readable: do not spin
                    m_acceptFrom = Steady::now() + kNoDescriptors;
                }
                return;
            }
            if (auto server = beginConnect(m_proxy.m_target)) {
                m_links.push_back({std::move(client), std::move(server).value(), {}, {}, false});
            } // else the client sees its connection closed, as from a server that is away
        }
    }

    // Half of what is added to a round trip.
    core::Nanos oneWay() {
        const auto jitter = m_proxy.m_jitter.load(std::memory_order_relaxed) / 2;
        std::uniform_int_distribution<core::Nanos::rep> more(0, std::max<core::Nanos::rep>(jitter, 0));
        return core::Nanos(m_proxy.m_delay.load(std::memory_order_relaxed) / 2 + more(m_random));
    }

    Proxy& m_proxy;
    std::list<Link> m_links;
    std::vector<pollfd> m_polled;   // listener, wake, then client and server of each link in their order
    Steady::time_point m_next = {}; // when the next bytes are due
    Steady::time_point m_acceptFrom = {};
    std::array<char, kReadSize> m_buffer{};
    std::minstd_rand m_random{std::random_device{}()};
};

core::Result<std::unique_ptr<Proxy>> Proxy::start(Endpoint target, Slowness slowness) {
    if (const auto address = addressOf(target); !address) {
        return core::fail(address.error().message, address.error().code);
    }
    Endpoint local = target;
    std::filesystem::path folder;
    if (target.isUnix()) {
        auto made = privateFolder();
        if (!made) {
            return core::fail(made.error().message, made.error().code);
        }
        folder = *made;
        local.host = folder.string();
    }
    auto listener = target.isUnix() ? listenOn(local) : listenOnLoopback(local);
    Fd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!listener || !wake.valid()) {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
        return listener ? core::fail("cannot make an event descriptor", "socket")
                        : core::fail(listener.error().message, listener.error().code);
    }
    return std::unique_ptr<Proxy>(new Proxy(std::move(target), std::move(local), std::move(folder),
                                            std::move(listener).value(), std::move(wake), slowness));
}

Proxy::Proxy(Endpoint target, Endpoint local, std::filesystem::path folder, Fd listener, Fd wake,
             Slowness slowness)
    : m_target(std::move(target))
    , m_local(std::move(local))
    , m_folder(std::move(folder))
    , m_listener(std::move(listener))
    , m_wake(std::move(wake))
    , m_delay(slowness.delay.count())
    , m_jitter(slowness.jitter.count())
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); }) {}

Proxy::~Proxy() {
    m_thread.request_stop();
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wake.get(), &one, sizeof one);
    m_thread.join();
    if (!m_folder.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }
}

void Proxy::setSlowness(Slowness slowness) noexcept {
    m_delay.store(slowness.delay.count(), std::memory_order_relaxed);
    m_jitter.store(slowness.jitter.count(), std::memory_order_relaxed);
}

void Proxy::run(std::stop_token stop) {
    Loop loop(*this);
    while (!stop.stop_requested()) {
        loop.turn();
    }
}

} // namespace load
