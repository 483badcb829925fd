#include "widgets/charts/past_buckets.h"

#include "widgets/charts/bucket_bound.h"
#include "widgets/past_source.h"

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

constexpr qint64 kScrapes = 4;           // of a server, in a step at least

std::string increaseOf(const std::string& family, qint64 step)
{
    return "increase(" + family + "_bucket[" + std::to_string(step / 1000) + "s])";
}

// Series of several consoles are no histogram of ours.
bool oneConsole(const std::vector<metrics::PointSeries>& buckets)
{
    const auto withoutBound = [](metrics::Labels labels) {
        std::erase_if(labels, [](const auto& label) { return label.first == "le"; });
        return labels;
    };
    return std::all_of(buckets.begin(), buckets.end(), [&](const metrics::PointSeries& series) {
        return withoutBound(series.labels) == withoutBound(buckets.front().labels);
    });
}

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
    , m_own(m_families.size())
    , m_older(m_families.size())
    , m_loader(querier)
{
    connect(&m_loader, &PastLoader::arrived, this, &PastBuckets::take);
    connect(&m_server, &PastLoader::arrived, this, &PastBuckets::takeServer);
}

void PastBuckets::setSource(const PastSource* source, const metrics::Querier* memory)
{
    if (source == nullptr) {
        return;
    }
    m_source = source;
    m_memory = memory;
    connect(source, &PastSource::changed, this, &PastBuckets::choose);
    choose();
}

void PastBuckets::choose()
{
    m_server.setQuerier(m_source->chosen());
    std::fill(m_older.begin(), m_older.end(), PastHistogram());
    const qint64 from = std::exchange(m_from, 0);
    const qint64 to = std::exchange(m_to, 0);
    if (to != 0) {
        load(from, to);
    }
}

QString PastBuckets::server() const
{
    const bool some = std::any_of(m_older.begin(), m_older.end(), [](const PastHistogram& h) { return !h.columns.empty(); });
    return some && m_source != nullptr ? m_source->name() : QString();
}

void PastBuckets::load(qint64 from, qint64 to)
{
    if (from == m_from && to == m_to) {
        return;
    }
    m_from = from;
    m_to = to;
    const metrics::QuerySource* server = m_source != nullptr ? m_source->chosen() : nullptr;
    const qint64 grid = server != nullptr ? std::max<qint64>((server->leastStep() + 999) / 1000 * 1000, 1000) : 1000;
    m_step = std::max({kShortestStep, server != nullptr ? kScrapes * grid : 0, ((to - from) / kColumns + grid - 1) / grid * grid});
    std::vector<PastLoader::Question> questions;
    for (std::size_t i = 0; i < m_families.size(); ++i) {
        questions.push_back({i, 0, "sum by (le) (" + increaseOf(m_families[i], m_step) + ")", PastLoader::Wants::Series});
    }
    const qint64 steps = (to - from + m_step - 1) / m_step;
    m_loader.load(std::move(questions), {to - steps * m_step, to, m_step, 1000});
    loadServer();
}

void PastBuckets::loadServer()
{
    const metrics::QuerySource* server = m_source != nullptr ? m_source->chosen() : nullptr;
    m_server.cancel();
    m_seam = server == nullptr ? m_from : std::clamp(m_memory != nullptr ? m_memory->completeFrom() : m_to, m_from, m_to);
    if (m_seam == m_from) {
        std::fill(m_older.begin(), m_older.end(), PastHistogram());
        return;
    }
    metrics::Labels own = server->own();
    own.emplace_back("target", "");
    std::vector<PastLoader::Question> questions;
    for (std::size_t i = 0; i < m_families.size(); ++i) {
        const std::string text = "sum by (job, instance, le) (" + increaseOf(m_families[i], m_step) + ")";
        const auto narrowed = server->narrowed(text, own);
        questions.push_back({i, 0, narrowed ? *narrowed : text, PastLoader::Wants::Series});
    }
    const qint64 end = (m_seam + m_step - 1) / m_step * m_step;
    m_server.load(std::move(questions), {m_from / m_step * m_step, end, m_step, m_step});
}

void PastBuckets::clear()
{
    m_loader.cancel();
    m_server.cancel();
    m_from = m_to = 0;
    for (std::vector<PastHistogram>* all : {&m_histograms, &m_own, &m_older}) {
        std::fill(all->begin(), all->end(), PastHistogram());
    }
}

// The server's columns up to the seam, then the own ones. Where both have other buckets, or the server has none: the own.
void PastBuckets::join(std::size_t family)
{
    const PastHistogram& own = m_own[family];
    const PastHistogram& older = m_older[family];
    PastHistogram& shown = m_histograms[family];
    shown = own;
    if (older.columns.empty() || (!own.columns.empty() && own.bounds != older.bounds)) {
        return;
    }
    shown.bounds = older.bounds;
    shown.columns = older.columns;
    std::erase_if(shown.columns, [this](const PastHistogram::Column& column) { return column.to > m_seam; });
    const qint64 joint = shown.columns.empty() ? m_from : shown.columns.back().to;
    for (const PastHistogram::Column& column : own.columns) {
        if (column.to > joint + m_step / 2) { // both are cut at moments of their own
            shown.columns.push_back(column);
        }
    }
}

void PastBuckets::take()
{
    for (const PastLoader::Answer& answer : m_loader.take()) {
        m_own.at(answer.question.chart) = pastHistogram(answer.series, m_step);
        join(answer.question.chart);
    }
    Q_EMIT arrived();
}

void PastBuckets::takeServer()
{
    for (const PastLoader::Answer& answer : m_server.take()) {
        if (!answer.failed) { // else what was known stays
            m_older.at(answer.question.chart) = oneConsole(answer.series) ? pastHistogram(answer.series, m_step) : PastHistogram();
        }
        join(answer.question.chart);
    }
    Q_EMIT arrived();
}

} // namespace widgets
