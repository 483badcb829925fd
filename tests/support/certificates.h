// Certificates for tests of TLS: an authority, and what it signs as it is told, in date or not.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace support {

// PEM files; they live as long as their authority.
struct CertificateFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
};

struct CertificateWish {
    std::string names = "DNS:localhost,IP:127.0.0.1";   // subjectAltName
    std::chrono::seconds from = -std::chrono::hours(1); // from now
    std::chrono::seconds until = std::chrono::hours(1);
};

// Keys are made anew each time (P-256). Not thread-safe.
class Authority {
public:
    Authority();
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    [[nodiscard]] std::filesystem::path file() const;
    [[nodiscard]] CertificateFiles issue(const CertificateWish& wish = {});

private:
    struct Inner;
    std::unique_ptr<Inner> m_inner;
};

} // namespace support
