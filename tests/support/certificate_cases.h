// Certificates a client meets, and what it has to say of each.
#pragma once

#include "tests/support/certificates.h"

#include <array>
#include <chrono>

namespace support {

struct CertificateCase {
    const char* name;
    const char* names; // whom it is for
    std::chrono::hours from;
    std::chrono::hours until;
    bool trusted;      // by an authority the client knows
    const char* error; // a regular expression; empty: none
};

inline constexpr std::array kCertificateCases{
    CertificateCase{"sound", "DNS:localhost", std::chrono::hours(-1), std::chrono::hours(1), true, ""},
    CertificateCase{"expired", "DNS:localhost", std::chrono::hours(-48), std::chrono::hours(-1), true,
                    "certificate has expired"},
    CertificateCase{"of tomorrow", "DNS:localhost", std::chrono::hours(24), std::chrono::hours(48), true,
                    "certificate is not yet valid"},
    CertificateCase{"for another", "DNS:shop.example", std::chrono::hours(-1), std::chrono::hours(1), true,
                    "certificate.*subject name"},
    CertificateCase{"of a stranger", "DNS:localhost", std::chrono::hours(-1), std::chrono::hours(1), false,
                    "certificate.*(issuer|self.signed)"},
};

[[nodiscard]] inline CertificateWish wishOf(const CertificateCase& one)
{
    CertificateWish wish;
    wish.names = one.names;
    wish.from = one.from;
    wish.until = one.until;
    return wish;
}

} // namespace support
