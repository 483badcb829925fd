// A listening TCP socket at an address said by a person, with errors a person can act on.
#pragma once

#include "monitor/core/result.h"

#include <cstdint>
#include <string>
#include <utility>

namespace net {

// Owns the descriptor until release().
class ListenSocket {
public:
    // `host`: "127.0.0.1", "::1", "0.0.0.0", "localhost" or a name of this machine; port 0 = any free one.
    // Errors are one line with the address and what to do; code is the errno's name ("EADDRINUSE" …).
    [[nodiscard]] static core::Result<ListenSocket> open(const std::string& host, std::uint16_t port);

    ListenSocket(ListenSocket&& other) noexcept;
    ListenSocket& operator=(ListenSocket&&) = delete;
    ~ListenSocket();

    [[nodiscard]] const std::string& address() const noexcept { return m_address; } // numeric
    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }            // the real one
    [[nodiscard]] int release() noexcept { return std::exchange(m_fd, -1); }

private:
    explicit ListenSocket(int fd) noexcept
        : m_fd(fd)
    {
    }

    int m_fd = -1;
    std::string m_address;
    std::uint16_t m_port = 0;
};

// "127.0.0.1:8000", "[::1]:8000".
[[nodiscard]] std::string hostAndPort(const std::string& address, std::uint16_t port);
// The numeric address of our end of a connected socket; empty when there is none.
[[nodiscard]] std::string localAddressOf(int fd);

} // namespace net
