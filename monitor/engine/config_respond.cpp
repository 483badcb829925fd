// The section "respond": automatic responses.
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"

#include <limits>

namespace engine {

namespace {

using respond::CommandTarget;
using respond::DegradeConfig;
using respond::KubernetesTarget;
using respond::ScaleOutConfig;
using respond::WebhookTarget;

constexpr int kAny = std::numeric_limits<int>::max();

template <class Target, class Member>
std::function<void(const YAML::Node&, Target&)> text(Member Target::*member)
{
    return [member](const YAML::Node& node, Target& target) { target.*member = textOf(node); };
}

template <class Target>
std::function<void(const YAML::Node&, Target&)> onOff(bool Target::*member)
{
    return [member](const YAML::Node& node, Target& target) { target.*member = switchOf(node); };
}

template <class Target>
std::function<void(const YAML::Node&, Target&)> whole(int Target::*member)
{
    return [member](const YAML::Node& node, Target& target) { target.*member = wholeOf(node, -1, kAny); };
}

template <class Target>
std::function<void(const YAML::Node&, Target&)> span(core::Nanos Target::*member)
{
    return [member](const YAML::Node& node, Target& target) { target.*member = spanOf(node); };
}

template <class Target>
std::function<void(const YAML::Node&, Target&)> list(std::vector<std::string> Target::*member)
{
    return [member](const YAML::Node& node, Target& target) { target.*member = listOf(node); };
}

const Setters<DegradeConfig>& degradeSetters()
{
    static const Setters<DegradeConfig> table{
        {"enabled", onOff(&DegradeConfig::enabled)},
        {"dry_run", onOff(&DegradeConfig::dryRun)},
        {"alerts", list(&DegradeConfig::alerts)},
        {"most_level", whole(&DegradeConfig::mostLevel)},
        {"step_up_after", span(&DegradeConfig::stepUp)},
        {"step_down_after", span(&DegradeConfig::stepDown)},
        {"background_places", whole(&DegradeConfig::backgroundPlaces)},
        {"normal_places", whole(&DegradeConfig::normalPlaces)},
        {"cache_age", span(&DegradeConfig::cacheAge)},
    };
    return table;
}

const Setters<KubernetesTarget>& kubernetesSetters()
{
    static const Setters<KubernetesTarget> table{
        {"namespace", text(&KubernetesTarget::space)},     {"name", text(&KubernetesTarget::name)},
        {"kind", text(&KubernetesTarget::kind)},           {"api", text(&KubernetesTarget::api)},
        {"token_file", text(&KubernetesTarget::tokenFile)}, {"ca_file", text(&KubernetesTarget::caFile)},
        {"kubeconfig", text(&KubernetesTarget::kubeconfig)},
    };
    return table;
}

const Setters<WebhookTarget>& webhookSetters()
{
    static const Setters<WebhookTarget> table{{"url", text(&WebhookTarget::url)},
                                              {"token_file", text(&WebhookTarget::tokenFile)},
                                              {"ca_file", text(&WebhookTarget::caFile)}};
    return table;
}

const Setters<CommandTarget>& commandSetters()
{
    static const Setters<CommandTarget> table{{"run", list(&CommandTarget::arguments)},
                                              {"timeout", span(&CommandTarget::timeout)}};
    return table;
}

// One target of the kind, checked where it stands; a second one is refused.
template <class Target>
std::function<void(const YAML::Node&, ScaleOutConfig&)> target(const char* what, const Setters<Target>& (*setters)())
{
    return [what, setters](const YAML::Node& node, ScaleOutConfig& config) {
        if (!std::holds_alternative<std::monostate>(config.target)) {
            throw BadValue{node.Mark(), "scale_out: one target only: kubernetes, webhook or command"};
        }
        Target found;
        readInto(node, what, setters(), found);
        config.target = std::move(found);
        if (const auto sound = respond::problemOf(config.target); !sound) {
            throw BadValue{node.Mark(), std::string(what) + ": " + sound.error().message};
        }
    };
}

const Setters<ScaleOutConfig>& scaleOutSetters()
{
    static const Setters<ScaleOutConfig> table{
        {"enabled", onOff(&ScaleOutConfig::enabled)},
        {"dry_run", onOff(&ScaleOutConfig::dryRun)},
        {"alerts", list(&ScaleOutConfig::alerts)},
        {"minimum", whole(&ScaleOutConfig::minimum)},
        {"maximum", whole(&ScaleOutConfig::maximum)},
        {"step", whole(&ScaleOutConfig::step)},
        {"cool_down", span(&ScaleOutConfig::coolDown)},
        {"deadline", span(&ScaleOutConfig::deadline)},
        {"kubernetes", target("kubernetes", kubernetesSetters)},
        {"webhook", target("webhook", webhookSetters)},
        {"command", target("command", commandSetters)},
    };
    return table;
}

template <class Part>
void readPart(const YAML::Node& node, const char* what, const Setters<Part>& setters, Part& part)
{
    Part changed;
    readInto(node, what, setters, changed);
    if (const auto sound = respond::problemOf(changed); !sound) {
        throw BadValue{node.Mark(), std::string(what) + ": " + sound.error().message};
    }
    part = std::move(changed);
}

} // namespace

void readRespond(const YAML::Node& node, Config& config)
{
    static const Setters<Config> parts{
        {"degrade",
         [](const YAML::Node& part, Config& to) { readPart(part, "degrade", degradeSetters(), to.degrade); }},
        {"scale_out",
         [](const YAML::Node& part, Config& to) { readPart(part, "scale_out", scaleOutSetters(), to.scaleOut); }},
    };
    readInto(node, "respond", parts, config);
}

std::string respondConfigText()
{
    return R"yaml(
# Automatic responses: off until switched on, and rehearsed only (dry_run) until that is switched off. Alerts are named
# here, or a rule asks by its annotation poolscope_response: degrade (or scale_out).
#respond:
#  degrade:
#    enabled: on
#    dry_run: on                 # say what would be done, do nothing
#    alerts: [CriticalPoolUsage, PoolWaitP95High]
#    most_level: 4               # 1 background leases, 2 timed jobs, 3 cached answers, 4 record and alert
#    step_up_after: 30s          # of trouble on a level before the next
#    step_down_after: 60s        # of quiet before a level is left
#    background_places: 0        # connections background leases may have from level 1; 0 = none
#    normal_places: -1           # the same for normal leases; -1 = no limit
#    cache_age: 30s              # answers from the cache may be that old
#  scale_out:
#    enabled: on
#    dry_run: on                 # print the exact requests, send none that changes anything
#    alerts: [HighPoolUsage, HighCpuLoad]
#    minimum: 1
#    maximum: 5
#    step: 1
#    cool_down: 5m               # between two actions
#    deadline: 10m               # for the load to fall
#    kubernetes:                 # or webhook: {url: https://…, token_file: …}, or command: {run: [/path/prog, "{replicas}"]}
#      namespace: shop
#      name: app                 # kind: deployment (statefulset, replicaset)
#      #api: https://host:6443   # default: the kubeconfig's, else from inside the cluster
#      #token_file: /path/token
#      #ca_file: /path/ca.crt
#      #kubeconfig: /path/kubeconfig
)yaml";
}

} // namespace engine
