#include "widgets/charts/resets.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace widgets {

namespace {

std::vector<Reset> inOrder(std::vector<Reset> resets)
{
    std::sort(resets.begin(), resets.end(),
              [](const Reset& a, const Reset& b) { return std::tie(a.to, a.from) < std::tie(b.to, b.from); });
    resets.erase(std::unique(resets.begin(), resets.end(),
                             [](const Reset& a, const Reset& b) { return a.to == b.to; }),
                 resets.end());
    return resets;
}

} // namespace

std::vector<Reset> resetsIn(const std::vector<metrics::PointSeries>& counters)
{
    std::vector<Reset> resets;
    for (const metrics::PointSeries& counter : counters) {
        const metrics::Point* before = nullptr;
        for (const metrics::Point& point : counter.points) {
            if (std::isnan(point.value)) {
                continue;
            }
            if (before != nullptr && point.value < before->value) {
                resets.push_back({before->at, point.at});
            }
            before = &point;
        }
    }
    return inOrder(std::move(resets));
}

std::vector<Reset> resetsIn(const std::vector<metrics::ExtremesSeries>& counters, std::int64_t step)
{
    std::vector<Reset> resets;
    for (const metrics::ExtremesSeries& counter : counters) {
        for (std::size_t i = 1; i < counter.steps.size(); ++i) {
            const metrics::Extremes& before = counter.steps[i - 1];
            const metrics::Extremes& here = counter.steps[i];
            if (here.min < before.max) {
                resets.push_back({before.at + step, here.at + step});
            }
        }
    }
    return inOrder(std::move(resets));
}

void cutAtResets(std::vector<metrics::Point>& rates, const std::vector<Reset>& resets, std::int64_t span)
{
    auto reset = resets.begin();
    for (metrics::Point& rate : rates) {
        reset = std::find_if(reset, resets.end(), [&](const Reset& one) { return rate.at < one.to + span; });
        if (reset != resets.end() && rate.at >= reset->to) {
            rate.value = std::numeric_limits<double>::quiet_NaN();
        }
    }
}

} // namespace widgets
