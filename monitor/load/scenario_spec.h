// What a scenario is, as data: texts, parameters with limits, and the alerts it raises. Plain values, pure
// functions.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace load {

// A text in both languages that came from a file (core::Text is for literals).
struct Words {
    std::string english;
    std::string chinese;

    [[nodiscard]] const std::string& in(core::Lang lang) const noexcept {
        return lang == core::Lang::Chinese ? chinese : english;
    }
};

struct ParameterSpec {
    std::string name; // "clients"
    Words title;
    std::string unit; // "s", "ms", "/s", "%" or empty
    double fallback = 0;
    double minimum = 0;
    double maximum = 0;
    bool whole = true;
};

using Parameters = std::map<std::string, double>;

// "hold > 10": compares a parameter with a number.
struct Condition {
    enum class Op { Less, LessEqual, Greater, GreaterEqual };
    std::string parameter;
    Op op = Op::Greater;
    double bound = 0;
};

// An alert the scenario raises with the default rules, once it has run for `after` seconds: the sum of
// numbers and of the values of parameters given in seconds.
struct Expectation {
    std::string alert;
    std::vector<std::variant<double, std::string>> after;
    std::vector<Condition> when; // all of them must hold
};

struct ScenarioSpec {
    std::string name; // [a-z][a-z0-9_]*, how it is started
    std::string step; // which code carries it out: a name of catalog.h
    Words title;
    Words description;
    std::vector<ParameterSpec> parameters; // always with "duration", in seconds
    std::vector<Expectation> expects;
};

// The defaults with `given` on top. Errors: an unknown parameter, a value out of range, a fraction where a
// whole number is wanted; one sentence in `lang`.
[[nodiscard]] core::Result<Parameters> completed(const ScenarioSpec& spec, const Parameters& given,
                                                 core::Lang lang);

// The alerts a run with these (complete) parameters raises, by name.
[[nodiscard]] std::vector<std::string> expectedAlerts(const ScenarioSpec& spec, const Parameters& parameters);

// nullptr when there is none.
[[nodiscard]] const ParameterSpec* findParameter(const ScenarioSpec& spec, std::string_view name) noexcept;

} // namespace load
