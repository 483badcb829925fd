// A slow line to the server: passes bytes through untouched (TLS too), a while later.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/load/socket.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <thread>

namespace load {

// Added to every round trip: `delay`, and at random up to `jitter` more. Bytes never overtake each other.
struct Slowness {
    core::Nanos delay{0};
    core::Nanos jitter{0};
};

// Thread-safe; one thread of its own, at most 256 KiB waiting in each direction of a connection. The
// destructor cuts what is still connected.
class Proxy {
public:
    // Listens on a Unix socket in a folder of its own for a Unix target, else on a loopback address, there on
    // the target's port where that is free (.pgpass lines name it).
    [[nodiscard]] static core::Result<std::unique_ptr<Proxy>> start(Endpoint target, Slowness slowness);
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    // Where clients connect instead: a socket directory or numeric address, and the port.
    [[nodiscard]] const Endpoint& local() const noexcept { return m_local; }
    void setSlowness(Slowness slowness) noexcept; // of what comes from now on
    [[nodiscard]] int connections() const noexcept { return m_connections.load(std::memory_order_relaxed); }

private:
    class Loop;
    Proxy(Endpoint target, Endpoint local, std::filesystem::path folder, Fd listener, Fd wake,
          Slowness slowness);
    void run(std::stop_token stop);

    const Endpoint m_target;
    const Endpoint m_local;
    const std::filesystem::path m_folder; // ours to remove; empty for TCP
    const Fd m_listener;
    const Fd m_wake; // eventfd: readable when asked to stop
    std::atomic<core::Nanos::rep> m_delay;
    std::atomic<core::Nanos::rep> m_jitter;
    std::atomic<int> m_connections{0};
    std::jthread m_thread; // last: joins first
};

} // namespace load
