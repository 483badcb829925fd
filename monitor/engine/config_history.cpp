// The section "history": where the long memory is, how long it keeps what, how large it may become.
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace engine {

namespace {

constexpr std::uint64_t kLeastBytes = std::uint64_t{16} << 20;

// "2GiB", "500 MB"; a bare number is bytes.
std::uint64_t bytesOf(const YAML::Node& node)
{
    struct UnitName {
        std::string_view name;
        double bytes;
    };
    static constexpr std::array kUnits{UnitName{"", 1},
                                       UnitName{"kB", 1e3},
                                       UnitName{"MB", 1e6},
                                       UnitName{"GB", 1e9},
                                       UnitName{"TB", 1e12},
                                       UnitName{"KiB", 1024.0},
                                       UnitName{"MiB", 1048576.0},
                                       UnitName{"GiB", 1073741824.0},
                                       UnitName{"TiB", 1099511627776.0}};
    const std::string text = textOf(node);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    if (error == std::errc() && std::isfinite(value) && value >= 0 && value < 1e15) {
        for (const UnitName& known : kUnits) {
            if (unit == known.name && value * known.bytes < 1e15) {
                return static_cast<std::uint64_t>(value * known.bytes);
            }
        }
    }
    throw BadValue{node.Mark(), fmt::format("history: \"{}\" is no size: 500MiB or 2GiB is expected", text)};
}

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
             config.retention.maxBytes = bytesOf(node);
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
