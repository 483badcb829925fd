#include "monitor/load/socket.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <system_error>
#include <unistd.h>

namespace load {

namespace {

core::Unexpected<core::Error> systemFailure(const char* what) {
    return core::fail(fmt::format("{}: {}", what, std::generic_category().message(errno)), "socket");
}

core::Result<SocketAddress> unixAddress(const Endpoint& endpoint) {
    const std::string path = fmt::format("{}/.s.PGSQL.{}", endpoint.host, endpoint.port);
    auto address = sockaddr_un{};
    if (path.size() >= sizeof address.sun_path) {
        return core::fail(fmt::format("the socket path is longer than {} bytes", sizeof address.sun_path - 1),
                          "socket");
    }
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    SocketAddress result;
    result.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    if (path.front() == '@') { // abstract: no file, the length counts (unix(7))
        address.sun_path[0] = '\0';
        --result.length;
    }
    std::memcpy(&result.storage, &address, sizeof address);
    return result;
}

Fd newSocket(int family) {
    Fd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (fd.valid() && family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // the only delay is ours
    }
    return fd;
}

} // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
}

Fd::~Fd() {
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

core::Result<SocketAddress> addressOf(const Endpoint& endpoint) {
    if (endpoint.isUnix()) {
        return unixAddress(endpoint);
    }
    SocketAddress result;
    auto four = sockaddr_in{};
    auto six = sockaddr_in6{};
    const auto port = htons(static_cast<std::uint16_t>(endpoint.port));
    if (::inet_pton(AF_INET, endpoint.host.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = port;
        std::memcpy(&result.storage, &four, result.length = sizeof four);
        return result;
    }
    if (::inet_pton(AF_INET6, endpoint.host.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = port;
        std::memcpy(&result.storage, &six, result.length = sizeof six);
        return result;
    }
    return core::fail("the server's address is not numeric", "socket");
}

core::Result<Fd> listenOn(const Endpoint& endpoint) {
    const auto address = addressOf(endpoint);
    if (!address) {
        return core::fail(address.error().message, address.error().code);
    }
    Fd fd = newSocket(address->storage.ss_family);
    if (!fd.valid()) {
        return systemFailure("cannot make a socket");
    }
    if (!endpoint.isUnix()) {
        const int on = 1;
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if (::bind(fd.get(), address->get(), address->length) != 0 || ::listen(fd.get(), SOMAXCONN) != 0) {
        return systemFailure("cannot listen");
    }
    return fd;
}

int boundPort(const Fd& listener) noexcept {
    auto address = sockaddr_in{};
    socklen_t length = sizeof address;
    if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        return 0;
    }
    return ntohs(address.sin_port);
}

core::Result<Fd> beginConnect(const Endpoint& endpoint) {
    const auto address = addressOf(endpoint);
    if (!address) {
        return core::fail(address.error().message, address.error().code);
    }
    Fd fd = newSocket(address->storage.ss_family);
    if (!fd.valid()) {
        return systemFailure("cannot make a socket");
    }
    if (::connect(fd.get(), address->get(), address->length) != 0 && errno != EINPROGRESS) {
        return systemFailure("cannot connect");
    }
    return fd;
}

} // namespace load
