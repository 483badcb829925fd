// One HTTP request of a response, and what must not happen with its token.
#pragma once

#include "monitor/core/result.h"
#include "monitor/http/http.h"

#include <stop_token>
#include <string>

namespace respond {

using HttpRequest = http::Request;
using HttpReply = http::Reply;
using TlsSettings = http::Tls;

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
