#include "monitor/load/scenario_spec.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace load {

namespace {

// What is wrong with the value, or nothing.
std::optional<std::string> problemOf(const ParameterSpec& parameter, double value, core::Lang lang) {
    const bool chinese = lang == core::Lang::Chinese;
    const std::string unit = parameter.unit.empty() ? std::string() : " " + parameter.unit;
    // Written so that NaN is out of range too.
    if (!(value >= parameter.minimum && value <= parameter.maximum)) {
        const std::string low = core::numberText(parameter.minimum);
        const std::string high = core::numberText(parameter.maximum);
        const std::string got = core::numberText(value);
        return chinese ? fmt::format("参数 {} 必须在 {} 到 {}{} 之间（给定 {}）", parameter.name, low, high,
                                     unit, got)
                       : fmt::format("parameter {} must be between {} and {}{} (got {})", parameter.name, low,
                                     high, unit, got);
    }
    if (parameter.whole && value != std::floor(value)) {
        const std::string got = core::numberText(value);
        return chinese ? fmt::format("参数 {} 必须是整数（给定 {}）", parameter.name, got)
                       : fmt::format("parameter {} must be a whole number (got {})", parameter.name, got);
    }
    return std::nullopt;
}

std::string unknownParameter(const ScenarioSpec& spec, std::string_view name, core::Lang lang) {
    std::string known;
    for (const ParameterSpec& parameter : spec.parameters) {
        known += (known.empty() ? "" : ", ") + parameter.name;
    }
    const std::string shown = core::oneLine(name, 60);
    return lang == core::Lang::Chinese
               ? fmt::format("场景 {} 没有参数“{}”；可用参数：{}", spec.name, shown, known)
               : fmt::format("scenario {} has no parameter \"{}\"; it takes {}", spec.name, shown, known);
}

double valueOf(const Parameters& parameters, std::string_view name) {
    const auto at = parameters.find(std::string(name));
    return at == parameters.end() ? 0 : at->second;
}

bool holds(const Condition& condition, const Parameters& parameters) {
    const double value = valueOf(parameters, condition.parameter);
    switch (condition.op) {
    case Condition::Op::Less:
        return value < condition.bound;
    case Condition::Op::LessEqual:
        return value <= condition.bound;
    case Condition::Op::Greater:
        return value > condition.bound;
    case Condition::Op::GreaterEqual:
        return value >= condition.bound;
    }
    return false;
}

double secondsUntil(const Expectation& expectation, const Parameters& parameters) {
    double sum = 0;
    for (const auto& part : expectation.after) {
        const double* number = std::get_if<double>(&part);
        sum += number ? *number : valueOf(parameters, std::get<std::string>(part));
    }
    return sum;
}

} // namespace

const ParameterSpec* findParameter(const ScenarioSpec& spec, std::string_view name) noexcept {
    const auto at = std::find_if(spec.parameters.begin(), spec.parameters.end(),
                                 [name](const ParameterSpec& parameter) { return parameter.name == name; });
    return at == spec.parameters.end() ? nullptr : &*at;
}

core::Result<Parameters> completed(const ScenarioSpec& spec, const Parameters& given, core::Lang lang) {
    Parameters all;
    for (const ParameterSpec& parameter : spec.parameters) {
        all[parameter.name] = parameter.fallback;
    }
    for (const auto& [name, value] : given) {
        const ParameterSpec* parameter = findParameter(spec, name);
        if (!parameter) {
            return core::fail(unknownParameter(spec, name, lang), "unknown_parameter");
        }
        if (auto problem = problemOf(*parameter, value, lang)) {
            return core::fail(std::move(*problem), "out_of_range");
        }
        all[name] = value;
    }
    return all;
}

std::vector<std::string> expectedAlerts(const ScenarioSpec& spec, const Parameters& parameters) {
    const double duration = valueOf(parameters, "duration");
    std::vector<std::string> alerts;
    for (const Expectation& expectation : spec.expects) {
        const bool due = duration >= secondsUntil(expectation, parameters);
        const bool wanted =
            std::all_of(expectation.when.begin(), expectation.when.end(),
                        [&](const Condition& condition) { return holds(condition, parameters); });
        const bool known = std::find(alerts.begin(), alerts.end(), expectation.alert) != alerts.end();
        if (due && wanted && !known) {
            alerts.push_back(expectation.alert);
        }
    }
    return alerts;
}

} // namespace load
