#include "monitor/engine/config_values.h"

#include "monitor/engine/config.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace engine {

std::string textOf(const YAML::Node& node)
{
    if (!node.IsScalar()) {
        throw BadValue{node.Mark(), "a single value is expected"};
    }
    return node.Scalar();
}

double numberOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    if (text == "true" || text == "on" || text == "yes") {
        return 1;
    }
    if (text == "false" || text == "off" || text == "no") {
        return 0;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) {
        return value;
    }
    return core::seconds(valueOf(node, parseSpan(text)));
}

core::Nanos spanOf(const YAML::Node& node)
{
    return valueOf(node, parseSpan(textOf(node)));
}

bool switchOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    const bool on = text == "true" || text == "on" || text == "yes";
    if (!on && text != "false" && text != "off" && text != "no") {
        throw BadValue{node.Mark(), "on or off is expected"};
    }
    return on;
}

int wholeOf(const YAML::Node& node, int least, int most)
{
    const double value = numberOf(node);
    if (!(value >= least && value <= most) || value != std::floor(value)) {
        throw BadValue{node.Mark(), fmt::format("a whole number from {} to {} is expected", least, most)};
    }
    return static_cast<int>(value);
}

std::vector<std::string> listOf(const YAML::Node& node)
{
    std::vector<std::string> items;
    if (node.IsScalar()) {
        items.push_back(node.Scalar());
        return items;
    }
    if (!node.IsSequence()) {
        throw BadValue{node.Mark(), "a list is expected"};
    }
    for (const YAML::Node& item : node) {
        items.push_back(textOf(item));
    }
    return items;
}

} // namespace engine
