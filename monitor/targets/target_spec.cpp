#include "monitor/targets/target_spec.h"

#include "monitor/core/format.h"
#include "monitor/http/http.h"
#include "monitor/targets/federation.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace targets {

namespace {

constexpr std::size_t kMostName = 200;

struct UrlEnd {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string shownName(http::UrlParts parts)
{
    if (parts.path == "/metrics" || parts.path == "/federate") {
        parts.path = "/";
    }
    return http::nameOf(parts);
}

core::Result<void> checkUrl(const TargetSpec& spec, const http::UrlParts& parts)
{
    if (parts.scheme == "pgbouncer") {
        return parts.password.empty() && !parts.host.empty()
                   ? core::Result<void>()
                   : core::fail("url: pgbouncer://user@host:port is expected; the password belongs into "
                                "password_file or .pgpass");
    }
    if (parts.scheme != "http" && parts.scheme != "https") {
        return core::fail(
            fmt::format("url: http://… or https://… is expected, not \"{}\"", core::oneLine(spec.url, 80)));
    }
    if (!parts.password.empty() || !parts.user.empty()) {
        return core::fail("url: a user or password does not belong there; use user and password_file");
    }
    return {};
}

core::Result<void> checkTimes(const TargetSpec& spec)
{
    if (spec.interval < std::chrono::seconds(1) || spec.interval > std::chrono::hours(1)) {
        return core::fail("interval: 1s … 1h is expected");
    }
    if (spec.timeout < std::chrono::milliseconds(10) || spec.timeout > spec.interval) {
        return core::fail("timeout: 10ms … the interval is expected");
    }
    return {};
}

core::Result<void> checkColor(const std::string& color)
{
    const bool sound =
        color.empty() || (color.size() == 7 && color[0] == '#' &&
                          color.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos);
    return sound ? core::Result<void>() : core::fail("color: \"#rrggbb\" is expected");
}

core::Result<void> checkLogin(const TargetSpec& spec)
{
    const bool known = spec.secret.empty() || spec.secret.starts_with("keyring:") ||
                       spec.secret.starts_with("secret:") || spec.secret.starts_with("env:");
    if (!known) { // perhaps the secret itself: never shown
        return core::fail("secret: keyring:NAME, secret:NAME or env:NAME is expected");
    }
    if (!spec.secret.empty() && (!spec.bearerFile.empty() || !spec.passwordFile.empty())) {
        return core::fail("secret, password_file and bearer_file: one of them is expected");
    }
    if (!spec.bearerFile.empty() && !spec.user.empty()) {
        return core::fail("user and bearer_file: one way to authenticate is expected");
    }
    if (spec.user.empty() && !spec.passwordFile.empty()) {
        return core::fail("password_file: a user is expected with it");
    }
    return {};
}

} // namespace

core::Result<TargetSpec> soundSpec(TargetSpec spec)
{
    const http::UrlParts parts = http::readUrl(spec.url, http::Schemes::Any).value_or(http::UrlParts());
    for (const auto& checked :
         {checkUrl(spec, parts), checkTimes(spec), checkLogin(spec), checkColor(spec.color)}) {
        if (!checked) {
            return core::fail(checked.error().message);
        }
    }
    if (spec.name.empty()) {
        spec.name = shownName(parts);
    }
    for (const std::string* label : {&spec.name, &spec.environment}) {
        if (core::oneLine(*label, kMostName) != *label) {
            return core::fail("name, environment: one line of at most 200 characters is expected");
        }
    }
    if (spec.maxBytes == 0 || spec.maxBytes > (64U << 20U) || spec.maxSeries == 0 ||
        spec.maxSeries > 100'000 || spec.maxLabels == 0 || spec.maxLabels > 200) {
        return core::fail(
            "max_bytes, max_series, max_labels: 1 … 64 MiB, 1 … 100000 and 1 … 200 are expected");
    }
    return spec;
}

bool isConsole(const TargetSpec& spec) noexcept
{
    return spec.url.starts_with("pgbouncer://");
}

std::string loginPlaceOf(const std::string& url)
{
    http::UrlParts parts = http::readUrl(url, http::Schemes::Any).value_or(http::UrlParts());
    std::ranges::transform(parts.host, parts.host.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (parts.port.empty()) {
        parts.port = parts.scheme == "https" ? "443" : parts.scheme == "http" ? "80" : "6432";
    }
    return fmt::format("{}://{}:{}", parts.scheme, parts.host, parts.port);
}

PastedTarget pastedTarget(std::string_view typed)
{
    PastedTarget pasted;
    std::string url = federationSpelled(completedUrl(typed));
    for (const char* scheme : {"postgresql://", "postgres://"}) {
        if (url.starts_with(scheme)) {
            url.replace(0, std::string_view(scheme).size(), "pgbouncer://");
        }
    }
    const std::unique_ptr<CURLU, UrlEnd> parts(curl_url());
    if (url.find(":///") != std::string::npos ||
        curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        pasted.url = std::move(url);
        return pasted;
    }
    const auto take = [&parts](CURLUPart which) {
        char* text = nullptr;
        std::string value;
        if (curl_url_get(parts.get(), which, &text, CURLU_URLDECODE) == CURLUE_OK) {
            value = text;
            curl_url_set(parts.get(), which, nullptr, 0);
        }
        curl_free(text);
        return value;
    };
    pasted.user = take(CURLUPART_USER);
    pasted.secret = take(CURLUPART_PASSWORD);
    if (url.starts_with("pgbouncer://")) { // a console has no path, and its settings are not the URL's
        static_cast<void>(take(CURLUPART_PATH));
        static_cast<void>(take(CURLUPART_QUERY));
    }
    char* text = nullptr;
    if (curl_url_get(parts.get(), CURLUPART_URL, &text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        pasted.url = text;
    }
    curl_free(text);
    if (url.starts_with("pgbouncer://") && pasted.url.ends_with('/')) {
        pasted.url.pop_back();
    }
    return pasted;
}

std::string completedUrl(std::string_view typed)
{
    std::string url = core::oneLine(typed, 2000);
    url.erase(0, url.find_first_not_of(' ') == std::string::npos ? url.size() : url.find_first_not_of(' '));
    url.erase(url.find_last_not_of(' ') + 1);
    if (url.find("://") == std::string::npos) {
        url.insert(0, "http://");
    }
    const std::size_t host = url.find("://") + 3;
    if (url.find('/', host) == std::string::npos && url.starts_with("http")) {
        url += "/metrics";
    }
    return url;
}

} // namespace targets
