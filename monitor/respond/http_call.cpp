#include "monitor/respond/http_call.h"

#include "monitor/core/format.h"

#include <fmt/format.h>

namespace respond {

core::Result<HttpReply> call(const HttpRequest& request, const std::stop_token& stop)
{
    HttpReply reply = http::ask(request, stop);
    switch (reply.failure) {
    case http::Failure::None:
        return reply;
    case http::Failure::TooLong:
        return core::fail("the answer is longer than 1 MiB");
    case http::Failure::Stopped:
        return core::fail("stopped", "stopped");
    case http::Failure::Network:
        break;
    }
    return core::fail(fmt::format("no answer: {}", core::oneLine(reply.error, 200)), "network");
}

core::Result<void> checkUrl(const std::string& url, Carries carries)
{
    const auto parts = http::readUrl(url);
    if (!parts || (parts->scheme != "http" && parts->scheme != "https") || parts->host.empty()) {
        return core::fail("no address: http://HOST/… or https://HOST/… is expected");
    }
    if (!parts->user.empty() || !parts->password.empty()) {
        return core::fail("credentials do not belong in an address: use a token file");
    }
    if (carries == Carries::Token && parts->scheme == "http" && !http::isHere(*parts)) {
        return core::fail("a token is sent over https only, or to this machine");
    }
    return {};
}

std::string shown(const HttpRequest& request)
{
    return request.body.empty() ? fmt::format("{} {}", request.method, request.url)
                                : fmt::format("{} {} {}", request.method, request.url, request.body);
}

} // namespace respond
