#include "monitor/metrics/querier.h"

#include <algorithm>
#include <cmath>

namespace metrics {

std::int64_t lookWithin(std::int64_t step) noexcept
{
    constexpr std::int64_t kSecond = 1000;
    constexpr std::int64_t kMinute = 60 * kSecond;
    constexpr std::int64_t kCoarse = 20 * kSecond;
    if (step <= kSecond) {
        return std::max<std::int64_t>(step, 1);
    }
    const std::int64_t look = (step / kLooksPerStep + kSecond - 1) / kSecond * kSecond;
    return std::min(step, look > kCoarse ? std::max(look, kMinute) : std::max(look, kSecond));
}

std::vector<Extremes> foldExtremes(const std::vector<Point>& points, const Steps& steps)
{
    std::vector<Extremes> found;
    std::int64_t count = 0;
    for (const Point& point : points) {
        if (std::isnan(point.value) || point.at <= steps.start) {
            continue;
        }
        const std::int64_t at = steps.start + (point.at - steps.start - 1) / steps.step * steps.step;
        if (found.empty() || found.back().at != at) {
            found.push_back({at, point.value, point.value, point.value});
            count = 1;
            continue;
        }
        Extremes& step = found.back();
        step.min = std::min(step.min, point.value);
        step.max = std::max(step.max, point.value);
        step.mean += (point.value - step.mean) / static_cast<double>(++count);
    }
    return found;
}

core::Result<std::vector<ExtremesSeries>>
Querier::extremes(const std::stop_token& stop, std::string_view expression, const Steps& steps) const
{
    std::vector<ExtremesSeries> all;
    if (steps.count() == 0) {
        return all;
    }
    const std::int64_t look = lookWithin(steps.step);
    const auto answer = rangeUntil(stop, expression, steps.start + look, steps.end, look);
    if (!answer) {
        return core::Unexpected{answer.error()};
    }
    for (const PointSeries& series : *answer) {
        all.push_back({series.labels, foldExtremes(series.points, steps)});
    }
    return all;
}

} // namespace metrics
