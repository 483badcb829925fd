// The figures and charts of a report, asked of the history in PromQL.
#pragma once

#include "monitor/core/result.h"
#include "monitor/report/facts.h"

#include <functional>
#include <stop_token>

namespace report {

struct GatherWatch {
    std::stop_token stop = {};
    std::function<void(double share)> progress = {}; // 0 … 1; may be empty
};

// The expression behind a figure, for whoever wants the number again; `span` is the range as PromQL has it
// ("3600s").
struct FigureQuery {
    double Figures::*figure;
    const char* expression; // with SPAN in it
};
[[nodiscard]] std::span<const FigureQuery> figureQueries() noexcept;
[[nodiscard]] std::string withSpan(std::string_view expression, std::int64_t millis);

// Blocks, for a second or two when the range is long. What cannot be measured is NaN and an empty chart is
// left out; code "CANCELED" when it was stopped.
[[nodiscard]] core::Result<Facts> gather(const metrics::Querier& querier, Request request, Records records,
                                         const GatherWatch& watch = {});

} // namespace report
