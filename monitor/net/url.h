// Request targets and forms (RFC 3986, RFC 9112 §3.2, WHATWG application/x-www-form-urlencoded). Total: any
// bytes are fine, nothing throws.
#pragma once

#include "monitor/core/result.h"
#include "monitor/net/request.h"

#include <string>
#include <string_view>

namespace net {

struct Target {
    std::string path; // decoded, begins with '/'
    Fields query;     // decoded
    std::string
        authority; // of the absolute form ("GET http://host/path"), else empty; outranks the Host header
};

// "/a%20b?x=1&y" or "http://host:port/a". Refused: anything else, a NUL (raw or %00), control characters, a
// path that is not UTF-8, a percent sign without two hex digits, more than kMaxParameters parameters.
[[nodiscard]] core::Result<Target> parseTarget(std::string_view target);

// name=value&name=value with + and %XX; refused as above.
[[nodiscard]] core::Result<Fields> parseForm(std::string_view text);

inline constexpr std::size_t kMaxParameters = 256;

// A host with an optional port: "localhost", "127.0.0.1:8000", "[::1]:8000".
struct HostPort {
    std::string host; // lower case, without brackets and without a trailing dot
    int port = 0;     // 0 = not given
};

// Refused: empty host, user@, bad port, bad brackets, anything beyond letters, digits and "-._:".
[[nodiscard]] core::Result<HostPort> parseHostPort(std::string_view text);

} // namespace net
