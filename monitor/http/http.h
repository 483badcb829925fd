// HTTP as those who ask others need it: requests side by side, bounded in time and size; over libcurl.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// What the other side must prove and what we show of ourselves. Texts are PEM; empty: the system's
// authorities, no certificate of ours. TLS 1.2 at least.
struct Tls {
    std::string authorityFile; // the path of one
    std::string authorities;
    std::string certificate;
    std::string key;
};

// What becomes of an answer that is longer than wanted.
enum class Beyond { Fails, IsCut };
// Whether the answer may come gzipped.
enum class Packing { Plain, Gzip };

struct Request {
    std::string method = "GET";
    std::string url; // http or https, see readUrl()
    std::string body = {};
    std::string contentType = "application/json"; // of the body; not sent without one
    std::vector<std::string> headers = {};        // "Name: value"
    std::string bearer = {};                      // a token; never shown
    std::string user = {};                        // basic authentication
    std::string password = {};
    Tls tls = {};
    core::Nanos timeout = std::chrono::seconds(10); // for all of it
    std::size_t mostBody = 1024 * 1024;             // bytes of the answer, unpacked
    Beyond beyond = Beyond::Fails;
    Packing packing = Packing::Plain;
};

enum class Failure { None, Network, TooLong, Stopped };

struct Reply {
    int status = 0; // 0: none, see error
    std::string body;
    Failure failure = Failure::None;
    std::string error; // why there is no status; may hold the URL
    std::optional<core::Nanos> retryAfter;
    std::string redirect = {}; // where a 3xx points, as it says it
};

// All at once, in the order asked. Redirections are not followed (credentials would go with them).
// Thread-safe. When `stop` is asked for, what is under way ends within 0.1 s.
[[nodiscard]] std::vector<Reply> askAll(std::span<const Request> requests, const std::stop_token& stop = {});
[[nodiscard]] Reply ask(const Request& request, const std::stop_token& stop = {});

struct UrlParts {
    std::string scheme, host, user, password, port, path, query, fragment;
};

// Of a URL: those libcurl speaks itself, or any.
enum class Schemes { Known, Any };

// The parts of an absolute URL; nothing of what is none or holds spaces or control characters. Any bytes are
// fine.
[[nodiscard]] std::optional<UrlParts> readUrl(const std::string& url, Schemes schemes = Schemes::Known);
// What to call a server by: host, port where one is said, the path unless it is "/".
[[nodiscard]] std::string nameOf(const UrlParts& url);
// The first line of a file, at most 16 KiB of it; read each time, as secrets are changed. An error without
// the secret.
[[nodiscard]] core::Result<std::string> secretOf(const std::filesystem::path& file);
// This machine: localhost, 127.0.0.0/8, ::1.
[[nodiscard]] bool isHere(const UrlParts& url);
// Seconds or an HTTP date (RFC 9110, 10.2.3), at most a day; nothing when it is neither.
[[nodiscard]] std::optional<core::Nanos> parseRetryAfter(std::string_view text, core::WallTime now);
// libcurl's own start, once; thread-safe. For those who use it without ask().
void startCurl();

} // namespace http
