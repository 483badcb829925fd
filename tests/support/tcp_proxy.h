// A TCP port in front of a server that behaves as badly as a test asks.
#pragma once

#include "monitor/core/mutex.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace support {

enum class Fault {
    None,      // passes everything
    Delay,     // everything arrives `delay` later
    Trickle,   // a byte at a time, `delay` apart
    BlackHole, // accepts, and nothing ever arrives any more, in either direction
    Reset,     // open connections are reset, new ones too
    HalfOpen,  // the client's bytes arrive, the server's never
    Truncate,  // the server's next answer is cut in the middle, then the connection ends
    Refuse     // nobody listens; open connections end
};

// Listens on 127.0.0.1 at a port of its own. Thread-safe. The destructor ends every connection.
class TcpProxy {
public:
    // `target`: the path of a Unix socket, or a numeric IPv4 address and a port ("127.0.0.2:5432").
    explicit TcpProxy(std::string target);
    ~TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    [[nodiscard]] int port() const noexcept { return m_port; }
    // From now on. Every connection first passes `afterBytes` more bytes of the server's: the fault strikes in the
    // middle of what these begin (a TLS handshake, a login, an answer). A connection that would be refused, reset or
    // swallowed at once is let through until then. Refuse knows no such respite.
    void setFault(Fault fault, std::chrono::milliseconds delay = std::chrono::milliseconds(0),
                  std::size_t afterBytes = 0);
    // Connections accepted since construction.
    [[nodiscard]] int accepted() const noexcept { return m_accepted.load(); }
    // Connections of which the `afterBytes` have passed since the fault was set: it has struck in the middle.
    [[nodiscard]] int struck() const noexcept { return m_struck.load(); }
    // The most connections that were open at the same time.
    [[nodiscard]] int mostAtOnce() const noexcept { return m_most.load(); }

private:
    struct Pair;
    struct Chunk;

    void run(const std::stop_token& stop);
    void listenOrNot(Fault fault);
    void acceptAll(Fault fault);
    void accepted(int client, Fault fault);
    void renew(std::uint64_t order);
    [[nodiscard]] Fault strikes(const Pair& pair, Fault fault) const;
    void pump(Pair& pair, Fault fault);
    void forward(Pair& pair, Fault fault);
    bool readInto(Pair& pair, int from, int to, Fault fault);

    const std::string m_target;
    int m_port = 0;
    int m_listener = -1; // of the pump thread once that runs
    int m_wake = -1;     // eventfd
    std::atomic<Fault> m_fault{Fault::None};
    std::atomic<std::chrono::milliseconds::rep> m_delay{0};
    std::atomic<std::size_t> m_after{0};
    std::atomic<std::uint64_t> m_order{0}; // how often the fault was set
    std::uint64_t m_obeyed = 0;            // of the pump thread
    std::atomic<int> m_accepted{0};
    std::atomic<int> m_most{0};
    std::atomic<int> m_struck{0};
    std::vector<std::unique_ptr<Pair>> m_pairs; // of the pump thread
    std::jthread m_thread;                      // last: joins first
};

} // namespace support
