// A TCP port in front of a Unix socket that behaves as badly as a test asks.
#pragma once

#include "monitor/core/mutex.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace support {

enum class Fault {
    None,
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
    explicit TcpProxy(std::string unixSocketPath);
    ~TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    [[nodiscard]] int port() const noexcept { return m_port; }
    void setFault(Fault fault, std::chrono::milliseconds delay = std::chrono::milliseconds(0));
    // Connections accepted since construction.
    [[nodiscard]] int accepted() const noexcept { return m_accepted.load(); }
    // Accepted and not yet answered: how many attempts are under way at most at once.
    [[nodiscard]] int mostAtOnce() const noexcept { return m_most.load(); }

private:
    struct Pair;
    struct Chunk;

    void run(const std::stop_token& stop);
    void listenOrNot(Fault fault);
    void acceptAll(Fault fault);
    void pump(Pair& pair, Fault fault);
    void forward(Pair& pair, Fault fault);
    bool readInto(Pair& pair, int from, int to, Fault fault);

    const std::string m_path;
    int m_port = 0;
    int m_listener = -1; // of the pump thread once that runs
    int m_wake = -1;     // eventfd
    std::atomic<Fault> m_fault{Fault::None};
    std::atomic<std::chrono::milliseconds::rep> m_delay{0};
    std::atomic<int> m_accepted{0};
    std::atomic<int> m_most{0};
    std::vector<std::unique_ptr<Pair>> m_pairs; // of the pump thread
    std::jthread m_thread;                      // last: joins first
};

} // namespace support
