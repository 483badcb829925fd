// Sockets by hand, so that tests can send what no well-behaved client would.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace testnet {

// A blocking TCP connection to 127.0.0.1 with deadlines.
class RawClient {
public:
    explicit RawClient(std::uint16_t port)
        : m_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_open = connect(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    RawClient(RawClient&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
        , m_open(other.m_open)
    {
    }
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient()
    {
        if (m_fd >= 0) {
            close(m_fd);
        }
    }

    [[nodiscard]] bool connected() const noexcept { return m_open; }
    [[nodiscard]] int fd() const noexcept { return m_fd; }

    // False once the peer has closed.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    // Everything until the peer closes or nothing more comes within `patience`.
    std::string readAll(std::chrono::milliseconds patience = std::chrono::seconds(5))
    {
        std::string all;
        while (readSome(all, patience)) {
        }
        return all;
    }

    // One answer, by its Content-Length; what has come when the peer closes or time is over.
    std::string readAnswer(std::chrono::milliseconds patience = std::chrono::seconds(5))
    {
        std::string& all = m_rest;
        while (!complete(all) && readSome(all, patience)) {
        }
        const std::size_t size = std::min(all.size(), wanted(all));
        std::string answer = all.substr(0, size);
        all.erase(0, size);
        return answer;
    }

    // True when the peer has closed (or reset) within the time.
    bool closedWithin(std::chrono::milliseconds patience)
    {
        const auto end = std::chrono::steady_clock::now() + patience;
        std::string ignored;
        while (std::chrono::steady_clock::now() < end) {
            if (!readSome(ignored, std::chrono::duration_cast<std::chrono::milliseconds>(
                                       end - std::chrono::steady_clock::now()))) {
                return m_ended;
            }
        }
        return false;
    }

private:
    bool readSome(std::string& all, std::chrono::milliseconds patience)
    {
        pollfd ready{m_fd, POLLIN, 0};
        if (poll(&ready, 1, static_cast<int>(std::max<long long>(patience.count(), 0))) <= 0) {
            return false;
        }
        std::array<char, 65536> buffer{};
        const ssize_t got = recv(m_fd, buffer.data(), buffer.size(), 0);
        if (got <= 0) {
            m_ended = true;
            return false;
        }
        all.append(buffer.data(), static_cast<std::size_t>(got));
        return true;
    }

    static std::size_t wanted(const std::string& answer)
    {
        const auto end = answer.find("\r\n\r\n");
        if (end == std::string::npos) {
            return std::string::npos;
        }
        const auto at = answer.find("Content-Length: ");
        const std::size_t length = at < end ? std::strtoul(answer.c_str() + at + 16, nullptr, 10) : 0;
        return end + 4 + length;
    }
    static bool complete(const std::string& answer)
    {
        const std::size_t size = wanted(answer);
        return size != std::string::npos && answer.size() >= size;
    }

    int m_fd = -1;
    bool m_open = false;
    bool m_ended = false;
    std::string m_rest;
};

[[nodiscard]] inline int statusOf(std::string_view answer)
{
    return answer.starts_with("HTTP/1.") && answer.size() > 12
               ? std::atoi(std::string(answer.substr(9, 3)).c_str())
               : 0;
}

[[nodiscard]] inline std::string bodyOf(const std::string& answer)
{
    const auto end = answer.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

// The value of the first header of that name, as sent; empty when there is none.
[[nodiscard]] inline std::string headerOf(const std::string& answer, std::string_view name)
{
    const std::string line = std::string("\r\n").append(name).append(": ");
    const auto at = answer.find(line);
    if (at == std::string::npos || at > answer.find("\r\n\r\n")) {
        return {};
    }
    const auto start = at + line.size();
    return answer.substr(start, answer.find("\r\n", start) - start);
}

// One request on a connection of its own, closed by the server.
[[nodiscard]] inline std::string ask(std::uint16_t port, std::string_view head, std::string_view body = {})
{
    RawClient client(port);
    client.send(std::string(head).append("Connection: close\r\n\r\n").append(body));
    return client.readAll();
}

[[nodiscard]] inline std::string get(std::uint16_t port, std::string_view path, std::string_view headers = {})
{
    return ask(port,
               std::string("GET ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers));
}

} // namespace testnet
