// Where a series comes from: an expression for the past and a getter for each new tick, the same figure both
// ways.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <cstdint>
#include <functional>
#include <string>

namespace widgets {

struct Feed {
    // PromQL; "$w" stands for the span over which rates are taken.
    std::string expression;
    // Called once a tick, in order; may remember. NaN = no sample.
    std::function<double(const metrics::Snapshot&)> value;
    // Of a rate: the counter it is taken of, as a selector; where that falls the rate has a gap. Empty of others.
    std::string counter = {};
    // The same past asked of a server that holds the series of many: PromQL whose answer does for several feeds at once, so that
    // a metric costs one query ("$m": as "$w", a minute at least), and the labels of the series that are this feed's. Empty: the
    // server is not asked.
    std::string shared = {};
    metrics::Labels which = {};
    // The count itself, asked once a tick. Null of others.
    std::function<double(const metrics::Snapshot&)> count = {};
};

// Live rates look back so far, in seconds: long enough to be calm, short enough to follow.
inline constexpr double kRateSpan = 5;

[[nodiscard]] Feed gauge(std::string name, metrics::Labels labels = {});
// The sum over all series of the family.
[[nodiscard]] Feed gaugeSum(std::string name);
// Per second, of all series of the counter together; a reset is a gap, never a negative spike.
[[nodiscard]] Feed rateSum(std::string name, metrics::Labels labels = {});
// Events per second of a histogram's count.
[[nodiscard]] Feed histogramRate(std::string name);
// A percentile ("0.5", "0.9", "0.95", "0.99", "0.999", "1") over the last minute of a stage ("wait", "usage",
// "query"): past and present are the same recorded figure, so that a line has no step where they join.
[[nodiscard]] Feed percentile(const char* stage, const char* quantile);
// Anything a snapshot can say; the past from the expression.
[[nodiscard]] Feed computed(std::string expression, std::function<double(const metrics::Snapshot&)> value);

// Over how long rates are taken at this step, ms.
[[nodiscard]] std::int64_t rateSpan(std::int64_t step) noexcept;
// The expression with "$w" replaced: kRateSpan, or the step (ms) of a query when that is longer; "$m" is a minute at least.
[[nodiscard]] std::string withRateSpan(std::string expression, std::int64_t step);
// name{a="b"} as PromQL spells it, values escaped; name{a=~"b"} of patterns.
enum class Match { Value, Pattern };
[[nodiscard]] std::string selectorOf(const std::string& name, const metrics::Labels& labels, Match match = Match::Value);

} // namespace widgets
