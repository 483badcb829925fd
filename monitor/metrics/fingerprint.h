// The number by which Prometheus and Alertmanager know a label set.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <cstdint>
#include <string>

namespace metrics {

// model.LabelSet.Fingerprint() of prometheus/common: FNV-1a of 64 bits over name, 0xff, value, 0xff in the
// order of the names. `labels` must be sorted by name.
[[nodiscard]] std::uint64_t fingerprintOf(const Labels& labels) noexcept;
// Sixteen hexadecimal digits, as Alertmanager writes it.
[[nodiscard]] std::string fingerprintText(std::uint64_t fingerprint);

} // namespace metrics
