#include "monitor/prometheus/server_spec.h"

#include "monitor/core/format.h"
#include "monitor/http/http.h"

#include <fmt/format.h>

#include <utility>

namespace prometheus {

namespace {

constexpr std::size_t kMostName = 200;

core::Result<void> checkUrl(const ServerSpec& spec, const http::UrlParts& parts)
{
    if ((parts.scheme != "http" && parts.scheme != "https") || parts.host.empty()) {
        return core::fail(
            fmt::format("url: http://… or https://… is expected, not \"{}\"", core::oneLine(spec.url, 80)));
    }
    if (!parts.password.empty() || !parts.user.empty()) {
        return core::fail("url: a user or password does not belong there; use user and password_file");
    }
    if (!parts.query.empty() || !parts.fragment.empty()) {
        return core::fail("url: nothing is expected behind the path");
    }
    return {};
}

core::Result<void> checkLogin(const ServerSpec& spec)
{
    if (!spec.bearerFile.empty() && !spec.user.empty()) {
        return core::fail("user and bearer_file: one way to authenticate is expected");
    }
    if (spec.user.empty() && !spec.passwordFile.empty()) {
        return core::fail("password_file: a user is expected with it");
    }
    return {};
}

core::Result<void> checkNumbers(const ServerSpec& spec)
{
    for (const std::string* line : {&spec.name, &spec.tenant, &spec.user}) {
        if (core::oneLine(*line, kMostName) != *line) {
            return core::fail("name, tenant, user: one line of at most 200 characters is expected");
        }
    }
    if (spec.timeout < std::chrono::milliseconds(100) || spec.timeout > std::chrono::minutes(5)) {
        return core::fail("timeout: 100ms … 5m is expected");
    }
    if (spec.interval < std::chrono::milliseconds(100) || spec.interval > std::chrono::hours(1)) {
        return core::fail("interval: 100ms … 1h is expected");
    }
    const auto isOff = [](core::Nanos span) { return span == core::Nanos(0); };
    if (!isOff(spec.watch) && (spec.watch < std::chrono::seconds(1) || spec.watch > std::chrono::hours(1))) {
        return core::fail("watch: 1s … 1h is expected, or 0s for never");
    }
    if (!isOff(spec.takeOver) &&
        (spec.takeOver < std::chrono::seconds(1) || spec.takeOver > std::chrono::hours(24))) {
        return core::fail("take_over: 1s … 24h is expected, or 0s for never");
    }
    if (spec.maxBytes == 0 || spec.maxBytes > (256U << 20U) || spec.perSecond < 1 || spec.perSecond > 100) {
        return core::fail("max_bytes, per_second: 1 … 256 MiB and 1 … 100 are expected");
    }
    return {};
}

} // namespace

core::Result<ServerSpec> soundServer(ServerSpec spec)
{
    while (spec.url.ends_with('/')) {
        spec.url.pop_back();
    }
    const http::UrlParts parts = http::readUrl(spec.url).value_or(http::UrlParts());
    for (const auto& checked : {checkUrl(spec, parts), checkLogin(spec), checkNumbers(spec)}) {
        if (!checked) {
            return core::fail(checked.error().message);
        }
    }
    if (spec.name.empty()) {
        spec.name = http::nameOf(parts);
    }
    return spec;
}

} // namespace prometheus
