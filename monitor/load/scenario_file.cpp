#include "monitor/load/scenario_file.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <initializer_list>
#include <stdexcept>
#include <yaml-cpp/yaml.h>

namespace load {

namespace {

constexpr std::size_t kMaxBytes =
    64 * 1024;                    // a scenario is a page; more is a mistake or an attack (alias bombs)
constexpr double kLongest = 3600; // seconds: the hard cap of any run

// Thrown within this file only; parseScenario() turns it into a value.
struct Problem : std::runtime_error {
    Problem(const YAML::Mark& at, const std::string& what)
        : std::runtime_error(what)
        , mark(at) {}
    YAML::Mark mark;
};

void requireKeys(const YAML::Node& map, std::initializer_list<std::string_view> known,
                 std::string_view what) {
    if (!map.IsMap()) {
        throw Problem(map.Mark(), fmt::format("{} must be a map", what));
    }
    std::vector<std::string> seen;
    for (const auto& entry : map) {
        if (!entry.first.IsScalar()) {
            throw Problem(entry.first.Mark(), fmt::format("a key of {} must be a word", what));
        }
        const std::string key = entry.first.Scalar();
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            throw Problem(entry.first.Mark(),
                          fmt::format("unknown key \"{}\" in {}", core::oneLine(key, 40), what));
        }
        if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
            throw Problem(entry.first.Mark(), fmt::format("key \"{}\" twice in {}", key, what));
        }
        seen.push_back(key);
    }
}

YAML::Node required(const YAML::Node& map, const char* key, std::string_view what) {
    const YAML::Node node = map[key];
    if (!node) {
        throw Problem(map.Mark(), fmt::format("{} lacks \"{}\"", what, key));
    }
    return node;
}

std::string textOf(const YAML::Node& node, std::string_view what) {
    if (!node.IsScalar() || node.Scalar().empty()) {
        throw Problem(node.Mark(), fmt::format("{} must be a text", what));
    }
    return core::oneLine(node.Scalar(), 600);
}

std::string nameOf(const YAML::Node& node, std::string_view what) {
    const std::string name = textOf(node, what);
    const bool sound = name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' &&
                       name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (!sound) {
        throw Problem(node.Mark(), fmt::format("{} must be small letters, digits and _", what));
    }
    return name;
}

double numberOf(const YAML::Node& node, std::string_view what) {
    double value = 0;
    if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !std::isfinite(value)) {
        throw Problem(node.Mark(), fmt::format("{} must be a number", what));
    }
    return value;
}

Words wordsOf(const YAML::Node& map, const char* key, std::string_view what) {
    const YAML::Node node = required(map, key, what);
    requireKeys(node, {"en", "zh"}, key);
    return {textOf(required(node, "en", key), "en"), textOf(required(node, "zh", key), "zh")};
}

ParameterSpec parameterOf(const YAML::Node& node) {
    constexpr std::string_view kWhat = "a parameter";
    requireKeys(node, {"name", "unit", "default", "min", "max", "whole", "title"}, kWhat);
    ParameterSpec parameter;
    parameter.name = nameOf(required(node, "name", kWhat), "a parameter's name");
    parameter.title = wordsOf(node, "title", parameter.name);
    parameter.unit = node["unit"] ? textOf(node["unit"], "unit") : std::string();
    parameter.fallback = numberOf(required(node, "default", parameter.name), "default");
    parameter.minimum = numberOf(required(node, "min", parameter.name), "min");
    parameter.maximum = numberOf(required(node, "max", parameter.name), "max");
    if (node["whole"] && !YAML::convert<bool>::decode(node["whole"], parameter.whole)) {
        throw Problem(node["whole"].Mark(), "whole must be true or false");
    }
    if (parameter.minimum > parameter.fallback || parameter.fallback > parameter.maximum) {
        throw Problem(node.Mark(), fmt::format("{} needs min <= default <= max", parameter.name));
    }
    return parameter;
}

std::vector<ParameterSpec> parametersOf(const YAML::Node& node) {
    if (!node.IsSequence()) {
        throw Problem(node.Mark(), "parameters must be a list");
    }
    std::vector<ParameterSpec> all;
    for (const YAML::Node& item : node) {
        ParameterSpec parameter = parameterOf(item);
        const auto same = [&](const ParameterSpec& other) { return other.name == parameter.name; };
        if (std::any_of(all.begin(), all.end(), same)) {
            throw Problem(item.Mark(), fmt::format("parameter {} twice", parameter.name));
        }
        if (parameter.name == "duration" && (parameter.minimum <= 0 || parameter.maximum > kLongest)) {
            throw Problem(item.Mark(), "duration must be above 0 and at most 3600 s");
        }
        all.push_back(std::move(parameter));
    }
    return all;
}

void requireParameter(const ScenarioSpec& spec, const std::string& name, const YAML::Node& node) {
    if (!findParameter(spec, name)) {
        throw Problem(node.Mark(), fmt::format("no parameter \"{}\"", core::oneLine(name, 40)));
    }
}

// "callers > 0"
Condition conditionOf(const ScenarioSpec& spec, const YAML::Node& node) {
    using Op = Condition::Op;
    const std::string text = textOf(node, "a condition");
    const std::size_t at = text.find_first_of("<>");
    if (at == std::string::npos || at == 0) {
        throw Problem(node.Mark(), "a condition is \"parameter > number\"");
    }
    const bool orEqual = at + 1 < text.size() && text[at + 1] == '=';
    Condition condition;
    condition.parameter = text.substr(0, text.find_last_not_of(' ', at - 1) + 1);
    requireParameter(spec, condition.parameter, node);
    condition.op =
        text[at] == '<' ? (orEqual ? Op::LessEqual : Op::Less) : (orEqual ? Op::GreaterEqual : Op::Greater);
    condition.bound =
        numberOf(YAML::Node(text.substr(std::min(text.find_first_not_of(" =", at + 1), text.size()))),
                 "the bound of a condition");
    return condition;
}

Expectation expectationOf(const ScenarioSpec& spec, const YAML::Node& node) {
    constexpr std::string_view kWhat = "an expectation";
    requireKeys(node, {"alert", "after", "when"}, kWhat);
    Expectation expectation;
    expectation.alert = textOf(required(node, "alert", kWhat), "alert");
    const YAML::Node after = required(node, "after", kWhat);
    const auto addTerm = [&](const YAML::Node& term) {
        double number = 0;
        if (term.IsScalar() && YAML::convert<double>::decode(term, number) && std::isfinite(number)) {
            expectation.after.emplace_back(number);
            return;
        }
        const std::string name = textOf(term, "after");
        requireParameter(spec, name, term);
        expectation.after.emplace_back(name);
    };
    if (after.IsSequence()) {
        std::for_each(after.begin(), after.end(), addTerm);
    } else {
        addTerm(after);
    }
    if (const YAML::Node when = node["when"]) {
        if (!when.IsSequence()) {
            throw Problem(when.Mark(), "when must be a list of conditions");
        }
        for (const YAML::Node& item : when) {
            expectation.when.push_back(conditionOf(spec, item));
        }
    }
    return expectation;
}

ScenarioSpec specOf(const YAML::Node& root) {
    constexpr std::string_view kWhat = "a scenario";
    requireKeys(root, {"name", "step", "title", "description", "parameters", "expects"}, kWhat);
    ScenarioSpec spec;
    spec.name = nameOf(required(root, "name", kWhat), "name");
    spec.step = nameOf(required(root, "step", kWhat), "step");
    spec.title = wordsOf(root, "title", kWhat);
    spec.description = wordsOf(root, "description", kWhat);
    spec.parameters = parametersOf(required(root, "parameters", kWhat));
    requireParameter(spec, "duration", root["parameters"]);
    const YAML::Node expects = required(root, "expects", kWhat);
    if (!expects.IsSequence()) {
        throw Problem(expects.Mark(), "expects must be a list (empty when no alert is raised)");
    }
    for (const YAML::Node& item : expects) {
        spec.expects.push_back(expectationOf(spec, item));
    }
    return spec;
}

} // namespace

core::Result<ScenarioSpec> parseScenario(std::string_view yaml, std::string_view file) {
    const auto failAt = [&](const YAML::Mark& mark, std::string_view what) {
        return core::fail(fmt::format("{}:{}: {}", file, mark.line + 1, core::oneLine(what, 300)),
                          "scenario_file");
    };
    if (yaml.size() > kMaxBytes) {
        return core::fail(fmt::format("{}: larger than 64 KiB", file), "scenario_file");
    }
    try {
        return specOf(YAML::Load(std::string(yaml)));
    } catch (const Problem& problem) {
        return failAt(problem.mark, problem.what());
    } catch (const YAML::Exception& error) {
        return failAt(error.mark, error.msg);
    }
}

} // namespace load
