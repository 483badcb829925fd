// Reading JSON that somebody else may have written: wrong kinds become defaults, never exceptions.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/metric_def.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace alert::fields {

using nlohmann::json;

// Discarded for what is no JSON, deeper than 16 levels or longer than `maxBytes`.
[[nodiscard]] json parse(std::string_view text, std::size_t maxBytes);
// JSON has no NaN: such numbers are texts, as Prometheus spells them.
[[nodiscard]] json number(double value);
[[nodiscard]] json time(core::WallTime value); // µs since the epoch
[[nodiscard]] json labels(const metrics::Labels& labels);
[[nodiscard]] json text(std::string_view value); // valid UTF-8

[[nodiscard]] std::string textOf(const json& object, const char* key);
[[nodiscard]] double numberOf(const json& object, const char* key, double fallback = 0);
[[nodiscard]] std::int64_t wholeOf(const json& object, const char* key, std::int64_t fallback = 0);
[[nodiscard]] core::WallTime timeOf(const json& object, const char* key);
[[nodiscard]] metrics::Labels labelsOf(const json& object, const char* key); // sorted
[[nodiscard]] std::map<std::string, std::string> mapOf(const json& object, const char* key);
// An empty array when there is none.
[[nodiscard]] const json& arrayOf(const json& object, const char* key);

} // namespace alert::fields
