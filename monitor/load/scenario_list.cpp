#include "monitor/load/scenario_list.h"

#include "monitor/core/format.h"

#include <fmt/format.h>

namespace load {

namespace {

// "60 s", "250 /s", "90%", "5".
std::string quantity(double value, const std::string& unit) {
    const char* gap = unit.empty() || unit == "%" ? "" : " ";
    return core::numberText(value) + gap + unit;
}

std::string limits(const ParameterSpec& parameter) {
    return fmt::format("{}–{}", core::numberText(parameter.minimum), core::numberText(parameter.maximum));
}

std::string alertsOf(const ScenarioSpec& spec, core::Lang lang) {
    const auto defaults = completed(spec, {}, lang);
    const std::vector<std::string> alerts =
        defaults ? expectedAlerts(spec, *defaults) : std::vector<std::string>();
    if (alerts.empty()) {
        return lang == core::Lang::Chinese ? "无" : "none";
    }
    return fmt::format("{}", fmt::join(alerts, ", "));
}

// A text of a file may hold what would break a table or a line.
std::string cell(std::string_view text) {
    std::string safe;
    for (const char c : core::oneLine(text, 1000)) {
        safe += c == '|' ? "\\|" : std::string(1, c);
    }
    return safe;
}

} // namespace

std::string scenarioList(std::span<const ScenarioSpec> scenarios, core::Lang lang) {
    const bool chinese = lang == core::Lang::Chinese;
    std::string text;
    for (const ScenarioSpec& spec : scenarios) {
        text += fmt::format("{}: {}\n    {}\n", spec.name, core::oneLine(spec.title.in(lang), 200),
                            core::oneLine(spec.description.in(lang), 1000));
        for (const ParameterSpec& parameter : spec.parameters) {
            text += fmt::format("    {:<12} {} ({} {})  {}\n", parameter.name,
                                quantity(parameter.fallback, parameter.unit),
                                chinese ? "范围" : "limits", limits(parameter),
                                core::oneLine(parameter.title.in(lang), 200));
        }
        text += fmt::format("    {}: {}\n", chinese ? "默认参数下的告警" : "alerts at the defaults",
                            alertsOf(spec, lang));
    }
    return text;
}

std::string scenarioTable(std::span<const ScenarioSpec> scenarios, core::Lang lang) {
    std::string text =
        lang == core::Lang::Chinese
            ? "| 场景 | 作用 | 参数：默认值（范围） | 默认参数下的告警 |\n|---|---|---|---|\n"
            : "| scenario | what it does | parameters: default (limits) | alerts at the defaults |\n"
              "|---|---|---|---|\n";
    for (const ScenarioSpec& spec : scenarios) {
        std::string parameters;
        for (const ParameterSpec& parameter : spec.parameters) {
            parameters +=
                fmt::format("{}`{}` {} ({})", parameters.empty() ? "" : ", ", parameter.name,
                            cell(quantity(parameter.fallback, parameter.unit)), limits(parameter));
        }
        text += fmt::format("| `{}` | {} | {} | {} |\n", spec.name, cell(spec.description.in(lang)),
                            parameters, cell(alertsOf(spec, lang)));
    }
    return text;
}

} // namespace load
