// JSON nobody vouches for, as the readers of answers take it apart. Inside of this room only.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/metric_def.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace prometheus {

inline constexpr std::size_t kMostRows = 20'000; // of a list; more is refused

// `data` of an answer that says success; the server's own reason otherwise (code: its errorType), or what is
// wrong with the answer (code "strange").
[[nodiscard]] core::Result<nlohmann::json> dataOf(std::string_view text);
// A text in one line, 2,000 characters at most; empty when there is none.
[[nodiscard]] std::string wordOf(const nlohmann::json& object, const char* key);
// null when there is none.
[[nodiscard]] const nlohmann::json& partOf(const nlohmann::json& object, const char* key);
// The same where a list is expected: empty when it is none.
[[nodiscard]] const nlohmann::json& listOf(const nlohmann::json& object, const char* key);
// Sorted by name; values that are no texts are left out.
[[nodiscard]] metrics::Labels labelsOf(const nlohmann::json& object);
[[nodiscard]] core::Unexpected<core::Error> tooMany();

} // namespace prometheus
