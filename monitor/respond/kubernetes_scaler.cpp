#include "monitor/respond/kubernetes_scaler.h"

#include "monitor/core/format.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace respond {

namespace {

using nlohmann::json;

// What the API says of a failure, in one line: {"kind":"Status","message":…}.
std::string messageOf(const HttpReply& reply)
{
    const json status = json::parse(reply.body, nullptr, false);
    if (status.is_object() && status.contains("message") && status["message"].is_string()) {
        return core::oneLine(status["message"].get<std::string>(), 300);
    }
    return {};
}

core::Unexpected<core::Error> failed(const HttpReply& reply)
{
    const std::string told = messageOf(reply);
    const char* meaning = reply.status == 401   ? "the token is not accepted"
                          : reply.status == 403 ? "the account may not do this"
                          : reply.status == 404 ? "there is no such object"
                          : reply.status == 409 ? "somebody else changes it all the time"
                                                : "the API server refuses";
    return core::fail(fmt::format("HTTP {}: {}{}{}", reply.status, meaning, told.empty() ? "" : ": ", told),
                      std::to_string(reply.status));
}

int wholeAt(const json& object, const char* outer, const char* inner)
{
    const auto part = object.find(outer);
    if (part == object.end() || !part->is_object()) {
        return -1;
    }
    const auto value = part->find(inner);
    if (value == part->end() || !value->is_number_integer()) {
        return -1;
    }
    const auto number = value->get<std::int64_t>();
    return number >= 0 && number <= 100'000 ? static_cast<int>(number) : -1;
}

} // namespace

KubernetesScaler::KubernetesScaler(KubernetesTarget target)
    : m_target(std::move(target))
{
}

std::string KubernetesScaler::title() const
{
    return fmt::format("{} {}/{}", m_target.kind, m_target.space, m_target.name);
}

core::Result<HttpRequest> KubernetesScaler::requestFor(std::string method, std::string body) const
{
    auto access = clusterAccess(m_target);
    if (!access) {
        return core::Unexpected<core::Error>{access.error()};
    }
    HttpRequest request;
    request.method = std::move(method);
    request.url = fmt::format("{}/apis/apps/v1/namespaces/{}/{}s/{}/scale", access->api, m_target.space,
                              m_target.kind, m_target.name);
    request.body = std::move(body);
    request.bearer = access->token;
    request.tls = std::move(access->tls);
    if (auto sound = checkUrl(request.url, request.bearer.empty() ? Carries::Nothing : Carries::Token);
        !sound) {
        return core::Unexpected<core::Error>{sound.error()};
    }
    return request;
}

core::Result<KubernetesScaler::Seen> KubernetesScaler::get(const std::stop_token& stop) const
{
    auto request = requestFor("GET", {});
    if (!request) {
        return core::Unexpected<core::Error>{request.error()};
    }
    auto reply = call(*request, stop);
    if (!reply) {
        return core::Unexpected<core::Error>{reply.error()};
    }
    if (reply->status != 200) {
        return failed(*reply);
    }
    const json scale = json::parse(reply->body, nullptr, false);
    Seen seen;
    if (scale.is_object()) {
        seen.replicas = {wholeAt(scale, "spec", "replicas"), wholeAt(scale, "status", "replicas")};
        const json::json_pointer version("/metadata/resourceVersion");
        seen.version =
            scale.contains(version) && scale[version].is_string() ? scale[version].get<std::string>() : "";
        // Zero is left out of the JSON (omitempty).
        if (seen.replicas.wanted < 0 && scale.contains("spec") && scale["spec"].is_object() &&
            !scale["spec"].contains("replicas")) {
            seen.replicas.wanted = 0;
        }
    }
    if (seen.replicas.wanted < 0) {
        return core::fail("the API server's answer is no Scale object");
    }
    seen.text = std::move(reply->body);
    return seen;
}

// The object as it was read, with another number: the version in it makes the server refuse when somebody was
// faster.
std::string KubernetesScaler::bodyFor(const Seen& seen, int replicas)
{
    json scale = json::parse(seen.text, nullptr, false);
    scale["spec"]["replicas"] = replicas;
    return scale.dump();
}

core::Result<Replicas> KubernetesScaler::read(const std::stop_token& stop)
{
    auto seen = get(stop);
    if (!seen) {
        return core::Unexpected<core::Error>{seen.error()};
    }
    return seen->replicas;
}

core::Result<ScaleResult> KubernetesScaler::scale(const ScaleRequest& request, const std::stop_token& stop)
{
    int first = -1;
    HttpReply last;
    for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
        const auto seen = get(stop);
        if (!seen) {
            return core::Unexpected<core::Error>{seen.error()};
        }
        const int now = seen->replicas.wanted;
        first = first < 0 ? now : first;
        const int wanted = replicasFor(now, request);
        const bool othersDidIt = attempt > 1 && (request.change > 0 ? now > first : now < first);
        if (wanted == now || othersDidIt) {
            return ScaleResult{first, now, attempt};
        }
        auto put = requestFor("PUT", bodyFor(*seen, wanted));
        if (!put) {
            return core::Unexpected<core::Error>{put.error()};
        }
        const auto reply = call(*put, stop);
        if (!reply) {
            return core::Unexpected<core::Error>{reply.error()};
        }
        if (reply->status == 200 || reply->status == 201) {
            return ScaleResult{now, wanted, attempt};
        }
        if (reply->status != 409) {
            return failed(*reply);
        }
        last = *reply;
    }
    return failed(last);
}

core::Result<std::vector<std::string>> KubernetesScaler::rehearse(const ScaleRequest& request,
                                                                  const std::stop_token& stop)
{
    const auto seen = get(stop);
    const auto reading = requestFor("GET", {});
    if (!seen || !reading) {
        return core::Unexpected<core::Error>{seen ? reading.error() : seen.error()};
    }
    std::vector<std::string> all{shown(*reading)};
    const int wanted = replicasFor(seen->replicas.wanted, request);
    if (wanted == seen->replicas.wanted) {
        all.push_back(fmt::format("nothing more: {} replicas are the limit", wanted));
        return all;
    }
    const auto put = requestFor("PUT", bodyFor(*seen, wanted));
    if (!put) {
        return core::Unexpected<core::Error>{put.error()};
    }
    all.push_back(shown(*put));
    return all;
}

} // namespace respond
