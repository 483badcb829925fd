// Reading YAML as strictly as Prometheus does: unknown and repeated keys and wrong kinds are refused, with
// the place. Private to the readers of files.
#pragma once

#include "monitor/core/clock.h"

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert::yaml {

// Thrown by all of these; caught where the file is read.
struct Refused {
    YAML::Mark mark;
    std::string reason;
};

[[noreturn]] void refuse(const YAML::Node& node, std::string reason);
[[nodiscard]] std::string quoted(std::string_view text); // Go's %q

using Entries = std::vector<std::pair<std::string, YAML::Node>>;

// The entries of a mapping; repeated keys and keys that are not among `known` (any when empty) are refused.
// `type` stands in the message, as Go names it.
[[nodiscard]] Entries entriesOf(const YAML::Node& node, std::string_view type,
                                const std::vector<std::string_view>& known);
// The value of that key; a null where there is none, so that everything may be asked of it.
[[nodiscard]] YAML::Node childOf(const YAML::Node& node, const std::string& key);
// "" of a null.
[[nodiscard]] std::string textOf(const YAML::Node& node);
// "1h30m"; 0 of a null.
[[nodiscard]] core::Nanos durationOf(const YAML::Node& node);

} // namespace alert::yaml
