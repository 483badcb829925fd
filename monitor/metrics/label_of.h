// A label's value by its name.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <algorithm>
#include <string_view>

namespace metrics {

// Empty when there is none; valid as long as `labels`, which may be in any order (series::labelValue() is for sorted ones).
[[nodiscard]] inline std::string_view labelOf(const Labels& labels, std::string_view name) noexcept
{
    const auto at = std::find_if(labels.begin(), labels.end(), [&](const auto& label) { return label.first == name; });
    return at == labels.end() ? std::string_view() : std::string_view(at->second);
}

} // namespace metrics
