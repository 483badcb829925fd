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

std::uint64_t bytesOf(const YAML::Node& node, std::string_view what)
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
    throw BadValue{node.Mark(), fmt::format("{}: \"{}\" is no size: 500MiB or 2GiB is expected", what, text)};
}

} // namespace engine
