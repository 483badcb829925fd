#include "monitor/net/connection_watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace net {

namespace {

// How far a deadline may be overrun.
constexpr core::Millis kGrain{250};

// Bytes the peer has sent ever (tcp_info, Linux 4.1); 0 when the kernel does not say.
std::uint64_t bytesReceived(int fd)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) {
        return 0;
    }
    return info.tcpi_bytes_received;
}

} // namespace

ConnectionWatch::ConnectionWatch(WatchLimits limits)
    : m_limits(limits)
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

ConnectionWatch::~ConnectionWatch() = default;

ConnectionWatch::Handle ConnectionWatch::add(int fd)
{
    Handle handle;
    {
        const core::MutexLock lock(m_mutex);
        if (m_entries.size() >= m_limits.crowd) {
            closeOldest();
        }
        m_entries.push_back({fd, Phase::Receiving, std::chrono::steady_clock::now(), 0, false});
        handle = std::prev(m_entries.end());
        if (m_ending) {
            close(*handle);
        }
    }
    m_changed.notify_all();
    return handle;
}

void ConnectionWatch::enter(Handle handle, Phase phase)
{
    const core::MutexLock lock(m_mutex);
    if (handle->phase == phase) {
        return; // the deadline of a phase is never renewed
    }
    handle->phase = phase;
    handle->since = std::chrono::steady_clock::now();
    if (phase == Phase::Idle) {
        handle->bytes = bytesReceived(handle->fd);
    }
}

void ConnectionWatch::remove(Handle handle)
{
    {
        const core::MutexLock lock(m_mutex);
        m_entries.erase(handle);
    }
    m_changed.notify_all();
}

bool ConnectionWatch::closeAll(core::Millis patience)
{
    core::MutexLock lock(m_mutex);
    m_ending = true;
    for (Entry& entry : m_entries) {
        close(entry);
    }
    return m_changed.wait_for(lock, patience, [this]() REQUIRES(m_mutex) { return m_entries.empty(); });
}

std::size_t ConnectionWatch::size() const
{
    const core::MutexLock lock(m_mutex);
    return m_entries.size();
}

std::uint64_t ConnectionWatch::closed() const
{
    const core::MutexLock lock(m_mutex);
    return m_closed;
}

core::Millis ConnectionWatch::limitOf(Phase phase) const noexcept
{
    switch (phase) {
    case Phase::Receiving:
        return m_limits.receive;
    case Phase::Idle:
        return m_limits.idle;
    case Phase::Sending:
        return m_limits.send;
    case Phase::Working: // has deadlines of its own, and the library closes it when the answer cannot be sent
        break;
    }
    return core::Millis::max();
}

void ConnectionWatch::close(Entry& entry)
{
    if (!entry.closing) {
        entry.closing = true;
        ++m_closed;
        shutdown(entry.fd, SHUT_RDWR);
    }
}

void ConnectionWatch::closeLate(core::SteadyTime now)
{
    for (Entry& entry : m_entries) {
        if (entry.phase == Phase::Idle && bytesReceived(entry.fd) > entry.bytes) {
            entry.phase =
                Phase::Receiving; // the library tells of a request only once its first line is complete
            entry.since = now;
        }
        if (std::chrono::floor<core::Millis>(now - entry.since) >= limitOf(entry.phase)) {
            close(entry);
        }
    }
}

void ConnectionWatch::closeOldest()
{
    Entry* oldest = nullptr;
    for (Entry& entry : m_entries) {
        const bool waiting = entry.phase == Phase::Idle || entry.phase == Phase::Receiving;
        if (waiting && !entry.closing && (!oldest || entry.since < oldest->since)) {
            oldest = &entry;
        }
    }
    if (oldest) {
        close(*oldest);
    }
}

void ConnectionWatch::run(std::stop_token stop)
{
    core::MutexLock lock(m_mutex);
    while (!stop.stop_requested()) {
        m_changed.wait(lock, stop, [this]() REQUIRES(m_mutex) { return !m_entries.empty(); });
        m_changed.wait_for(lock, stop, kGrain, [] { return false; });
        closeLate(std::chrono::steady_clock::now());
    }
}

} // namespace net
