// The section "history": where the long memory is, how long it keeps what, how large it may become.
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"

namespace engine {

namespace {

constexpr std::uint64_t kLeastBytes = std::uint64_t{16} << 20;

std::function<void(const YAML::Node&, HistoryConfig&)> age(core::Nanos store::Retention::*member)
{
    return [member](const YAML::Node& node, HistoryConfig& config) {
        const core::Nanos span = spanOf(node);
        if (span < std::chrono::hours(1)) {
            throw BadValue{node.Mark(), "history: less than an hour is no history"};
        }
        config.retention.*member = span;
    };
}

const Setters<HistoryConfig>& setters()
{
    static const Setters<HistoryConfig> table{
        {"file", [](const YAML::Node& node, HistoryConfig& config) { config.file = textOf(node); }},
        {"raw", age(&store::Retention::raw)},
        {"minutes", age(&store::Retention::minutes)},
        {"hours", age(&store::Retention::hours)},
        {"max_size",
         [](const YAML::Node& node, HistoryConfig& config) {
             config.retention.maxBytes = bytesOf(node, "history");
             if (config.retention.maxBytes < kLeastBytes) {
                 throw BadValue{node.Mark(), "history: max_size must be 16MiB or more"};
             }
         }},
    };
    return table;
}

} // namespace

void readHistory(const YAML::Node& node, Config& config)
{
    if (node.IsScalar()) {
        config.history.on = switchOf(node);
        return;
    }
    config.history.on = true;
    readInto(node, "history", setters(), config.history);
}

std::string historyConfigText()
{
    return R"yaml(
# What is remembered on disk, in an SQLite file; "history: off" keeps memory only.
history:
  #file: /path/to/history.db  # default: history.db in the data folder
  raw: 7d                   # every sample
  minutes: 90d              # minimum, maximum, sum, count, last of each minute
  hours: 730d               # … of each hour; alerts, notes and settings too
  max_size: 2GiB            # near it the oldest raw samples go first
)yaml";
}

} // namespace engine
