// A name server for tests of those who ask: it answers as it is told, also as no server should. UDP on
// 127.0.0.1, any free port.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace support {

struct DnsAsked {
    std::string name; // "db.example"
    std::uint16_t type = 0;
    std::string id;       // two bytes
    std::string question; // its bytes
};

// Thread-safe.
class DnsServer {
public:
    DnsServer();
    ~DnsServer();

    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }
    // The reply's bytes; empty: not a word.
    void answer(std::function<std::string(const DnsAsked&)> how);
    [[nodiscard]] int asked() const noexcept { return m_asked; }

private:
    void run(const std::stop_token& stop);

    int m_socket = -1;
    std::uint16_t m_port = 0;
    std::atomic<int> m_asked{0};
    std::mutex m_mutex; // guards m_how
    std::function<std::string(const DnsAsked&)> m_how;
    std::jthread m_thread; // last: joins first
};

// RFC 1035. A reply with these records and this response code (0 = NOERROR, 2 = SERVFAIL, 3 = NXDOMAIN).
enum class DnsCode { NoError = 0, ServerFailed = 2, NoSuchName = 3 };
[[nodiscard]] std::string dnsReply(const DnsAsked& asked, const std::string& records, std::uint16_t count,
                                   DnsCode code = DnsCode::NoError);
[[nodiscard]] std::string dnsName(const std::string& name); // as its labels
// A record of the question's name.
[[nodiscard]] std::string dnsRecord(std::uint16_t type, const std::string& data);
[[nodiscard]] std::string dnsService(std::uint16_t port, const std::string& host); // data of an SRV

} // namespace support
