// The section "targets": other people's pools, as targets.yml has them.
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"

#include "monitor/targets/target_file.h"

#include <map>
#include <string>
#include <utility>

namespace engine {

void readTargetSection(const YAML::Node& node, Config& config)
{
    auto read = targets::readTargets(node);
    if (!read) {
        YAML::Mark where = node.Mark();
        where.line = read.error().line;
        throw BadValue{where, read.error().reason};
    }
    config.targets = std::move(*read);
}

namespace {

using targets::DnsQuestion;

DnsQuestion::Type typeOf(const YAML::Node& node)
{
    using Type = DnsQuestion::Type;
    static const std::map<std::string, Type> types{
        {"A", Type::A}, {"AAAA", Type::Aaaa}, {"MX", Type::Mx}, {"NS", Type::Ns}, {"SRV", Type::Srv}};
    const auto type = types.find(textOf(node));
    if (type == types.end()) {
        throw BadValue{node.Mark(), "dns_sd_configs: type is A, AAAA, MX, NS or SRV"};
    }
    return type->second;
}

const Setters<DnsQuestion>& questionSetters()
{
    static const Setters<DnsQuestion> table{
        {"names", [](const YAML::Node& node, DnsQuestion& question) { question.names = listOf(node); }},
        {"type", [](const YAML::Node& node, DnsQuestion& question) { question.type = typeOf(node); }},
        {"port",
         [](const YAML::Node& node, DnsQuestion& question) {
             question.port = static_cast<std::uint16_t>(wholeOf(node, 1, 65535));
         }},
        {"refresh_interval", [](const YAML::Node& node, DnsQuestion& question) { question.refresh = spanOf(node); }},
        {"scheme", [](const YAML::Node& node, DnsQuestion& question) { question.scheme = textOf(node); }},
        {"metrics_path", [](const YAML::Node& node, DnsQuestion& question) { question.path = textOf(node); }},
        {"environment", [](const YAML::Node& node, DnsQuestion& question) { question.environment = textOf(node); }},
        {"tags", [](const YAML::Node& node, DnsQuestion& question) { question.tags = listOf(node); }},
    };
    return table;
}

} // namespace

void readDnsSection(const YAML::Node& node, Config& config)
{
    if (!node.IsSequence() || node.size() > 100) {
        throw BadValue{node.Mark(), "dns_sd_configs: a list of at most 100 is expected"};
    }
    config.targetNames.clear();
    for (const YAML::Node& item : node) {
        DnsQuestion question;
        readInto(item, "dns_sd_configs", questionSetters(), question);
        if (const auto sound = targets::checkQuestion(question); !sound) {
            throw BadValue{item.Mark(), "dns_sd_configs: " + sound.error().message};
        }
        config.targetNames.push_back(std::move(question));
    }
}

std::string targetsConfigText()
{
    return R"yaml(
# Most series in memory, the program's own and those of targets together; what is beyond is refused and counted
# (target_series_refused). Some 5000 are kept for the program itself.
#memory_series: 50000

# Other people's pools to be watched, beside those added in the window (targets.yml in the data folder) and those that
# Prometheus' discovery files name there (targets.d/*.json, *.yml).
#targets:
#  - url: https://shop.example:8443/actuator/prometheus
#    name: shop                # the label "target"; default: host and port
#    environment: production   # the label "environment"; production is framed
#    color: "#c0392b"          # of the environment
#    tags: [java, shop]
#    interval: 5s              # 1s … 1h
#    timeout: 4s
#    user: monitor             # with password_file or secret: basic authentication
#    password_file: /etc/poolscope/shop.password
#    #bearer_file: /etc/poolscope/shop.token
#    #secret: env:SHOP_TOKEN   # or keyring:NAME, secret:NAME (secrets.yml); without a user a bearer token
#    ca_file: /etc/poolscope/ca.pem
#    max_bytes: 4194304        # of an answer
#    max_series: 2000          # of an answer
#    max_labels: 60            # of one series
#    paused: no
#  - url: pgbouncer://stats@db.example:6432
#  - url: https://prometheus.example         # what a Prometheus scrapes, by its /federate: each instance is a pool
#    match: '{job="shop"}'
# And those that DNS names, as Prometheus' dns_sd_configs; without an answer what was known stays.
#dns_sd_configs:
#  - names: [_postgres._tcp.db.example]
#    type: SRV                 # or A, AAAA, MX, NS with a port
#    #port: 9187
#    refresh_interval: 30s
#    #scheme: http
#    #metrics_path: /metrics
#    environment: production
#    tags: [postgres]
)yaml";
}

} // namespace engine
