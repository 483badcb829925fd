// What one does with label sets: look up, drop, keep, replace. A metrics::Labels is sorted by name and holds
// no empty value: an empty value is the absence of the label, as in Prometheus.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace series {

using metrics::Labels;
using LabelsPtr = std::shared_ptr<const Labels>;

inline constexpr std::string_view kNameLabel = "__name__";

// "" when the label is absent.
[[nodiscard]] std::string_view labelValue(const Labels& labels, std::string_view name) noexcept;
// Sets, or removes when the value is empty; keeps the order.
void setLabel(Labels& labels, std::string_view name, std::string_view value);
[[nodiscard]] Labels keepLabels(const Labels& labels, std::span<const std::string> names);
[[nodiscard]] Labels dropLabels(const Labels& labels, std::span<const std::string> names);
[[nodiscard]] Labels withoutName(const Labels& labels);
// Sorted, without empty values; of two with one name the last wins.
[[nodiscard]] Labels normalized(Labels labels);
// metric{a="b", c="d"} as Prometheus prints it.
[[nodiscard]] std::string labelsText(const Labels& labels);
// "text" with the escapes of Go's %q.
[[nodiscard]] std::string quoted(std::string_view text);
[[nodiscard]] std::size_t hashOf(const Labels& labels) noexcept;

struct LabelsHash {
    [[nodiscard]] std::size_t operator()(const Labels& labels) const noexcept { return hashOf(labels); }
};

// [a-zA-Z_][a-zA-Z0-9_]* and, for metrics, colons too.
[[nodiscard]] bool isLabelName(std::string_view name) noexcept;
[[nodiscard]] bool isMetricName(std::string_view name) noexcept;

} // namespace series
