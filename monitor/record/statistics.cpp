#include "monitor/record/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace record {

namespace {

constexpr std::size_t kFewest = 4;
constexpr int kResamples = 1000;
constexpr std::uint32_t kSeed = 20'261'126;

double percentile(const std::vector<double>& sorted, double share)
{
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

double meanOf(std::span<const double> values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

Summary summaryOf(std::vector<double>& values)
{
    Summary summary;
    summary.count = values.size();
    if (values.empty()) {
        return summary;
    }
    summary.mean = meanOf(values);
    double squares = 0;
    for (const double value : values) {
        squares += (value - summary.mean) * (value - summary.mean);
    }
    summary.deviation = values.size() > 1 ? std::sqrt(squares / static_cast<double>(values.size() - 1)) : 0;
    std::sort(values.begin(), values.end());
    summary.p50 = percentile(values, 0.5);
    summary.p95 = percentile(values, 0.95);
    summary.max = values.back();
    return summary;
}

std::vector<double> blockMeans(std::span<const double> values, std::size_t blocks, std::size_t shortest)
{
    std::vector<double> means;
    const std::size_t count = std::min(blocks, values.size() / std::max<std::size_t>(shortest, 1));
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t first = i * values.size() / count;
        const std::size_t last = (i + 1) * values.size() / count;
        means.push_back(meanOf(values.subspan(first, last - first)));
    }
    return means;
}

RankTest rankTest(std::span<const double> a, std::span<const double> b)
{
    const auto n = static_cast<double>(a.size());
    const auto m = static_cast<double>(b.size());
    if (a.size() < kFewest || b.size() < kFewest) {
        return {};
    }
    std::vector<std::pair<double, bool>> all; // a value, and whether it is one of b
    for (const double value : a) {
        all.emplace_back(value, false);
    }
    for (const double value : b) {
        all.emplace_back(value, true);
    }
    std::sort(all.begin(), all.end());
    double rankSum = 0; // of b
    double ties = 0;
    for (std::size_t first = 0; first < all.size();) {
        std::size_t last = first;
        while (last < all.size() && all[last].first == all[first].first) {
            ++last;
        }
        const double rank = (static_cast<double>(first + 1) + static_cast<double>(last)) / 2;
        const auto same = static_cast<double>(last - first);
        ties += same * same * same - same;
        for (std::size_t i = first; i < last; ++i) {
            rankSum += all[i].second ? rank : 0;
        }
        first = last;
    }
    const double u = rankSum - m * (m + 1) / 2;
    RankTest test;
    test.effect = 2 * u / (n * m) - 1;
    const double total = n + m;
    const double variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
    if (variance > 0) {
        const double distance = std::max(0.0, std::abs(u - n * m / 2) - 0.5); // continuity
        test.pValue = std::erfc(distance / std::sqrt(variance) / std::sqrt(2.0));
    }
    return test;
}

std::pair<double, double> bootstrapDifference(std::span<const double> a, std::span<const double> b)
{
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (a.size() < kFewest || b.size() < kFewest) {
        return {kNone, kNone};
    }
    std::mt19937 random(kSeed);
    const auto resampled = [&random](std::span<const double> values) {
        double sum = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            sum += values[random() % values.size()];
        }
        return sum / static_cast<double>(values.size());
    };
    std::vector<double> differences(kResamples);
    for (double& difference : differences) {
        difference = resampled(b) - resampled(a);
    }
    std::sort(differences.begin(), differences.end());
    return {percentile(differences, 0.025), percentile(differences, 0.975)};
}

std::vector<bool> holm(const std::vector<double>& pValues, double level)
{
    std::vector<std::size_t> order(pValues.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return pValues[a] < pValues[b]; });
    std::vector<bool> holds(pValues.size(), false);
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (pValues[order[i]] > level / static_cast<double>(order.size() - i)) {
            break;
        }
        holds[order[i]] = true;
    }
    return holds;
}

} // namespace record
