// The section "black_box": the last minutes, always recorded, and what an incident keeps of them.
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"

namespace engine {

namespace {

constexpr std::uint64_t kLeastBytes = std::uint64_t{1} << 20;
constexpr int kMostIncidents = 10'000;

std::function<void(const YAML::Node&, BlackBoxConfig&)> size(std::uint64_t BlackBoxConfig::*member)
{
    return [member](const YAML::Node& node, BlackBoxConfig& config) {
        config.*member = bytesOf(node, "black_box");
        if (config.*member < kLeastBytes) {
            throw BadValue{node.Mark(), "black_box: a size must be 1MiB or more"};
        }
    };
}

const Setters<BlackBoxConfig>& setters()
{
    static const Setters<BlackBoxConfig> table{
        {"keep",
         [](const YAML::Node& node, BlackBoxConfig& config) {
             const core::Nanos span = spanOf(node);
             if (span < std::chrono::minutes(1) || span > std::chrono::hours(2)) {
                 throw BadValue{node.Mark(), "black_box: keep must be between 1m and 2h"};
             }
             config.keep = span;
         }},
        {"folder", [](const YAML::Node& node, BlackBoxConfig& config) { config.folder = textOf(node); }},
        {"max_size", size(&BlackBoxConfig::maxBytes)},
        {"on_incident",
         [](const YAML::Node& node, BlackBoxConfig& config) { config.onIncident = switchOf(node); }},
        {"incidents",
         [](const YAML::Node& node, BlackBoxConfig& config) {
             config.incidents = static_cast<std::size_t>(wholeOf(node, 1, kMostIncidents));
         }},
        {"incidents_size", size(&BlackBoxConfig::incidentBytes)},
    };
    return table;
}

} // namespace

void readBlackBox(const YAML::Node& node, Config& config)
{
    if (node.IsScalar()) {
        config.blackBox.on = switchOf(node);
        return;
    }
    config.blackBox.on = true;
    readInto(node, "black_box", setters(), config.blackBox);
}

std::string blackBoxConfigText()
{
    return R"yaml(
# The last minutes as a recording that is always there; "black_box: off" records only what is asked for.
black_box:
  keep: 15m                 # 1m … 2h
  #folder: /path/to/recordings  # default: recordings in the data folder
  max_size: 64MiB           # of the box: beyond it the oldest goes first
  on_incident: on           # an alert that fires saves its own recording, three minutes later
  incidents: 20             # so many of them are kept …
  incidents_size: 512MiB    # … and so much
)yaml";
}

} // namespace engine
