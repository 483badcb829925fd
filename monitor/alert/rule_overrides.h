// The user's changes of rules that stand in files of others: shipped ones, imported ones.
#pragma once

#include "monitor/alert/rule.h"

#include <string>
#include <string_view>
#include <vector>

namespace alert {

inline constexpr std::string_view kOverridesAnnotation = "poolscope_overrides";
inline constexpr std::string_view kOwnerAnnotation = "poolscope_owner";
inline constexpr std::string_view kDisabledAnnotation = "poolscope_disabled";

// What poolscope_overrides says of a rule: "group/name", "group/name#2" of the second of that name there.
[[nodiscard]] std::string overrideName(const std::string& group, const std::string& name, int number);
// Each rule of the user's file that says which one it stands for takes that one's place, in its file and
// group, so that order, interval and limit stay. One whose rule is not there stays where it is, with a note.
void applyOverrides(std::vector<RuleFile>& files, const std::string& userFile);

} // namespace alert
