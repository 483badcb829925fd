#include "monitor/cluster/spec.h"

#include "monitor/core/format.h"
#include "monitor/http/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cluster {

namespace {

core::Result<void> checkPeer(const std::string& url, const Spec& spec)
{
    const auto wrong = [&](const char* why) {
        return core::fail(fmt::format("\"{}\" {}", core::oneLine(url, 100), why));
    };
    const auto parts = http::readUrl(url);
    if (!parts || (parts->scheme != "http" && parts->scheme != "https") || parts->host.empty()) {
        return wrong("is no address: http://HOST:9093 or https://HOST:9093 is expected");
    }
    if (!parts->user.empty() || !parts->password.empty()) {
        return core::fail("credentials do not belong in an address: use user and password");
    }
    if (url.find_first_of("?#") != std::string::npos) {
        return wrong("has a query: the address of the Alertmanager itself is expected");
    }
    const bool secret = !spec.token.empty() || !spec.password.empty();
    return secret && parts->scheme == "http" && !http::isHere(*parts)
               ? wrong("would be sent credentials in the clear: https is expected")
               : core::Result<void>();
}

} // namespace

core::Result<void> problemOf(const Spec& spec)
{
    std::set<std::string> names;
    for (const std::string& url : spec.peers) {
        if (auto checked = checkPeer(url, spec); !checked) {
            return checked;
        }
        if (!names.insert(nameOf(url)).second) {
            return core::fail(fmt::format("\"{}\" is named twice", url));
        }
    }
    if (spec.peers.size() > kMostPeers) {
        return core::fail(fmt::format("at most {} peers", kMostPeers));
    }
    if (!spec.token.empty() && (!spec.user.empty() || !spec.password.empty())) {
        return core::fail("a token or user and password, not both");
    }
    if (spec.interval < std::chrono::seconds(1) || spec.interval > std::chrono::hours(1)) {
        return core::fail("interval must be between 1 s and 1 h");
    }
    if (spec.timeout < std::chrono::milliseconds(100) || spec.timeout > std::chrono::seconds(60)) {
        return core::fail("timeout must be between 0.1 s and 60 s");
    }
    if (spec.ackSpan < std::max<core::Nanos>(std::chrono::minutes(1), 3 * spec.interval) ||
        spec.ackSpan > std::chrono::hours(24)) {
        return core::fail("acknowledge must be between 1 min and 24 h, and at least three intervals");
    }
    return {};
}

std::string nameOf(const std::string& url)
{
    const std::size_t scheme = url.find("://");
    std::string name = scheme == std::string::npos ? url : url.substr(scheme + 3);
    while (name.ends_with('/')) {
        name.pop_back();
    }
    return name;
}

} // namespace cluster
