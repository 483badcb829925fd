// Deadlines of whole requests. The HTTP library's own timeout starts anew with every byte, so a client that
// drips one byte a second would stay for ever; this watch gives each phase of a connection a total and closes
// what exceeds it.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <thread>

namespace net {

struct WatchLimits {
    core::Millis receive{10'000}; // a whole request, from its first byte (a new connection: from its opening)
    core::Millis idle{30'000};    // between two requests
    core::Millis send{60'000};    // a whole answer
    // Beyond, a new connection closes the one that has been idle or receiving longest.
    std::size_t crowd = 1536;
};

// Thread-safe. A closing is a shutdown() of the socket: the library's thread then sees the end and cleans up.
class ConnectionWatch {
public:
    enum class Phase { Receiving, Working, Sending, Idle };

    struct Entry {
        int fd = -1;
        Phase phase = Phase::Receiving;
        core::SteadyTime since = {};
        std::uint64_t bytes = 0; // received when it became idle: more means that a request is arriving
        bool closing = false;
    };
    using Handle = std::list<Entry>::iterator;

    explicit ConnectionWatch(WatchLimits limits);
    ~ConnectionWatch();
    ConnectionWatch(const ConnectionWatch&) = delete;
    ConnectionWatch& operator=(const ConnectionWatch&) = delete;

    // The descriptor must stay open until remove().
    [[nodiscard]] Handle add(int fd);
    void enter(Handle handle, Phase phase);
    void remove(Handle handle);
    // Closes all connections and every later one, and waits until they are removed; false when the time was
    // too short.
    bool closeAll(core::Millis patience);
    [[nodiscard]] std::size_t size() const;
    // Connections closed for being late or in the way, ever.
    [[nodiscard]] std::uint64_t closed() const;

private:
    void run(std::stop_token stop);
    void closeLate(core::SteadyTime now) REQUIRES(m_mutex);
    void closeOldest() REQUIRES(m_mutex);
    void close(Entry& entry) REQUIRES(m_mutex);
    [[nodiscard]] core::Millis limitOf(Phase phase) const noexcept;

    const WatchLimits m_limits;
    mutable core::Mutex m_mutex; // guards what follows; only quick system calls under it
    core::CondVar m_changed;
    std::list<Entry> m_entries GUARDED_BY(m_mutex);
    std::uint64_t m_closed GUARDED_BY(m_mutex) = 0;
    bool m_ending GUARDED_BY(m_mutex) = false;
    std::jthread m_thread; // last: joins first
};

} // namespace net
