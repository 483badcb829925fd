#include "monitor/respond/kubeconfig.h"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace respond {

namespace {

constexpr const char* kAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

// Thrown and caught inside this file only.
struct Bad {
    std::string reason;
};

std::string textAt(const YAML::Node& node, const char* name)
{
    const YAML::Node value = node[name];
    return value && value.IsScalar() ? value.Scalar() : std::string();
}

// The entry `name` of the list "clusters", "users" or "contexts"; its part "cluster", "user" or "context".
YAML::Node entryOf(const YAML::Node& root, const char* list, const char* part, const std::string& name)
{
    const YAML::Node entries = root[list];
    if (entries && entries.IsSequence()) {
        for (const YAML::Node& entry : entries) {
            if (entry.IsMap() && textAt(entry, "name") == name && entry[part] && entry[part].IsMap()) {
                return entry[part];
            }
        }
    }
    throw Bad{fmt::format("there is no entry \"{}\" in {}", name, list)};
}

template <class T>
T orThrow(core::Result<T> result)
{
    if (!result) {
        throw Bad{result.error().message};
    }
    return std::move(*result);
}

// "certificate-authority-data" in base64, else the file "certificate-authority".
std::string pem(const YAML::Node& node, const std::string& name, const std::filesystem::path& folder)
{
    if (const std::string data = textAt(node, (name + "-data").c_str()); !data.empty()) {
        return orThrow(decodeBase64(data));
    }
    const std::string file = textAt(node, name.c_str());
    return file.empty() ? std::string() : orThrow(readWhole(folder / file));
}

ClusterAccess accessOf(const YAML::Node& root, const std::filesystem::path& folder)
{
    if (!root.IsMap()) {
        throw Bad{"it is no kubeconfig"};
    }
    const YAML::Node context = entryOf(root, "contexts", "context", textAt(root, "current-context"));
    const YAML::Node cluster = entryOf(root, "clusters", "cluster", textAt(context, "cluster"));
    const YAML::Node user = entryOf(root, "users", "user", textAt(context, "user"));
    if (textAt(cluster, "insecure-skip-tls-verify") == "true") {
        throw Bad{"insecure-skip-tls-verify is not supported: name the certificate authority"};
    }
    if (user["exec"] || user["auth-provider"] || user["username"]) {
        throw Bad{"exec plugins, auth providers and user names are not supported: use a token or a client "
                  "certificate"};
    }
    ClusterAccess access;
    access.api = textAt(cluster, "server");
    access.tls.authorities = pem(cluster, "certificate-authority", folder);
    access.tls.certificate = pem(user, "client-certificate", folder);
    access.tls.key = pem(user, "client-key", folder);
    access.token = textAt(user, "token");
    if (const std::string file = textAt(user, "tokenFile"); access.token.empty() && !file.empty()) {
        access.token = orThrow(readSecret(folder / file));
    }
    while (access.api.ends_with('/')) {
        access.api.pop_back();
    }
    return access;
}

core::Result<ClusterAccess> fromInside()
{
    const char* const host = std::getenv("KUBERNETES_SERVICE_HOST");
    const char* const port = std::getenv("KUBERNETES_SERVICE_PORT");
    if (host == nullptr || *host == '\0') {
        return core::fail("no API server is known: set api or kubeconfig, or run inside the cluster");
    }
    const bool six = std::string_view(host).find(':') != std::string_view::npos;
    ClusterAccess access;
    access.api = fmt::format("https://{}{}{}:{}", six ? "[" : "", host, six ? "]" : "",
                             port != nullptr ? port : "443");
    auto token = readSecret(std::filesystem::path(kAccount) / "token");
    auto authorities = readWhole(std::filesystem::path(kAccount) / "ca.crt");
    if (!token || !authorities) {
        return core::Unexpected<core::Error>{token ? authorities.error() : token.error()};
    }
    access.token = std::move(*token);
    access.tls.authorities = std::move(*authorities);
    return access;
}

} // namespace

core::Result<std::string> decodeBase64(std::string_view text)
{
    std::string bytes;
    unsigned value = 0;
    int bits = 0;
    bool ended = false;
    for (const char c : text) {
        if (c == '\n' || c == '\r' || c == ' ') {
            continue;
        }
        const int digit = c >= 'A' && c <= 'Z'   ? c - 'A'
                          : c >= 'a' && c <= 'z' ? c - 'a' + 26
                          : c >= '0' && c <= '9' ? c - '0' + 52
                          : c == '+'             ? 62
                          : c == '/'             ? 63
                                                 : -1;
        if ((digit < 0 && c != '=') || (ended && c != '=')) {
            return core::fail("it is no base64");
        }
        if (c == '=') {
            ended = true;
            continue;
        }
        value = (value << 6 | static_cast<unsigned>(digit)) & 0xFFFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(value >> bits & 0xFFU);
        }
    }
    return bytes;
}

core::Result<ClusterAccess> parseKubeconfig(std::string_view yaml, const std::filesystem::path& folder)
try {
    return accessOf(YAML::Load(std::string(yaml)), folder);
} catch (const Bad& bad) {
    return core::fail("kubeconfig: " + bad.reason);
} catch (const YAML::Exception& bad) {
    return core::fail(fmt::format("kubeconfig:{}: {}", bad.mark.line + 1, bad.msg));
}

core::Result<ClusterAccess> clusterAccess(const KubernetesTarget& target)
{
    ClusterAccess access;
    if (!target.kubeconfig.empty()) {
        const auto text = readWhole(target.kubeconfig);
        if (!text) {
            return core::Unexpected<core::Error>{text.error()};
        }
        auto parsed = parseKubeconfig(*text, target.kubeconfig.parent_path());
        if (!parsed) {
            return parsed;
        }
        access = std::move(*parsed);
    } else if (target.api.empty()) {
        return fromInside();
    }
    if (!target.api.empty()) {
        access.api = target.api.substr(0, target.api.find_last_not_of('/') + 1);
    }
    if (!target.tokenFile.empty()) {
        auto token = readSecret(target.tokenFile);
        if (!token) {
            return core::Unexpected<core::Error>{token.error()};
        }
        access.token = std::move(*token);
    }
    if (!target.caFile.empty()) {
        auto authorities = readWhole(target.caFile);
        if (!authorities) {
            return core::Unexpected<core::Error>{authorities.error()};
        }
        access.tls.authorities = std::move(*authorities);
    }
    return access;
}

} // namespace respond
