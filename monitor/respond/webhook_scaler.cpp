#include "monitor/respond/webhook_scaler.h"

#include "monitor/core/format.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace respond {

namespace {

using nlohmann::json;

// "https://host:port": paths may be secrets (chat systems' hooks are).
std::string originOf(const std::string& url)
{
    const std::size_t host = url.find("//");
    const std::size_t end = host == std::string::npos ? host : url.find_first_of("/?#", host + 2);
    return url.substr(0, end);
}

int replicasIn(const std::string& body, int otherwise)
{
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object() || !answer.contains("replicas") || !answer["replicas"].is_number_integer()) {
        return otherwise;
    }
    const auto number = answer["replicas"].get<std::int64_t>();
    return number >= 0 && number <= 100'000 ? static_cast<int>(number) : otherwise;
}

} // namespace

std::string WebhookScaler::title() const
{
    return "webhook " + originOf(m_target.url);
}

core::Result<Replicas> WebhookScaler::read(const std::stop_token&)
{
    return Replicas{m_replicas, m_replicas};
}

HttpRequest WebhookScaler::requestFor(const ScaleRequest& request, int from, int to) const
{
    HttpRequest http;
    http.method = "POST";
    http.url = m_target.url;
    http.body = json{{"action", request.change >= 0 ? "scale_out" : "scale_in"},
                     {"change", request.change},
                     {"from", from},
                     {"replicas", to},
                     {"minimum", request.minimum},
                     {"maximum", request.maximum},
                     {"reason", request.reason}}
                    .dump();
    return http;
}

core::Result<ScaleResult> WebhookScaler::scale(const ScaleRequest& request, const std::stop_token& stop)
{
    const int from = m_replicas < 0 ? request.minimum : m_replicas;
    const int to = replicasFor(from, request);
    if (to == from) {
        return ScaleResult{from, to, 1};
    }
    HttpRequest http = requestFor(request, from, to);
    if (!m_target.tokenFile.empty()) {
        auto token = readSecret(m_target.tokenFile);
        if (!token) {
            return core::Unexpected<core::Error>{token.error()};
        }
        http.bearer = std::move(*token);
    }
    if (!m_target.caFile.empty()) {
        auto authorities = readWhole(m_target.caFile);
        if (!authorities) {
            return core::Unexpected<core::Error>{authorities.error()};
        }
        http.tls.authorities = std::move(*authorities);
    }
    const auto reply = call(http, stop);
    if (!reply) {
        return core::Unexpected<core::Error>{reply.error()};
    }
    if (reply->status < 200 || reply->status > 299) {
        return core::fail(fmt::format("HTTP {} from the webhook", reply->status),
                          std::to_string(reply->status));
    }
    m_replicas = replicasIn(reply->body, to);
    return ScaleResult{from, m_replicas, 1};
}

core::Result<std::vector<std::string>> WebhookScaler::rehearse(const ScaleRequest& request,
                                                               const std::stop_token&)
{
    const int from = m_replicas < 0 ? request.minimum : m_replicas;
    HttpRequest http = requestFor(request, from, replicasFor(from, request));
    http.url = originOf(http.url) + "/…";
    return std::vector<std::string>{shown(http)};
}

} // namespace respond
