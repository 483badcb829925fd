// TLS in front of a server that speaks none: what comes in encrypted goes on to a port of this machine in the
// clear.
#pragma once

#include "tests/support/certificates.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace support {

struct TlsFrontOptions {
    std::uint16_t behind = 0; // the port of the server behind it
    CertificateFiles own;     // what it shows
    std::filesystem::path clients =
        {}; // PEM of an authority: who does not show a certificate of it is sent away
};

// On 127.0.0.1, any free port. Thread-safe.
class TlsFront {
public:
    explicit TlsFront(const TlsFrontOptions& options);
    ~TlsFront();
    TlsFront(const TlsFront&) = delete;
    TlsFront& operator=(const TlsFront&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    // "https://localhost:12345/hook".
    [[nodiscard]] std::string url(const std::string& path = "/") const
    {
        return "https://localhost:" + std::to_string(m_port) + path;
    }
    // Handshakes that went well.
    [[nodiscard]] int guests() const noexcept { return m_guests; }

private:
    struct Context;
    void serve(int client, const std::stop_token& stop);

    const std::uint16_t m_behind;
    std::unique_ptr<Context> m_context;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<int> m_guests{0};
    std::vector<std::jthread> m_served; // the accepting thread's alone
    std::jthread m_thread;              // last: joins first
};

} // namespace support
