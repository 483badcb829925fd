// The few socket calls the proxy needs: owned descriptors, a listener, a connect that does not wait.
#pragma once

#include "monitor/core/result.h"

#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <utility>

namespace load {

// Owns a file descriptor. Move-only.
class Fd {
public:
    Fd() noexcept = default;
    explicit Fd(int fd) noexcept
        : m_fd(fd) {}
    Fd(Fd&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1)) {}
    Fd& operator=(Fd&& other) noexcept;
    ~Fd();

    [[nodiscard]] int get() const noexcept { return m_fd; }
    [[nodiscard]] bool valid() const noexcept { return m_fd >= 0; }

private:
    int m_fd = -1;
};

// Where a PostgreSQL listens: a socket directory (or "@name", abstract) and port, or a numeric address and
// port.
struct Endpoint {
    std::string host;
    int port = 5432;

    [[nodiscard]] bool isUnix() const noexcept { return host.starts_with('/') || host.starts_with('@'); }
};

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    [[nodiscard]] const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

// libpq's naming: DIR/.s.PGSQL.PORT. Errors: a path too long for a socket, an address that is not numeric.
[[nodiscard]] core::Result<SocketAddress> addressOf(const Endpoint& endpoint);
// Bound and listening, not blocking, closed on exec.
[[nodiscard]] core::Result<Fd> listenOn(const Endpoint& endpoint);
// The port a TCP listener got.
[[nodiscard]] int boundPort(const Fd& listener) noexcept;
// Begins to connect; it has succeeded when the descriptor becomes writable without SO_ERROR.
[[nodiscard]] core::Result<Fd> beginConnect(const Endpoint& endpoint);

} // namespace load
