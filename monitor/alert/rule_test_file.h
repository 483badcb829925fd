// The files that `promtool test rules` runs: series, and what rules and expressions make of them.
#pragma once

#include "monitor/alert/series_notation.h"
#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert {

struct RuleTest {
    struct Input {
        series::Labels labels; // with __name__
        NotedValues values;    // one an interval, the first at 0
    };
    struct ExpectedAlert {
        std::map<std::string, std::string> labels; // with alertname
        std::map<std::string, std::string> annotations;
    };
    struct AlertCheck {
        core::Nanos at{0};
        std::string name;
        std::vector<ExpectedAlert> expected; // firing then, in any order
    };
    struct ExprCheck {
        core::Nanos at{0};
        std::string expr;
        std::vector<std::pair<series::Labels, double>> expected;
    };

    std::string name;
    core::Nanos interval{0};
    std::vector<Input> inputs;
    std::vector<AlertCheck> alerts;
    std::vector<ExprCheck> exprs;
    std::map<std::string, std::string> externalLabels; // for templates
    std::string externalUrl;
};

struct RuleTestFile {
    std::vector<std::string> ruleFiles; // as written: paths or patterns, relative to the file's folder
    core::Nanos evaluationInterval = std::chrono::minutes(1);
    std::vector<std::string> groupOrder;
    std::vector<RuleTest> tests;
};

// Refuses what promtool refuses: unknown and repeated keys, values of the wrong kind, durations and series
// that are none. The message names the line. Total: any bytes are fine; at most 16 MiB.
[[nodiscard]] core::Result<RuleTestFile> parseRuleTests(std::string_view yaml);

} // namespace alert
