// Runs a PromQL tree over samples.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/querier.h"
#include "monitor/promql/ast.h"
#include "monitor/promql/columns.h"
#include "monitor/series/reader.h"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace promql {

// Prometheus' defaults. Times in ms.
struct EvalOptions {
    std::int64_t lookback = 300'000;     // how old a sample may be that a selector still takes
    std::int64_t subqueryStep = 60'000;  // of [1h:] without a step
    std::size_t maxSamples = 50'000'000; // that one query may hold in memory
    std::stop_token stop = {};           // gives up soon after it was requested
};

struct QueryResult {
    ValueType type = ValueType::Vector;
    std::vector<metrics::PointSeries>
        series;       // Vector and Scalar: one point each (instant) or one a step; Matrix: the samples
    std::string text; // String
};

struct InstantSample {
    series::LabelsPtr labels;
    double value = 0;
};

// What an evaluation says that was given up: Prometheus' words.
inline constexpr std::string_view kCanceled = "query was canceled in expression evaluation";

// At one moment (ms since the epoch). Series stand in the order Prometheus gives them: sort() and topk()
// decide it. Thread-safe as far as the reader is. The error is Prometheus' text.
[[nodiscard]] core::Result<QueryResult> evaluateInstant(const Expr& expr, const series::Reader& reader,
                                                        std::int64_t at, const EvalOptions& options = {});
// As evaluateInstant() of a scalar or instant vector, without copies of label sets: for rules, of which most
// hold for no series at all.
[[nodiscard]] core::Result<std::vector<InstantSample>> evaluateVector(const Expr& expr,
                                                                      const series::Reader& reader,
                                                                      std::int64_t at,
                                                                      const EvalOptions& options = {});
// At every moment of the grid; series sorted by labels. Only scalars and instant vectors.
[[nodiscard]] core::Result<QueryResult> evaluateRange(const Expr& expr, const series::Reader& reader,
                                                      const Grid& grid, const EvalOptions& options = {});

} // namespace promql
