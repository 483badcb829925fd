// Changes of a list of targets as a person wrote it: comments, order and what is not touched stay as they
// are.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/target_rows.h"
#include "monitor/targets/target_spec.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace targets {

[[nodiscard]] TargetSpec specOf(const metrics::TargetSetup& setup);
[[nodiscard]] metrics::TargetSetup setupOf(const TargetSpec& spec, metrics::TargetOrigin origin);

// The text of the list with one more target at its end, with another one in the place of `name`, and without
// it. A change writes the lines of those settings only that differ. Errors: the list cannot be understood
// ("file:line: reason"), is written in a way that cannot be changed line by line (in [ ], with anchors),
// there is no such target or there would be two of a name. The result is read back before it is given out:
// all other targets are what they were. Total; thread-safe.
[[nodiscard]] core::Result<std::string> withTarget(std::string_view text, std::string_view file,
                                                   const TargetSpec& spec);
[[nodiscard]] core::Result<std::string> withChangedTarget(std::string_view text, std::string_view file,
                                                          const std::string& name, const TargetSpec& spec);
[[nodiscard]] core::Result<std::string> withoutTarget(std::string_view text, std::string_view file,
                                                      const std::string& name);

} // namespace targets
