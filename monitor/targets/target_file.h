// Targets as YAML: the section `targets` of the configuration, and the file that the window writes.
#pragma once

#include "monitor/core/result.h"
#include "monitor/targets/target_spec.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace YAML {
class Node;
}

namespace targets {

inline constexpr std::size_t kMostConfigured = 2000;

// Where it is wrong and why.
struct TargetProblem {
    int line = 0; // from 0, as yaml-cpp counts
    std::string reason;
};

// A list of maps: url, match (url is a Prometheus' then, and becomes its /federate), name, environment, tags,
// interval, timeout, user, password_file, bearer_file, secret, ca_file, color, paused, max_bytes, max_series,
// max_labels. Each is sound and named once.
[[nodiscard]] core::Result<std::vector<TargetSpec>, TargetProblem> readTargets(const YAML::Node& node);
// The same of a text with the list in it. Errors: "file:line: reason".
[[nodiscard]] core::Result<std::vector<TargetSpec>> parseTargets(std::string_view yaml,
                                                                 std::string_view file);
// What parseTargets() reads back.
[[nodiscard]] std::string targetsText(std::span<const TargetSpec> specs);

} // namespace targets
