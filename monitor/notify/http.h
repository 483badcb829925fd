// HTTP as notifiers need it: a few POSTs side by side, and what their answers mean for a message.
#pragma once

#include "monitor/core/result.h"
#include "monitor/http/http.h"
#include "monitor/notify/notifier.h"

#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace notify {

using HttpReply = http::Reply;

struct HttpPost {
    std::string url; // http or https, checked by checkUrl()
    std::string body;
    std::string contentType = "application/json";
    std::vector<std::string> headers = {}; // "Name: value"
    std::string user = {};                 // basic authentication
    std::string password = {};
    std::string caFile = {}; // PEM; empty: the system's
};

inline constexpr core::Nanos kHttpTimeout = std::chrono::seconds(10);

// All at once, each at most `timeout`; redirections are not followed, a reply beyond 64 KiB is cut.
// Thread-safe. When `stop` is asked for the rest ends with an error.
[[nodiscard]] std::vector<HttpReply> postAll(std::span<const HttpPost> posts, const std::stop_token& stop,
                                             core::Nanos timeout = kHttpTimeout);
// 2xx is sent; no answer, 408, 429 and 5xx are worth another try; anything else is not.
[[nodiscard]] Delivery deliveryOf(const HttpReply& reply);
// http:// or https:// with a host and without a password in it.
[[nodiscard]] core::Result<void> checkUrl(const std::string& url);

} // namespace notify
