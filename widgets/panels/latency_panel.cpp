#include "widgets/panels/latency_panel.h"

#include "models/text.h"
#include "widgets/charts/flow_grid.h"
#include "widgets/panels/levels.h"

#include <QCoreApplication>

#include <cmath>

namespace widgets {

namespace {

struct KindSpec {
    const char* family;
    const char* view;
    int color;
    const char* title; // of the histogram
    const char* trend; // of the chart over time
};

constexpr KindSpec kKinds[] = {{"db_connection_wait_seconds", "wait", 0,
                                QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Wait for a connection"),
                                QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Wait over time")},
                               {"db_connection_usage_seconds", "usage", 2,
                                QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Connection in use"),
                                QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Use over time")},
                               {"db_query_duration_seconds", "query", 3,
                                QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Query duration"),
                                QT_TRANSLATE_NOOP("widgets::LatencyPanel", "Queries over time")}};

} // namespace

LatencyPanel::LatencyPanel(const PanelContext& context, QWidget* parent)
    : ChartPage(context, parent)
{
    buildHistograms();
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
        m_kinds.push_back({card, chart, HistogramFeed(spec.family, spec.view), nullptr, spec.view});
    }
    column()->addLayout(grid, 4);
}

void LatencyPanel::buildTrends()
{
    auto* grid = new FlowGrid;
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        const KindSpec& spec = kKinds[i];
        const auto feed = [&](double quantile) { return percentile(spec.view, spec.family, quantile); };
        // The three are told apart by colour; p99 lies on top of the others, so it is drawn first.
        m_kinds[i].trend = addChart({[spec] {
                                         return ChartSpec{tr(spec.trend),
                                                          core::Unit::Seconds,
                                                          std::nullopt,
                                                          {{QStringLiteral("p99"), 3},
                                                           {QStringLiteral("p95"), 1},
                                                           {QStringLiteral("p50"), 0}}};
                                     },
                                     {feed(0.99), feed(0.95), feed(0.5)}});
        grid->add(m_kinds[i].trend, {270, 200, 1});
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
    }
}

void LatencyPanel::showFigures(const metrics::Snapshot& snapshot)
{
    const auto seconds = [](double value) { return models::valueText(value, core::Unit::Seconds); };
    for (Kind& kind : m_kinds) {
        const HistogramBars bars =
            kind.feed.take(snapshot, group().range().length.count(), context().querier);
        kind.card->setNote(bars.total() == 0
                               ? QString()
                               : QStringLiteral("n ") +
                                     models::valueText(static_cast<double>(bars.total()), core::Unit::Count));
        kind.chart->show(bars);
        const metrics::LatencyView view = latencyOf(snapshot, kind.view);
        kind.trend->setNote(std::isnan(view.max) ? QString() : tr("longest %1").arg(seconds(view.max)));
    }
    const double slow = snapshot.value("db_slow_query_total");
    const double errors = snapshot.value("db_connection_error_total");
    const double checkouts = snapshot.value("db_connection_checkout_total");
    const auto count = [](double value) { return models::valueText(value, core::Unit::Count); };
    m_rate->setNote(tr("%1 checkouts since the start").arg(count(checkouts)));
    m_troubles->setNote(tr("%1 slow · %2 errors since the start").arg(count(slow), count(errors)));
}

} // namespace widgets
