// The section "alertmanager": other people's Alertmanagers.
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"
#include "monitor/notify/secrets.h"

#include <fmt/format.h>

namespace engine {

namespace {

using cluster::Spec;

std::function<void(const YAML::Node&, Spec&)> reference(std::string Spec::*member)
{
    return [member](const YAML::Node& node, Spec& spec) {
        const std::string text = textOf(node);
        if (!notify::Secrets::isReference(text)) { // never shown: it may be the secret itself
            throw BadValue{
                node.Mark(),
                "alertmanager: passwords and tokens do not stand here but by reference, see --print-config"};
        }
        spec.*member = text;
    };
}

const Setters<Spec>& setters()
{
    static const Setters<Spec> table{
        {"peers", [](const YAML::Node& node, Spec& spec) { spec.peers = listOf(node); }},
        {"token", reference(&Spec::token)},
        {"user", [](const YAML::Node& node, Spec& spec) { spec.user = textOf(node); }},
        {"password", reference(&Spec::password)},
        {"ca_file", [](const YAML::Node& node, Spec& spec) { spec.caFile = textOf(node); }},
        {"interval", [](const YAML::Node& node, Spec& spec) { spec.interval = spanOf(node); }},
        {"timeout", [](const YAML::Node& node, Spec& spec) { spec.timeout = spanOf(node); }},
        {"acknowledge", [](const YAML::Node& node, Spec& spec) { spec.ackSpan = spanOf(node); }},
    };
    return table;
}

} // namespace

void readAlertmanager(const YAML::Node& node, Config& config)
{
    Spec spec;
    readInto(node, "alertmanager", setters(), spec);
    if (const auto sound = cluster::problemOf(spec); !sound) {
        throw BadValue{node["peers"] ? node["peers"].Mark() : node.Mark(),
                       "alertmanager: " + sound.error().message};
    }
    config.alertmanager = std::move(spec);
}

std::string alertmanagerConfigText()
{
    return R"yaml(
# Other people's Alertmanagers: what fires and what is silenced there is shown in the window (Alerts, Cluster), and can be
# silenced and acknowledged from it. Every peer of a cluster, and every one that has none. (To send our own alerts there is a
# channel of its own, kind: alertmanager.)
#alertmanager:
#  peers: [http://am-1:9093, http://am-2:9093]
#  interval: 10s               # between two looks; 1 s … 1 h
#  timeout: 5s                 # for one answer
#  acknowledge: 15m            # an acknowledgement is a silence for so long, renewed while its alert fires; 1 min … 24 h
#  #token: keyring:am          # or secret:NAME, env:NAME; over https only, or to this machine
#  #user: poolscope
#  #password: secret:am
#  #ca_file: /path/to/ca.pem
)yaml";
}

} // namespace engine
