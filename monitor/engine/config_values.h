// Reading single values of the YAML configuration: what every section of it uses. Inside of this room only.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace engine {

// Thrown by these functions and caught by readConfigFile() only.
struct BadValue {
    YAML::Mark where;
    std::string reason;
};

[[nodiscard]] std::string textOf(const YAML::Node& node);
// A number, a switch (on, off, true, false, yes, no) or a span of time in seconds.
[[nodiscard]] double numberOf(const YAML::Node& node);
[[nodiscard]] core::Nanos spanOf(const YAML::Node& node);
[[nodiscard]] bool switchOf(const YAML::Node& node);
// "2GiB", "500 MB"; a bare number is bytes. `what` begins the message.
[[nodiscard]] std::uint64_t bytesOf(const YAML::Node& node, std::string_view what);
[[nodiscard]] int wholeOf(const YAML::Node& node, int least, int most);
// A list of texts; a single one counts as a list of one.
[[nodiscard]] std::vector<std::string> listOf(const YAML::Node& node);

template <class T>
[[nodiscard]] T valueOf(const YAML::Node& node, core::Result<T> parsed)
{
    if (!parsed) {
        throw BadValue{node.Mark(), parsed.error().message};
    }
    return std::move(*parsed);
}

// Reads a map entry by entry; an unknown name is refused with its line. `what` begins the messages: "logs".
template <class Target>
using Setters = std::map<std::string, std::function<void(const YAML::Node&, Target&)>, std::less<>>;
template <class Target>
void readInto(const YAML::Node& node, std::string_view what, const Setters<Target>& setters, Target& target)
{
    if (!node.IsMap()) {
        throw BadValue{node.Mark(), std::string(what) + ": settings by name are expected"};
    }
    for (const auto& entry : node) {
        const std::string name = textOf(entry.first);
        const auto setter = setters.find(name);
        if (setter == setters.end()) {
            throw BadValue{entry.first.Mark(), std::string(what) + ": unknown setting \"" + name + "\""};
        }
        setter->second(entry.second, target);
    }
}

} // namespace engine
