#include "monitor/record/comparison.h"

#include "monitor/series/label_ops.h"
#include "monitor/series/sample.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace record {

namespace {

constexpr std::int64_t kWindow = 600'000;        // ms read at a time
constexpr std::size_t kMostValues = 50'000;      // of a series; beyond it every second, fourth … is kept
constexpr std::size_t kBlocks = 30;
constexpr std::size_t kShortestBlock = 5;
constexpr double kLevel = 0.05;                  // of all tests together
constexpr double kLeastEffect = 0.33;            // "medium" (Romano et al. 2006)

// Values of a series over time, thinned evenly when there are too many.
struct Column {
    std::vector<double> values;
    std::size_t stride = 1;
    std::size_t seen = 0;
    series::Sample last;
    bool any = false;

    void add(double value)
    {
        if (seen++ % stride == 0) {
            values.push_back(value);
        }
        if (values.size() >= kMostValues) {
            for (std::size_t i = 0; 2 * i < values.size(); ++i) {
                values[i] = values[2 * i];
            }
            values.resize(values.size() / 2);
            stride *= 2;
        }
    }
};

using Columns = std::map<series::Labels, Column>;

bool isCounter(std::string_view name)
{
    return name.ends_with("_total") || name.ends_with("_sum") || name.ends_with("_count");
}

bool lookedAt(std::string_view name)
{
    return !name.ends_with("_bucket") && name != "ALERTS" && name != "ALERTS_FOR_STATE" && !name.ends_with("_timestamp_seconds") &&
           !name.ends_with("_start_time_seconds"); // moments, not measures
}

void take(Column& column, const series::Sample& sample, bool counter)
{
    if (!std::isfinite(sample.value)) {
        column.any = false;
        return;
    }
    if (!counter) {
        column.add(sample.value);
    } else if (column.any && sample.at > column.last.at && sample.value >= column.last.value) {
        column.add((sample.value - column.last.value) * 1000 / static_cast<double>(sample.at - column.last.at));
    }
    column.last = sample;
    column.any = true;
}

core::Result<Columns> columnsOf(Tape& tape, const std::function<bool(double)>& goOn)
{
    Columns columns;
    const TapeInfo& info = tape.info();
    for (std::int64_t at = info.from; at <= info.to; at += kWindow) {
        if (goOn && !goOn(static_cast<double>(at - info.from) / static_cast<double>(info.to - info.from + 1))) {
            return core::fail("the comparison was given up", "canceled");
        }
        const auto data = tape.samples(at, std::min(info.to, at + kWindow - 1));
        if (!data) {
            return core::Unexpected<core::Error>{data.error()};
        }
        for (const series::SeriesData& one : *data) {
            const std::string_view name = series::labelValue(*one.labels, series::kNameLabel);
            if (!lookedAt(name)) {
                continue;
            }
            Column& column = columns[*one.labels];
            for (const series::Sample& sample : one.samples) {
                take(column, sample, isCounter(name));
            }
        }
    }
    return columns;
}

SeriesDifference differenceOf(const series::Labels& labels, Column before, Column after)
{
    SeriesDifference difference;
    difference.name = series::labelsText(labels);
    difference.rate = isCounter(series::labelValue(labels, series::kNameLabel));
    const std::vector<double> a = blockMeans(before.values, kBlocks, kShortestBlock);
    const std::vector<double> b = blockMeans(after.values, kBlocks, kShortestBlock);
    const RankTest test = rankTest(a, b);
    difference.effect = test.effect;
    difference.pValue = test.pValue;
    std::tie(difference.low, difference.high) = bootstrapDifference(a, b);
    const bool enough = a.size() >= 12 && b.size() >= 12;
    difference.verdict = enough ? Verdict::Noise : Verdict::TooShort;
    difference.before = summaryOf(before.values);
    difference.after = summaryOf(after.values);
    return difference;
}

void judge(std::vector<SeriesDifference>& series)
{
    std::vector<double> pValues;
    std::vector<SeriesDifference*> tested;
    for (SeriesDifference& one : series) {
        if (one.verdict == Verdict::Noise) {
            pValues.push_back(one.pValue);
            tested.push_back(&one);
        }
    }
    const std::vector<bool> holds = holm(pValues, kLevel);
    for (std::size_t i = 0; i < tested.size(); ++i) {
        if (holds[i] && std::abs(tested[i]->effect) >= kLeastEffect) {
            tested[i]->verdict = Verdict::Differs;
        }
    }
}

// Of how many of its own spreads the mean has moved; tells apart effects that are complete.
double moved(const SeriesDifference& one)
{
    const double spread = std::max(one.before.deviation, one.after.deviation);
    const double distance = std::abs(one.after.mean - one.before.mean);
    return spread > 0 ? distance / spread : distance > 0 ? std::numeric_limits<double>::infinity() : 0;
}

} // namespace

const char* verdictName(Verdict verdict) noexcept
{
    switch (verdict) {
    case Verdict::Differs:
        return "differs";
    case Verdict::Noise:
        return "noise";
    case Verdict::TooShort:
        break;
    }
    return "too_short";
}

core::Result<Comparison> compare(Tape& before, Tape& after, const std::function<bool(double)>& goOn)
{
    auto first = columnsOf(before, [&](double share) { return !goOn || goOn(share / 2); });
    auto second = first ? columnsOf(after, [&](double share) { return !goOn || goOn(0.5 + share / 2); })
                        : core::Result<Columns>(Columns());
    if (!first || !second) {
        return core::Unexpected<core::Error>{first ? second.error() : first.error()};
    }
    Comparison comparison{before.info().title, after.info().title, {}};
    for (auto& [labels, column] : *first) {
        comparison.series.push_back(differenceOf(labels, std::move(column), std::move((*second)[labels])));
        second->erase(labels);
    }
    for (auto& [labels, column] : *second) {
        comparison.series.push_back(differenceOf(labels, {}, std::move(column)));
    }
    judge(comparison.series);
    std::stable_sort(comparison.series.begin(), comparison.series.end(), [](const auto& a, const auto& b) {
        const auto rank = [](const SeriesDifference& one) {
            return std::tuple(static_cast<int>(one.verdict), -std::abs(one.effect), -moved(one));
        };
        return rank(a) < rank(b);
    });
    return comparison;
}

} // namespace record
