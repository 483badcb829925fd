// Prometheus' rule files: groups of alerting and recording rules in YAML.
#pragma once

#include "monitor/alert/rule.h"
#include "monitor/core/result.h"

#include <string>
#include <string_view>

namespace alert {

struct RuleFileError {
    std::string file;
    int line = 0; // from 1; 0 = the file as a whole
    int column = 0;
    std::string reason; // in Prometheus' words: group "g", rule 1, "X": could not parse expression: 1:3:
                        // parse error: …

    // "rules.yml:12: reason".
    [[nodiscard]] std::string text() const;
};

// Accepts what `promtool check rules` accepts: unknown and repeated keys, bad names, durations, expressions
// and templates are refused. Total: any bytes are fine; at most 4 MiB.
[[nodiscard]] core::Result<RuleFile, RuleFileError> parseRuleFile(std::string_view yaml, std::string path);
// Reads and parses.
[[nodiscard]] core::Result<RuleFile, RuleFileError> readRuleFile(const std::string& path);

} // namespace alert
