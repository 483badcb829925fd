// One HTTP request, bounded in time and size; over libcurl.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace respond {

// What the other side must prove and what we show of ourselves. PEM texts; empty: the system's authorities,
// no certificate of ours.
struct TlsSettings {
    std::string authorities;
    std::string certificate;
    std::string key;
};

struct HttpRequest {
    std::string method = "GET";
    std::string url; // checked by checkUrl()
    std::string body = {};
    std::string contentType = "application/json";
    std::string bearer = {}; // never shown
    TlsSettings tls = {};
    core::Nanos timeout = std::chrono::seconds(10);
};

struct HttpReply {
    int status = 0;
    std::string body; // at most 1 MiB; longer is an error
};

// Errors in one line without credentials: no answer in time, refused, a certificate that is not trusted.
// Redirections are not followed (a token would go with them). Thread-safe; ends soon after `stop`.
[[nodiscard]] core::Result<HttpReply> call(const HttpRequest& request, const std::stop_token& stop = {});

// http:// or https:// with a host, without user, password or control characters. A token travels over plain
// http only to this machine.
enum class Carries { Nothing, Token };
[[nodiscard]] core::Result<void> checkUrl(const std::string& url, Carries carries);

// "POST https://host/path" and the body: what would be sent, without the token.
[[nodiscard]] std::string shown(const HttpRequest& request);

} // namespace respond
