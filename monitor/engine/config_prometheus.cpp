// The sections "prometheus" and "remote_write": servers that are asked, and one that is told.
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"
#include "monitor/http/http.h"

#include <algorithm>
#include <utility>

namespace engine {

namespace {

using prometheus::RemoteWriteSpec;
using prometheus::ServerSpec;

constexpr int kMostBytes = 256 << 20;
constexpr std::size_t kMostServers = 20;

// `what` is in front of what is wrong.
metrics::Labels labelsOf(const YAML::Node& node, const std::string& what)
{
    metrics::Labels labels;
    if (!node.IsMap()) {
        throw BadValue{node.Mark(), what + ": names and values are expected"};
    }
    for (const auto& entry : node) {
        const std::string name = textOf(entry.first);
        const bool word =
            !name.empty() && !name.starts_with("__") && (name[0] < '0' || name[0] > '9') &&
            std::all_of(name.begin(), name.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            });
        if (!word) {
            throw BadValue{entry.first.Mark(), what + ": \"" + name + "\" is no label"};
        }
        labels.emplace_back(name, textOf(entry.second));
    }
    std::sort(labels.begin(), labels.end());
    return labels;
}

const Setters<ServerSpec>& serverSetters()
{
    static const Setters<ServerSpec> table{
        {"url", [](const YAML::Node& node, ServerSpec& spec) { spec.url = textOf(node); }},
        {"name", [](const YAML::Node& node, ServerSpec& spec) { spec.name = textOf(node); }},
        {"tenant", [](const YAML::Node& node, ServerSpec& spec) { spec.tenant = textOf(node); }},
        {"user", [](const YAML::Node& node, ServerSpec& spec) { spec.user = textOf(node); }},
        {"password_file", [](const YAML::Node& node, ServerSpec& spec) { spec.passwordFile = textOf(node); }},
        {"bearer_file", [](const YAML::Node& node, ServerSpec& spec) { spec.bearerFile = textOf(node); }},
        {"ca_file", [](const YAML::Node& node, ServerSpec& spec) { spec.caFile = textOf(node); }},
        {"timeout", [](const YAML::Node& node, ServerSpec& spec) { spec.timeout = spanOf(node); }},
        {"interval", [](const YAML::Node& node, ServerSpec& spec) { spec.interval = spanOf(node); }},
        {"watch", [](const YAML::Node& node, ServerSpec& spec) { spec.watch = spanOf(node); }},
        {"take_over", [](const YAML::Node& node, ServerSpec& spec) { spec.takeOver = spanOf(node); }},
        {"per_second",
         [](const YAML::Node& node, ServerSpec& spec) { spec.perSecond = wholeOf(node, 1, 100); }},
        {"match",
         [](const YAML::Node& node, ServerSpec& spec) { spec.match = labelsOf(node, "prometheus: match"); }},
        {"max_bytes",
         [](const YAML::Node& node, ServerSpec& spec) {
             spec.maxBytes = static_cast<std::size_t>(wholeOf(node, 1, kMostBytes));
         }},
    };
    return table;
}

// The server's own settings, and those of pushing.
const Setters<RemoteWriteSpec>& writeSetters()
{
    static const Setters<RemoteWriteSpec> table = [] {
        Setters<RemoteWriteSpec> all{
            {"external_labels",
             [](const YAML::Node& node, RemoteWriteSpec& spec) { spec.external = labelsOf(node, "remote_write: external_labels"); }},
            {"max_age",
             [](const YAML::Node& node, RemoteWriteSpec& spec) {
                 spec.mostAge = spanOf(node);
                 if (spec.mostAge < std::chrono::minutes(1) || spec.mostAge > std::chrono::hours(24 * 30)) {
                     throw BadValue{node.Mark(), "remote_write: max_age: 1m … 30d is expected"};
                 }
             }},
            {"max_pending",
             [](const YAML::Node& node, RemoteWriteSpec& spec) {
                 spec.mostPending = static_cast<std::size_t>(wholeOf(node, 1000, 100'000'000));
             }},
        };
        for (const auto& [name, setter] : serverSetters()) {
            if (name != "interval" && name != "per_second" && name != "max_bytes" && name != "match" &&
                name != "watch" && name != "take_over") {
                all.emplace(name, [setter = setter](const YAML::Node& node, RemoteWriteSpec& spec) {
                    setter(node, spec.endpoint);
                });
            }
        }
        return all;
    }();
    return table;
}

void refuseSecrets(const YAML::Node& node, const char* what)
{
    for (const char* name : {"password", "token", "bearer_token"}) {
        if (node.IsMap() && node[name]) {
            throw BadValue{node[name].Mark(),
                           std::string(what) +
                               ": no secrets in this file; name one with password_file or bearer_file"};
        }
    }
}

} // namespace

void readServers(const YAML::Node& node, Config& config)
{
    if (!node.IsSequence() || node.size() > kMostServers) {
        throw BadValue{node.Mark(), "prometheus: a list of at most 20 servers is expected"};
    }
    config.servers.clear();
    for (const YAML::Node& item : node) {
        refuseSecrets(item, "prometheus");
        ServerSpec spec;
        readInto(item, "prometheus", serverSetters(), spec);
        auto sound = prometheus::soundServer(std::move(spec));
        if (!sound) {
            throw BadValue{item.Mark(), "prometheus: " + sound.error().message};
        }
        for (const ServerSpec& other : config.servers) {
            if (other.name == sound->name) {
                throw BadValue{item.Mark(), "prometheus: the name \"" + sound->name + "\" is taken"};
            }
        }
        config.servers.push_back(std::move(*sound));
    }
}

void readRemoteWrite(const YAML::Node& node, Config& config)
{
    config.remoteWrite.reset();
    if (node.IsScalar() && !switchOf(node)) {
        return;
    }
    refuseSecrets(node, "remote_write");
    RemoteWriteSpec spec;
    readInto(node, "remote_write", writeSetters(), spec);
    auto sound = prometheus::soundServer(std::move(spec.endpoint));
    if (!sound) {
        throw BadValue{node.Mark(), "remote_write: " + sound.error().message};
    }
    spec.endpoint = std::move(*sound);
    config.remoteWrite = std::move(spec);
}

void matchWhatIsPushed(Config& config)
{
    const auto hostOf = [](const ServerSpec& spec) {
        const http::UrlParts parts = http::readUrl(spec.url).value_or(http::UrlParts());
        return parts.host + ":" + parts.port;
    };
    for (ServerSpec& server : config.servers) {
        if (server.match.empty() && config.remoteWrite && hostOf(server) == hostOf(config.remoteWrite->endpoint)) {
            server.match = config.remoteWrite->external;
        }
    }
}

std::string prometheusConfigText()
{
    return R"yaml(
# Prometheus, Thanos, Mimir or VictoriaMetrics: servers that Explore and the charts can ask, and whose rules, alerts and
# targets are shown beside our own (Alerts, Prometheus; Watched pools). A rule with the annotation poolscope_owner is theirs:
# "prometheus" is told by the server and not by us, "shadow" is only compared. Off until one is named.
#prometheus:
#  - name: central             # default: host and port
#    url: https://prometheus.example   # with the prefix it has, Mimir's: …/prometheus
#    tenant: team-a            # X-Scope-OrgID
#    user: monitor             # with password_file: basic authentication
#    password_file: /etc/poolscope/prometheus.password
#    #bearer_file: /etc/poolscope/prometheus.token
#    ca_file: /etc/poolscope/ca.pem
#    timeout: 30s
#    interval: 15s             # how often it samples; nothing is asked for in finer steps
#    match: {job: poolscope, instance: "laptop-7:8000"}   # what this console's series are labelled with there; charts ask
#                              # for these alone. Default: the external labels, where remote_write names the same host
#    watch: 15s                # between two looks at its rules and targets; 0s: never
#    take_over: 2m             # rules it owns are told here when it cannot be seen to watch them for so long; 0s: never
#    per_second: 5             # most requests a second
#    max_bytes: 33554432       # of an answer
# Every sample pushed to a server that cannot scrape /metrics (remote write 1.0). Off until configured; never be scraped and
# push without a label that tells both apart.
#remote_write:
#  url: https://prometheus.example/api/v1/write   # in full; Mimir: …/api/v1/push, Thanos: …/api/v1/receive
#  external_labels: {console: laptop-7}
#  bearer_file: /etc/poolscope/prometheus.token   # or user and password_file; tenant, ca_file, timeout
#  max_pending: 1000000        # samples that wait while it is away; beyond, the oldest go …
#  max_age: 2h                 # … and those older than this
)yaml";
}

} // namespace engine
