#include "widgets/panels/latency_panel.h"

#include "models/text.h"
#include "widgets/charts/flow_grid.h"
#include "widgets/charts/heat_map.h"
#include "widgets/panels/culprit_card.h"
#include "widgets/panels/levels.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace widgets {

namespace {

struct KindSpec {
    const char* family;
    const char* view;
    int color;
    const char* title; // of the histogram
    const char* trend; // of the chart over time
    const char* heat;  // of the heat map
    metrics::Stage stage;
};

constexpr KindSpec kKinds[] = {
    {"db_connection_wait_seconds", "wait", 0,
     QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Wait for a connection"),
     QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Wait over time"),
     QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Every wait"), metrics::Stage::Wait},
    {"db_connection_usage_seconds", "usage", 2,
     QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Connection in use"),
     QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Use over time"),
     QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Every use"), metrics::Stage::Usage},
    {"db_query_duration_seconds", "query", 3, QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Query duration"),
     QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Queries over time"),
     QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Every query"), metrics::Stage::Query}};

} // namespace

LatencyPanel::LatencyPanel(const PanelContext& context, QWidget* parent)
    : ChartPage(context, parent)
    , m_past(context.past != nullptr ? context.past : context.querier,
             {kKinds[0].family, kKinds[1].family, kKinds[2].family})
{
    m_past.setSource(context.history, context.querier);
    connect(&m_past, &PastBuckets::arrived, this, &LatencyPanel::showPast);
    buildHistograms();
    m_culprits = new CulpritCard(context.witness, this);
    connect(m_culprits, &CulpritCard::notice, this, &LatencyPanel::toast);
    column()->addWidget(m_culprits);
    buildHeatMaps();
    buildTrends();
    buildRates();
    retranslate();
}

void LatencyPanel::buildHistograms()
{
    auto* grid = new FlowGrid;
    for (const KindSpec& spec : kKinds) {
        auto* card = new Card(this);
        auto* chart = new HistogramChart(spec.color, card);
        card->body()->addWidget(chart);
        grid->add(card, {270, 236, 1});
        const std::size_t kind = m_kinds.size();
        connect(chart, &HistogramChart::bucketChosen, this,
                [this, kind](int bucket) { showBucket(kind, bucket); });
        m_kinds.push_back({card, chart, HistogramFeed(spec.family, spec.view), nullptr, spec.view});
    }
    column()->addLayout(grid, 4);
}

void LatencyPanel::buildHeatMaps()
{
    auto* grid = new FlowGrid;
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        Kind& kind = m_kinds[i];
        kind.heatCard = new Card(this);
        kind.heat = new HeatMap(kKinds[i].stage, kKinds[i].color, kind.heatCard);
        kind.heat->setObjectName(QStringLiteral("heat.") + QLatin1String(kKinds[i].view));
        kind.heatCard->body()->addWidget(kind.heat);
        grid->add(kind.heatCard, {330, 210, 1});
        connect(kind.heat, &HeatMap::cellChosen, this,
                [this, i](double from, double to) { showCulprits(i, from, to); });
    }
    column()->addLayout(grid, 4);
}

void LatencyPanel::showCulprits(std::size_t kind, double from, double to)
{
    if (last() != nullptr) {
        const KindSpec& spec = kKinds[kind];
        m_culprits->choose({spec.stage, tr(spec.title), spec.family, from, to}, *last());
    }
}

void LatencyPanel::showBucket(std::size_t kind, int bucket)
{
    const std::vector<double>& bounds = m_kinds[kind].bars.bounds;
    const auto at = static_cast<std::size_t>(std::max(bucket, 0));
    if (at <= bounds.size()) {
        showCulprits(kind, at == 0 ? -1 : bounds[at - 1],
                     at < bounds.size() ? bounds[at] : std::numeric_limits<double>::infinity());
    }
}

void LatencyPanel::showHint(const QString& hint)
{
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        if (hint.section(QLatin1Char('/'), 0, 0) == QLatin1String(m_kinds[i].view)) {
            showBucket(i, hint.section(QLatin1Char('/'), 1).toInt());
        }
    }
}

void LatencyPanel::buildTrends()
{
    auto* grid = new FlowGrid;
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        const KindSpec& spec = kKinds[i];
        const auto feed = [&](const char* quantile) { return percentile(spec.view, quantile); };
        // Told apart by colour; the higher ones lie on top of the others, so they are drawn first.
        m_kinds[i].trend =
            addChart({[spec] {
                          return ChartSpec{tr(spec.trend),
                                           core::Unit::Seconds,
                                           std::nullopt,
                                           {{tr("max"), 5},
                                            {QStringLiteral("p99.9"), 4},
                                            {QStringLiteral("p99"), 3},
                                            {QStringLiteral("p95"), 1},
                                            {QStringLiteral("p90"), 2},
                                            {QStringLiteral("p50"), 0}}};
                      },
                      {feed("1"), feed("0.999"), feed("0.99"), feed("0.95"), feed("0.9"), feed("0.5")}});
        grid->add(m_kinds[i].trend, {420, 200, 1});
    }
    column()->addLayout(grid, 4);
}

void LatencyPanel::buildRates()
{
    m_rate =
        addChart({[] {
                      return ChartSpec{tr("Throughput"),
                                       core::Unit::PerSecond,
                                       std::nullopt,
                                       {{tr("queries"), 0}, {tr("checkouts"), 2}}};
                  },
                  {histogramRate("db_query_duration_seconds"), rateSum("db_connection_checkout_total")}});
    m_troubles = addChart({[] {
                               return ChartSpec{tr("Slow queries and errors"),
                                                core::Unit::PerSecond,
                                                std::nullopt,
                                                {{tr("slow"), 1}, {tr("errors"), 3}}};
                           },
                           {rateSum("db_slow_query_total"), rateSum("db_connection_error_total")}});
    auto* grid = new FlowGrid;
    grid->add(m_rate, {360, 176, 1});
    grid->add(m_troubles, {360, 176, 1});
    column()->addLayout(grid, 3);
}

void LatencyPanel::retranslate()
{
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        m_kinds[i].card->setTitle(tr(kKinds[i].title));
        m_kinds[i].chart->setAccessibleName(tr(kKinds[i].title));
        m_kinds[i].heatCard->setTitle(tr(kKinds[i].heat));
        m_kinds[i].heat->setAccessibleName(tr(kKinds[i].heat));
    }
}

void LatencyPanel::askPast()
{
    if (group().asksAside() && group().edge() > 0) {
        // Of a long live range a new answer is worth its while after a hundredth of it.
        const qint64 length = group().range().length.count();
        const qint64 grid = group().range().paused ? 1 : std::max<qint64>(length / 100, 1);
        const qint64 end = group().edge() / grid * grid;
        m_past.load(end - length, end);
    } else {
        m_past.clear();
    }
}

void LatencyPanel::showKind(Kind& kind, const HistogramBars& bars)
{
    kind.heatCard->setNote(showBars(*kind.card, *kind.chart, bars, m_past));
    kind.bars = bars;
}

// Bars, percentiles and heat of a range that memory does not hold: from the counters of the buckets.
void LatencyPanel::showPast()
{
    if (!group().asksAside()) {
        return;
    }
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        showKind(m_kinds[i], m_past.of(i).bars());
        m_kinds[i].heat->setWindow(group().edge(), group().range().length.count());
        m_kinds[i].heat->setColumns(m_past.of(i).heat(kKinds[i].stage));
    }
}

void LatencyPanel::showFigures(const metrics::Snapshot& snapshot)
{
    const bool past = group().asksAside();
    const auto heat = context().witness != nullptr && !past ? std::optional(context().witness->heat()) : std::nullopt;
    m_culprits->follow(snapshot);
    if (past) {
        askPast();
        showPast();
    }
    for (Kind& kind : m_kinds) {
        if (past) {
            break;
        }
        showKind(kind, kind.feed.take(snapshot, group().range().length.count(), context().querier));
        kind.heat->setWindow(group().range().paused ? group().edge() : core::epochMillis(snapshot.at),
                             group().range().length.count());
        if (heat) {
            kind.heat->setColumns(*heat);
        }
    }
    const double slow = snapshot.value("db_slow_query_total");
    const double errors = snapshot.value("db_connection_error_total");
    const double checkouts = snapshot.value("db_connection_checkout_total");
    const auto count = [](double value) { return models::valueText(value, core::Unit::Count); };
    m_rate->setNote(tr("%1 checkouts since the start").arg(count(checkouts)));
    m_troubles->setNote(tr("%1 slow · %2 errors since the start").arg(count(slow), count(errors)));
}

} // namespace widgets
