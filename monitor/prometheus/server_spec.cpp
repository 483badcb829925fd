#include "monitor/prometheus/server_spec.h"

#include "monitor/core/format.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <utility>

namespace prometheus {

namespace {

constexpr std::size_t kMostName = 200;

struct UrlEnd {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

class UrlParts {
public:
    explicit UrlParts(const std::string& url)
        : m_well(core::oneLine(url, 2000) == url &&
                 curl_url_set(m_url.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
    {
    }
    [[nodiscard]] bool well() const noexcept { return m_well; }
    [[nodiscard]] std::string part(CURLUPart which) const
    {
        char* text = nullptr;
        std::string value;
        if (curl_url_get(m_url.get(), which, &text, 0) == CURLUE_OK) {
            value = text;
        }
        curl_free(text);
        return value;
    }

private:
    std::unique_ptr<CURLU, UrlEnd> m_url{curl_url()};
    bool m_well;
};

core::Result<void> checkUrl(const ServerSpec& spec, const UrlParts& parts)
{
    const std::string scheme = parts.well() ? parts.part(CURLUPART_SCHEME) : std::string();
    if ((scheme != "http" && scheme != "https") || parts.part(CURLUPART_HOST).empty()) {
        return core::fail(
            fmt::format("url: http://… or https://… is expected, not \"{}\"", core::oneLine(spec.url, 80)));
    }
    if (!parts.part(CURLUPART_PASSWORD).empty() || !parts.part(CURLUPART_USER).empty()) {
        return core::fail("url: a user or password does not belong there; use user and password_file");
    }
    if (!parts.part(CURLUPART_QUERY).empty() || !parts.part(CURLUPART_FRAGMENT).empty()) {
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
    const UrlParts parts(spec.url);
    for (const auto& checked : {checkUrl(spec, parts), checkLogin(spec), checkNumbers(spec)}) {
        if (!checked) {
            return core::fail(checked.error().message);
        }
    }
    if (spec.name.empty()) {
        const std::string port = parts.part(CURLUPART_PORT);
        const std::string path = parts.part(CURLUPART_PATH);
        spec.name = parts.part(CURLUPART_HOST) + (port.empty() ? "" : ":" + port) + (path == "/" ? "" : path);
    }
    return spec;
}

} // namespace prometheus
