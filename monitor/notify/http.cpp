#include "monitor/notify/http.h"

#include <fmt/format.h>

namespace notify {

namespace {

constexpr std::size_t kMostReply = 64 * 1024;

} // namespace

std::vector<HttpReply> postAll(std::span<const HttpPost> posts, const std::stop_token& stop,
                               core::Nanos timeout)
{
    std::vector<http::Request> requests;
    for (const HttpPost& post : posts) {
        http::Request request{"POST", post.url, post.body, post.contentType, post.headers};
        request.user = post.user;
        request.password = post.password;
        request.tls.authorityFile = post.caFile;
        request.timeout = timeout;
        request.mostBody = kMostReply;
        request.beyond = http::Beyond::IsCut;
        requests.push_back(std::move(request));
    }
    return http::askAll(requests, stop);
}

Delivery deliveryOf(const HttpReply& reply)
{
    if (reply.status == 0) {
        return Delivery::retry(reply.error.empty() ? "no answer" : reply.error);
    }
    if (reply.status >= 200 && reply.status < 300) {
        return Delivery::sent();
    }
    const std::string error =
        fmt::format("HTTP {}{}{}", reply.status, reply.body.empty() ? "" : ": ", reply.body.substr(0, 200));
    const bool again = reply.status == 408 || reply.status == 429 || reply.status >= 500;
    return again ? Delivery::retry(error, reply.retryAfter) : Delivery::refused(error);
}

core::Result<void> checkUrl(const std::string& url)
{
    const auto parts = http::readUrl(url);
    if (!parts) {
        return core::fail("is no URL");
    }
    if (parts->scheme != "http" && parts->scheme != "https") {
        return core::fail("must begin with http:// or https://");
    }
    if (!parts->password.empty()) {
        return core::fail("holds a password; give it as a setting of its own");
    }
    return {};
}

} // namespace notify
