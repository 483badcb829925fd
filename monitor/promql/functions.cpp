#include "monitor/promql/functions.h"

#include <algorithm>
#include <array>

namespace promql {

namespace {

using enum ValueType;

constexpr std::array kV{Vector};
constexpr std::array kM{Matrix};
constexpr std::array kS{Scalar};
constexpr std::array kVS{Vector, Scalar};
constexpr std::array kVSS{Vector, Scalar, Scalar};
constexpr std::array kSV{Scalar, Vector};
constexpr std::array kSSV{Scalar, Scalar, Vector};
constexpr std::array kMS{Matrix, Scalar};
constexpr std::array kMSS{Matrix, Scalar, Scalar};
constexpr std::array kSM{Scalar, Matrix};
constexpr std::array kReplace{Vector, String, String, String, String};
constexpr std::array kJoin{Vector, String, String, String};

// Sorted by name. Source: promql/parser/functions.go of Prometheus 2.42.
constexpr std::array kFunctions{
    FunctionDef{"abs", kV},
    FunctionDef{"absent", kV},
    FunctionDef{"absent_over_time", kM},
    FunctionDef{"acos", kV},
    FunctionDef{"acosh", kV},
    FunctionDef{"asin", kV},
    FunctionDef{"asinh", kV},
    FunctionDef{"atan", kV},
    FunctionDef{"atanh", kV},
    FunctionDef{"avg_over_time", kM},
    FunctionDef{"ceil", kV},
    FunctionDef{"changes", kM},
    FunctionDef{"clamp", kVSS},
    FunctionDef{"clamp_max", kVS},
    FunctionDef{"clamp_min", kVS},
    FunctionDef{"cos", kV},
    FunctionDef{"cosh", kV},
    FunctionDef{"count_over_time", kM},
    FunctionDef{"day_of_month", kV, 1},
    FunctionDef{"day_of_week", kV, 1},
    FunctionDef{"day_of_year", kV, 1},
    FunctionDef{"days_in_month", kV, 1},
    FunctionDef{"deg", kV},
    FunctionDef{"delta", kM},
    FunctionDef{"deriv", kM},
    FunctionDef{"exp", kV},
    FunctionDef{"floor", kV},
    FunctionDef{"histogram_count", kV},
    FunctionDef{"histogram_fraction", kSSV},
    FunctionDef{"histogram_quantile", kSV},
    FunctionDef{"histogram_sum", kV},
    FunctionDef{"holt_winters", kMSS},
    FunctionDef{"hour", kV, 1},
    FunctionDef{"idelta", kM},
    FunctionDef{"increase", kM},
    FunctionDef{"irate", kM},
    FunctionDef{"label_join", kJoin, -1},
    FunctionDef{"label_replace", kReplace},
    FunctionDef{"last_over_time", kM},
    FunctionDef{"ln", kV},
    FunctionDef{"log10", kV},
    FunctionDef{"log2", kV},
    FunctionDef{"max_over_time", kM},
    FunctionDef{"min_over_time", kM},
    FunctionDef{"minute", kV, 1},
    FunctionDef{"month", kV, 1},
    FunctionDef{"pi", {}, 0, Scalar},
    FunctionDef{"predict_linear", kMS},
    FunctionDef{"present_over_time", kM},
    FunctionDef{"quantile_over_time", kSM},
    FunctionDef{"rad", kV},
    FunctionDef{"rate", kM},
    FunctionDef{"resets", kM},
    FunctionDef{"round", kVS, 1},
    FunctionDef{"scalar", kV, 0, Scalar},
    FunctionDef{"sgn", kV},
    FunctionDef{"sin", kV},
    FunctionDef{"sinh", kV},
    FunctionDef{"sort", kV},
    FunctionDef{"sort_desc", kV},
    FunctionDef{"sqrt", kV},
    FunctionDef{"stddev_over_time", kM},
    FunctionDef{"stdvar_over_time", kM},
    FunctionDef{"sum_over_time", kM},
    FunctionDef{"tan", kV},
    FunctionDef{"tanh", kV},
    FunctionDef{"time", {}, 0, Scalar},
    FunctionDef{"timestamp", kV},
    FunctionDef{"vector", kS},
    FunctionDef{"year", kV, 1},
};

constexpr bool byName(const FunctionDef& a, const FunctionDef& b) noexcept
{
    return a.name < b.name;
}
static_assert(std::is_sorted(kFunctions.begin(), kFunctions.end(), byName));

} // namespace

const FunctionDef* findFunction(std::string_view name) noexcept
{
    const auto at = std::lower_bound(kFunctions.begin(), kFunctions.end(), FunctionDef{name, {}}, byName);
    return at != kFunctions.end() && at->name == name ? &*at : nullptr;
}

std::span<const FunctionDef> allFunctions() noexcept
{
    return kFunctions;
}

} // namespace promql
