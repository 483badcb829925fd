#include "monitor/respond/scaler.h"

#include "monitor/core/format.h"
#include "monitor/respond/command_scaler.h"
#include "monitor/respond/kubernetes_scaler.h"
#include "monitor/respond/webhook_scaler.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace respond {

namespace {

constexpr std::size_t kMostFile = 256 * 1024;

// Names of Kubernetes objects (RFC 1123 subdomains): they become parts of a path.
bool isObjectName(std::string_view name)
{
    return !name.empty() && name.size() <= 253 &&
           std::all_of(name.begin(), name.end(),
                       [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
                       }) &&
           name.front() != '.' && name.front() != '-';
}

core::Result<void> problem(const KubernetesTarget& target)
{
    if (!isObjectName(target.space) || !isObjectName(target.name)) {
        return core::fail("namespace and name: small letters, digits, \"-\" and \".\" are expected");
    }
    if (target.kind != "deployment" && target.kind != "statefulset" && target.kind != "replicaset") {
        return core::fail("kind: deployment, statefulset or replicaset is expected");
    }
    if (!target.api.empty()) {
        return checkUrl(target.api, target.tokenFile.empty() ? Carries::Nothing : Carries::Token);
    }
    return {};
}

core::Result<void> problem(const WebhookTarget& target)
{
    return checkUrl(target.url, target.tokenFile.empty() ? Carries::Nothing : Carries::Token);
}

core::Result<void> problem(const CommandTarget& target)
{
    if (target.arguments.empty() || !target.arguments.front().starts_with('/')) {
        return core::fail("run: the absolute path of a program is expected first");
    }
    if (target.timeout < std::chrono::seconds(1) || target.timeout > std::chrono::hours(1)) {
        return core::fail("timeout must be between 1 s and 1 h");
    }
    return {};
}

core::Result<void> problem(std::monostate)
{
    return {};
}

} // namespace

core::Result<void> problemOf(const ScaleTarget& target)
{
    return std::visit([](const auto& kind) { return problem(kind); }, target);
}

std::unique_ptr<Scaler> makeScaler(const ScaleTarget& target)
{
    if (const auto* kubernetes = std::get_if<KubernetesTarget>(&target)) {
        return std::make_unique<KubernetesScaler>(*kubernetes);
    }
    if (const auto* webhook = std::get_if<WebhookTarget>(&target)) {
        return std::make_unique<WebhookScaler>(*webhook);
    }
    if (const auto* command = std::get_if<CommandTarget>(&target)) {
        return std::make_unique<CommandScaler>(*command);
    }
    return nullptr;
}

int replicasFor(int current, const ScaleRequest& request) noexcept
{
    if (request.change >= 0) {
        return std::max(current, std::clamp(current + request.change, request.minimum, request.maximum));
    }
    return std::min(current, std::clamp(current + request.change, request.minimum, request.maximum));
}

core::Result<std::string> readWhole(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return core::fail(
            fmt::format("{} cannot be read: {}", file.string(), std::system_category().message(errno)));
    }
    std::string text(kMostFile, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return text;
}

core::Result<std::string> readSecret(const std::filesystem::path& file)
{
    auto text = readWhole(file);
    if (!text) {
        return text;
    }
    std::string secret = text->substr(0, text->find_first_of("\r\n"));
    const bool sane = !secret.empty() && std::all_of(secret.begin(), secret.end(),
                                                     [](unsigned char c) { return c > 0x20 && c < 0x7F; });
    if (!sane) {
        return core::fail(fmt::format("{}: no token stands on its first line", file.string()));
    }
    return secret;
}

} // namespace respond
