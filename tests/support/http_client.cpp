#include "tests/support/http_client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace support {

namespace {

using Clock = std::chrono::steady_clock;

class Socket {
public:
    explicit Socket(std::uint16_t port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(m_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(m_fd);
            m_fd = -1;
        }
    }
    ~Socket()
    {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    [[nodiscard]] int fd() const noexcept { return m_fd; }

private:
    int m_fd;
};

bool sendAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string readToEnd(int fd, Clock::time_point deadline)
{
    std::string received;
    std::array<char, 65536> buffer{};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd waiting{fd, POLLIN, 0};
        if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) {
            return received;
        }
        const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (got <= 0) {
            return received;
        }
        received.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

void parseHeaders(std::string_view head, HttpAnswer& answer)
{
    std::size_t at = head.find("\r\n");
    while (at != std::string_view::npos && at + 2 < head.size()) {
        const std::size_t end = std::min(head.find("\r\n", at + 2), head.size());
        const std::string_view line = head.substr(at + 2, end - at - 2);
        if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
            std::string name(line.substr(0, colon));
            std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
            std::string_view value = line.substr(colon + 1);
            value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
            answer.headers[name] = std::string(value);
        }
        at = head.find("\r\n", at + 2);
    }
}

} // namespace

std::string httpRaw(std::uint16_t port, std::string_view bytes, std::chrono::milliseconds timeout)
{
    const Clock::time_point deadline = Clock::now() + timeout;
    const Socket socket(port);
    if (socket.fd() < 0 || !sendAll(socket.fd(), bytes)) {
        return {};
    }
    return readToEnd(socket.fd(), deadline);
}

HttpAnswer httpCall(const HttpCall& call)
{
    std::string request = std::string(call.method) + " " + std::string(call.path) + " HTTP/1.1\r\nHost: 127.0.0.1:"
                          + std::to_string(call.port) + "\r\nConnection: close\r\n" + std::string(call.extraHeaders);
    if (!call.body.empty() || call.method == "POST") {
        request += "Content-Length: " + std::to_string(call.body.size()) + "\r\n";
    }
    request += "\r\n" + std::string(call.body);
    const Clock::time_point start = Clock::now();
    const std::string received = httpRaw(call.port, request, call.timeout);
    HttpAnswer answer;
    answer.took = std::chrono::round<std::chrono::milliseconds>(Clock::now() - start);
    const std::size_t split = received.find("\r\n\r\n");
    if (split == std::string::npos || !received.starts_with("HTTP/1.1 ") || received.size() < 12) {
        return answer;
    }
    std::from_chars(received.data() + 9, received.data() + 12, answer.status);
    parseHeaders(std::string_view(received).substr(0, split), answer);
    answer.body = received.substr(split + 4);
    return answer;
}

} // namespace support
