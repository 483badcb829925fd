#include "tests/support/dns_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace support {

namespace {

std::string number(std::uint16_t value)
{
    return {static_cast<char>(value >> 8U), static_cast<char>(value & 0xffU)};
}

DnsAsked parsed(const std::string& bytes)
{
    DnsAsked asked;
    asked.id = bytes.substr(0, 2);
    std::size_t at = 12;
    while (at < bytes.size() && bytes[at] != 0) {
        const auto length = static_cast<unsigned char>(bytes[at]);
        asked.name += (asked.name.empty() ? "" : ".") + bytes.substr(at + 1, length);
        at += 1U + length;
    }
    if (at + 5 <= bytes.size()) {
        asked.question = bytes.substr(12, at + 5 - 12);
        asked.type = static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at + 1]) << 8U |
                                                static_cast<unsigned char>(bytes[at + 2]));
    }
    return asked;
}

} // namespace

DnsServer::DnsServer()
    : m_socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(m_socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        std::abort();
    }
    m_port = ntohs(address.sin_port);
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

DnsServer::~DnsServer()
{
    m_thread.request_stop();
    m_thread.join();
    ::close(m_socket);
}

void DnsServer::answer(std::function<std::string(const DnsAsked&)> how)
{
    const std::lock_guard lock(m_mutex);
    m_how = std::move(how);
}

void DnsServer::run(const std::stop_token& stop)
{
    std::array<char, 4096> buffer{};
    while (!stop.stop_requested()) {
        pollfd wanted{m_socket, POLLIN, 0};
        if (::poll(&wanted, 1, 20) <= 0) {
            continue;
        }
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const ssize_t got =
            ::recvfrom(m_socket, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
        if (got < 12) {
            continue;
        }
        ++m_asked;
        std::string reply;
        {
            const std::lock_guard lock(m_mutex);
            reply = m_how ? m_how(parsed({buffer.data(), static_cast<std::size_t>(got)})) : std::string();
        }
        if (!reply.empty()) {
            ::sendto(m_socket, reply.data(), reply.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
        }
    }
}

std::string dnsReply(const DnsAsked& asked, const std::string& records, std::uint16_t count, DnsCode code)
{
    return asked.id + "\x81" + static_cast<char>(0x80 | static_cast<int>(code)) + number(1) + number(count) +
           number(0) + number(0) + asked.question + records;
}

std::string dnsName(const std::string& name)
{
    std::string bytes;
    std::size_t from = 0;
    while (from < name.size()) {
        const std::size_t dot = std::min(name.find('.', from), name.size());
        bytes += static_cast<char>(dot - from) + name.substr(from, dot - from);
        from = dot + 1;
    }
    return bytes + '\0';
}

std::string dnsRecord(std::uint16_t type, const std::string& data)
{
    return std::string("\xc0\x0c", 2) + number(type) + number(1) + std::string("\0\0\0\x1e", 4) +
           number(static_cast<std::uint16_t>(data.size())) + data;
}

std::string dnsService(std::uint16_t port, const std::string& host)
{
    return number(1) + number(1) + number(port) + dnsName(host);
}

} // namespace support
