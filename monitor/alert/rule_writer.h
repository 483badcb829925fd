// Rule files as text: what rule_file reads, `promtool check rules` accepts and people can edit.
#pragma once

#include "monitor/alert/rule.h"

#include <string>
#include <string_view>

namespace alert {

// YAML that reads back to the same drafts, whatever texts are in them. `comment` stands at its head, a line
// each, without the signs.
[[nodiscard]] std::string ruleFileText(const RuleFile& file, std::string_view comment = {});

} // namespace alert
