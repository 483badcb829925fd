#include "monitor/net/listen_socket.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace net {

namespace {

struct FreeAddrInfo {
    void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using AddrInfo = std::unique_ptr<addrinfo, FreeAddrInfo>;

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};

Endpoint endpointOf(int fd)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0 ||
        getnameinfo(reinterpret_cast<sockaddr*>(&storage), size, host.data(), host.size(), service.data(),
                    service.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return {};
    }
    return {host.data(), static_cast<std::uint16_t>(std::strtoul(service.data(), nullptr, 10))};
}

core::Unexpected<core::Error> failed(const std::string& where, std::uint16_t port, int error)
{
    switch (error) {
    case EADDRINUSE:
        return core::fail(
            fmt::format("port {} is already in use at {}; stop the other program or choose another one "
                        "with --listen (port 0 takes any free one)",
                        port, where),
            "EADDRINUSE");
    case EACCES:
        return core::fail(
            fmt::format("port {} at {} may not be used; choose one above 1023 with --listen", port, where),
            "EACCES");
    case EADDRNOTAVAIL:
        return core::fail(
            fmt::format("this machine has no address {}; choose another one with --listen", where),
            "EADDRNOTAVAIL");
    default:
        return core::fail(fmt::format("cannot listen at {} port {}: {}", where, port, std::strerror(error)),
                          strerrorname_np(error) ? strerrorname_np(error) : "");
    }
}

// The descriptor, or -1 with errno.
int openOne(const addrinfo& info)
{
    const int fd = socket(info.ai_family, info.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, info.ai_protocol);
    if (fd < 0) {
        return -1;
    }
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (info.ai_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    if (bind(fd, info.ai_addr, info.ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0) {
        return fd;
    }
    const int error = errno;
    close(fd);
    errno = error;
    return -1;
}

} // namespace

core::Result<ListenSocket> ListenSocket::open(const std::string& host, std::uint16_t port)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const std::string bare =
        host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
    if (const int error = getaddrinfo(bare.c_str(), std::to_string(port).c_str(), &hints, &found);
        error != 0) {
        return core::fail(
            fmt::format("cannot listen at '{}': {}; give an address of this machine with --listen", host,
                        gai_strerror(error)),
            "EAI");
    }
    const AddrInfo list(found);
    int error = EADDRNOTAVAIL;
    for (const addrinfo* info = list.get(); info; info = info->ai_next) {
        const int fd = openOne(*info);
        if (fd >= 0) {
            ListenSocket socket(fd);
            const Endpoint bound = endpointOf(fd);
            socket.m_address = bound.address;
            socket.m_port = bound.port;
            return socket;
        }
        error = errno;
    }
    return failed(bare, port, error);
}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : m_fd(other.release())
    , m_address(std::move(other.m_address))
    , m_port(other.m_port)
{
}

ListenSocket::~ListenSocket()
{
    if (m_fd >= 0) {
        close(m_fd);
    }
}

std::string hostAndPort(const std::string& address, std::uint16_t port)
{
    return address.find(':') == std::string::npos ? fmt::format("{}:{}", address, port)
                                                  : fmt::format("[{}]:{}", address, port);
}

std::string localAddressOf(int fd)
{
    return endpointOf(fd).address;
}

} // namespace net
