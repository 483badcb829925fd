#include "widgets/charts/past_buckets.h"

#include "widgets/charts/bucket_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace widgets {

namespace {

using metrics::HeatLayout;

constexpr qint64 kColumns = 120;
constexpr qint64 kShortestStep = 15'000; // ms: a window of fewer samples tells little

// The value below which this share of all counts lies.
double quantile(double share, const std::vector<double>& bounds, const std::vector<double>& counts,
                double total)
{
    double before = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        if (before + counts[i] >= share * total && counts[i] > 0) {
            const double low = i == 0 ? 0 : bounds[i - 1];
            return low + (bounds[i] - low) * (share * total - before) / counts[i];
        }
        before += counts[i];
    }
    return std::numeric_limits<double>::quiet_NaN();
}

std::size_t rowOf(double seconds)
{
    return HeatLayout::row(static_cast<std::uint64_t>(std::max(seconds, 0.0) * 1e9));
}

// The rows of a bucket: of the first one a decade below its bound, of the last a decade above.
std::pair<std::size_t, std::size_t> rowsOf(const std::vector<double>& bounds, std::size_t bucket)
{
    const double low = bucket == 0 ? bounds.front() / 10 : bounds[bucket - 1];
    const double high = bucket < bounds.size() ? bounds[bucket] : bounds.back() * 10;
    const std::size_t first = rowOf(low);
    return {first, std::clamp(rowOf(high), first + 1, HeatLayout::kRows)};
}

} // namespace

HistogramBars PastHistogram::bars() const
{
    HistogramBars bars;
    bars.bounds = bounds;
    std::vector<double> sums(bounds.size() + 1);
    double total = 0;
    for (const Column& column : columns) {
        for (std::size_t i = 0; i < sums.size(); ++i) {
            sums[i] += column.counts[i];
            total += column.counts[i];
        }
    }
    for (const double sum : sums) {
        bars.counts.push_back(static_cast<std::uint64_t>(std::llround(sum)));
    }
    if (total > 0) {
        bars.percentiles.count = static_cast<std::uint64_t>(std::llround(total));
        bars.percentiles.p50 = quantile(0.5, bounds, sums, total);
        bars.percentiles.p90 = quantile(0.9, bounds, sums, total);
        bars.percentiles.p95 = quantile(0.95, bounds, sums, total);
        bars.percentiles.p99 = quantile(0.99, bounds, sums, total);
        bars.percentiles.p999 = quantile(0.999, bounds, sums, total);
    }
    return bars;
}

std::vector<metrics::HeatColumnPtr> PastHistogram::heat(metrics::Stage stage) const
{
    std::vector<metrics::HeatColumnPtr> all;
    for (const Column& column : columns) {
        auto heat = std::make_shared<metrics::HeatColumn>();
        heat->number = all.size() + 1;
        heat->from = core::WallTime(core::Millis(column.from));
        heat->to = core::WallTime(core::Millis(column.to));
        auto& counts = heat->counts[static_cast<std::size_t>(stage)];
        for (std::size_t bucket = 0; !bounds.empty() && bucket < column.counts.size(); ++bucket) {
            const auto [first, last] = rowsOf(bounds, bucket);
            // Whole numbers that add up to the bucket's count.
            const double each = column.counts[bucket] / static_cast<double>(last - first);
            double given = 0;
            for (std::size_t row = first; row < last; ++row) {
                const double until = std::round(each * static_cast<double>(row - first + 1));
                counts[row] += static_cast<std::uint32_t>(std::clamp(until - given, 0.0, 4e9));
                given = until;
            }
        }
        all.push_back(std::move(heat));
    }
    return all;
}

PastHistogram pastHistogram(const std::vector<metrics::PointSeries>& buckets, qint64 step)
{
    PastHistogram histogram;
    std::map<double, const std::vector<metrics::Point>*> byBound;
    for (const metrics::PointSeries& series : buckets) {
        if (const double bound = upperBound(series.labels); !std::isnan(bound)) {
            byBound.emplace(bound, &series.points);
        }
    }
    if (byBound.empty() || !std::isinf(byBound.rbegin()->first)) {
        return histogram; // no histogram at all
    }
    std::map<qint64, std::vector<double>> cumulative; // by the end of the step
    std::size_t place = 0;
    for (const auto& [bound, points] : byBound) {
        if (!std::isinf(bound)) {
            histogram.bounds.push_back(bound);
        }
        for (const metrics::Point& point : *points) {
            auto& counts = cumulative[point.at];
            counts.resize(byBound.size());
            counts[place] = std::isnan(point.value) ? 0 : point.value;
        }
        ++place;
    }
    for (const auto& [at, counts] : cumulative) {
        PastHistogram::Column column{at - step, at, {}};
        double below = 0;
        for (const double count :
             counts) { // buckets are read one after the other: one may be a little behind
            column.counts.push_back(std::max(0.0, count - below));
            below = std::max(below, count);
        }
        histogram.columns.push_back(std::move(column));
    }
    return histogram;
}

PastBuckets::PastBuckets(const metrics::Querier* querier, std::vector<std::string> families, QObject* parent)
    : QObject(parent)
    , m_families(std::move(families))
    , m_histograms(m_families.size())
    , m_loader(querier)
{
    connect(&m_loader, &PastLoader::arrived, this, &PastBuckets::take);
}

void PastBuckets::load(qint64 from, qint64 to)
{
    if (from == m_from && to == m_to) {
        return;
    }
    m_from = from;
    m_to = to;
    m_step = std::max(kShortestStep, ((to - from) / kColumns + 999) / 1000 * 1000);
    std::vector<PastLoader::Question> questions;
    for (std::size_t i = 0; i < m_families.size(); ++i) {
        const std::string window = "[" + std::to_string(m_step / 1000) + "s]";
        questions.push_back({i, 0, "sum by (le) (increase(" + m_families[i] + "_bucket" + window + "))",
                             PastLoader::Wants::Series});
    }
    const qint64 steps = (to - from + m_step - 1) / m_step;
    m_loader.load(std::move(questions), {to - steps * m_step, to, m_step, 1000});
}

void PastBuckets::clear()
{
    m_loader.cancel();
    m_from = m_to = 0;
    std::fill(m_histograms.begin(), m_histograms.end(), PastHistogram());
}

void PastBuckets::take()
{
    for (const PastLoader::Answer& answer : m_loader.take()) {
        m_histograms.at(answer.question.chart) = pastHistogram(answer.series, m_step);
    }
    Q_EMIT arrived();
}

} // namespace widgets
