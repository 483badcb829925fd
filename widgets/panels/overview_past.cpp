// OverviewPanel: tiles and histograms of ranges that memory does not hold.
#include "models/text.h"
#include "models/zone.h"
#include "widgets/charts/tile.h"
#include "widgets/panels/overview_panel.h"

#include <cmath>

namespace widgets {

namespace {

constexpr qint64 kTilePoints = 60;
// In the order of the tiles.
constexpr core::Unit kUnits[] = {core::Unit::Ratio,     core::Unit::Count,     core::Unit::Seconds,
                                 core::Unit::PerSecond, core::Unit::PerSecond, core::Unit::PerSecond};

} // namespace

void OverviewPanel::connectPast()
{
    connect(&m_pastBuckets, &PastBuckets::arrived, this, &OverviewPanel::showPastHistograms);
    connect(&m_pastTiles, &PastLoader::arrived, this, &OverviewPanel::showPastTiles);
}

void OverviewPanel::askPast()
{
    if (group().asksAside() && group().edge() > 0) {
        // Of a long live range a new answer is worth its while after a hundredth of it.
        const qint64 length = group().range().length.count();
        const qint64 grid = group().range().paused ? 1 : std::max<qint64>(length / 100, 1);
        const qint64 end = group().edge() / grid * grid;
        m_pastBuckets.load(end - length, end);
    } else {
        m_pastBuckets.clear();
    }
    if (group().range().travelled) {
        askTiles();
    } else if (m_travelled) {
        m_pastTiles.cancel();
        for (Figure& figure : m_figures) {
            figure.shownAt = 0; // with the next tick they are live again
        }
    }
    m_travelled = group().range().travelled;
}

void OverviewPanel::askTiles()
{
    std::vector<PastLoader::Question> questions;
    for (std::size_t i = 0; i < m_figures.size(); ++i) {
        questions.push_back({i, 0, m_figures[i].feed.expression});
    }
    const qint64 step = stepFor(group().range().length.count(), kTilePoints, group().interval());
    const qint64 end = (group().edge() + step - 1) / step * step;
    m_pastTiles.load(std::move(questions), {end - kTilePoints * step, end, step, group().interval()});
}

QString OverviewPanel::pastTilesSource()
{
    return group().sourceText({}, stepFor(group().range().length.count(), kTilePoints, group().interval()));
}

// The value at the end of the range, and how it came to that.
void OverviewPanel::showPastTiles()
{
    for (const PastLoader::Answer& answer : m_pastTiles.take()) {
        const std::size_t which = answer.question.chart;
        if (!group().range().travelled || which >= m_figures.size()) {
            continue;
        }
        std::vector<double> values;
        for (const metrics::Point& point : answer.means.empty() ? answer.points : answer.means) {
            values.push_back(point.value);
        }
        const double last = values.empty() ? std::nan("") : values.back();
        if (!values.empty()) {
            values.pop_back(); // show() adds it
        }
        m_figures[which].tile->setPast(values);
        m_figures[which].tile->setSource(pastTilesSource());
        m_figures[which].tile->show(
            {models::valueText(last, kUnits[which]),
             tr("at %1").arg(models::Zone::of().clock(core::WallTime(core::Millis(group().edge())))),
             std::isnan(last) ? StatusLevel::NoData : StatusLevel::Ok, last});
    }
}

void OverviewPanel::showHistogram(Histogram& histogram, const HistogramBars& bars)
{
    showBars(*histogram.card, *histogram.chart, bars, m_pastBuckets);
}

void OverviewPanel::showPastHistograms()
{
    for (std::size_t i = 0; group().asksAside() && i < m_histograms.size(); ++i) {
        showHistogram(m_histograms[i], m_pastBuckets.of(i).bars());
    }
}

} // namespace widgets
