// What a metric is, said once: HELP text, chart axis, CSV head, rule check and the README's list derive from it.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/units.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace metrics {

enum class Kind { Gauge, Counter, Histogram };

// All views and spans live as long as the program (constants in a collector's table).
struct MetricDef {
    std::string_view name; // Prometheus data model: [a-zA-Z_:][a-zA-Z0-9_:]*; counters end in _total
    Kind kind = Kind::Gauge;
    core::Unit unit = core::Unit::None;
    std::string_view help;                 // HELP, as exposed
    core::Text title;                      // for people: chart title, README
    std::span<const double> bounds = {};   // histograms: upper bounds, ascending, without +Inf
    std::span<const std::string_view> labels = {};
};

// Sorted by name, no duplicates, never __name__.
using Labels = std::vector<std::pair<std::string, std::string>>;

} // namespace metrics
