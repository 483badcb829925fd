#include "widgets/panels/overview_panel.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/charts/alert_list.h"
#include "widgets/charts/flow_grid.h"
#include "widgets/charts/histogram_chart.h"
#include "widgets/charts/pool_strip.h"
#include "widgets/charts/tile.h"
#include "widgets/dialogs/alert_talk.h"
#include "widgets/health.h"
#include "widgets/panels/levels.h"
#include "widgets/verdict_bar.h"

#include <cmath>

namespace widgets {

namespace {

constexpr int kMaxRangePoints = 120;

enum TileIndex : std::size_t { kUsage, kWaiting, kWait, kQueries, kSlow, kErrors };

// Both in the unit of the larger one: "↓ 3.1 ↑ 0.9 MiB/s".
QString arrowRates(double down, double up)
{
    if (std::isnan(down) || std::isnan(up)) {
        return {};
    }
    static constexpr const char* kUnits[] = {"B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"};
    double scale = 1;
    std::size_t unit = 0;
    while (std::max(down, up) >= scale * 1024 && unit + 1 < std::size(kUnits)) {
        scale *= 1024;
        ++unit;
    }
    const int digits = std::max(down, up) >= scale * 10 ? 0 : 1; // the smallest window has no room for more
    return QStringLiteral("↓ %1 ↑ %2 %3")
        .arg(down / scale, 0, 'f', digits)
        .arg(up / scale, 0, 'f', digits)
        .arg(QLatin1String(kUnits[unit]));
}

// "15 min", "1 h"; what was selected with the mouse is seldom a whole one: "33 s", "2h 13m".
QString rangeText(std::chrono::milliseconds length)
{
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(length).count();
    if (length != std::chrono::minutes(minutes) || (minutes > 60 && minutes % 60 != 0)) {
        return models::spanText(length);
    }
    return minutes % 60 == 0 ? OverviewPanel::tr("%1 h").arg(minutes / 60)
                             : OverviewPanel::tr("%1 min").arg(minutes);
}

// When the pool last turned somebody away: a failed connection or a request that timed out.
core::WallTime lastFailure(const metrics::PoolView& pool)
{
    return pool.autopsies.empty() ? pool.lastErrorAt : std::max(pool.lastErrorAt, pool.autopsies.front()->at);
}

double lastOf(ChartCard* card, std::size_t series)
{
    const auto all = card->chart()->samples(series).all();
    return all.empty() ? std::nan("") : all.back().value;
}

} // namespace

OverviewPanel::OverviewPanel(const PanelContext& context, QWidget* parent)
    : ChartPage(context, parent)
    , m_pastBuckets(
          context.past != nullptr ? context.past : context.querier,
          {"db_connection_wait_seconds", "db_connection_usage_seconds", "db_query_duration_seconds"})
    , m_pastTiles(context.past != nullptr ? context.past : context.querier)
{
    m_pastBuckets.setSource(context.history, context.querier);
    connectPast();
    buildPool();
    buildTiles();
    buildTrends();
    buildHistograms();
    buildHost();
    retranslate();
}

void OverviewPanel::buildPool()
{
    m_poolCard = new Card(this);
    m_strip = new PoolStrip(m_poolCard);
    m_poolCard->body()->addWidget(m_strip);
    m_verdict = new VerdictBar(VerdictBar::WhenWell::Hidden, m_poolCard);
    m_poolCard->body()->addWidget(m_verdict);
    column()->addWidget(m_poolCard);
    connect(m_strip, &PoolStrip::slotClicked, this,
            [this](int slot) { Q_EMIT panelRequested(QStringLiteral("pool"), QString::number(slot)); });
}

void OverviewPanel::buildTiles()
{
    const std::pair<Feed, const char*> rows[] = {{gauge("db_pool_usage"), "pool"},
                                                 {gauge("db_pool_waiters"), "pool"},
                                                 {percentile("wait", "0.95"), "latency"},
                                                 {histogramRate("db_query_duration_seconds"), "latency"},
                                                 {rateSum("db_slow_query_total"), "latency"},
                                                 {rateSum("db_connection_error_total"), "log"}};
    auto* grid = new FlowGrid;
    for (const auto& [feed, panel] : rows) {
        auto* tile = new Tile(this);
        connect(tile, &Tile::clicked, this,
                [this, panel = QString::fromLatin1(panel)] { Q_EMIT panelRequested(panel, {}); });
        grid->add(tile, {150, 82, 1});
        m_figures.push_back({tile, feed, 0});
    }
    column()->addLayout(grid);
}

void OverviewPanel::buildTrends()
{
    m_usage = addChart({[] {
                            return ChartSpec{tr("Usage"), core::Unit::Ratio, 1.0, {{tr("usage"), 0}}};
                        },
                        {gauge("db_pool_usage")},
                        "db_pool_usage"});
    m_connections =
        addChart({[this] {
                      const double limit = last() && last()->pool.present ? last()->pool.maxConnections : 0;
                      return ChartSpec{tr("Connections"),
                                       core::Unit::Count,
                                       limit > 0 ? std::optional(limit) : std::nullopt,
                                       {{tr("in use"), 0}, {tr("idle"), 2}, {tr("overflow"), 1}}};
                  },
                  {gauge("db_pool_checked_out"), gauge("db_pool_checked_in"), gauge("db_pool_overflow")}});
    auto* grid = new FlowGrid;
    grid->add(m_usage, {440, 170, 1});
    grid->add(m_connections, {440, 170, 1});
    column()->addLayout(grid, 5);
}

void OverviewPanel::buildHistograms()
{
    const struct {
        const char* family;
        const char* view;
        int color;
    } rows[] = {{"db_connection_wait_seconds", "wait", 0},
                {"db_connection_usage_seconds", "usage", 2},
                {"db_query_duration_seconds", "query", 3}};
    auto* grid = new FlowGrid;
    for (const auto& row : rows) {
        auto* card = new Card(this);
        auto* chart = new HistogramChart(row.color, card);
        card->body()->addWidget(chart);
        grid->add(card, {225, 166, 10});
        connect(chart, &HistogramChart::bucketChosen, this,
                [this, view = QString::fromLatin1(row.view)](int bucket) {
                    Q_EMIT panelRequested(QStringLiteral("latency"),
                                          view + QLatin1Char('/') + QString::number(bucket));
                });
        m_histograms.push_back({card, chart, HistogramFeed(row.family, row.view)});
    }
    m_alertCard = new Card(this);
    m_alerts = new AlertList(m_alertCard);
    m_alertCard->body()->addWidget(m_alerts);
    grid->add(m_alertCard, {260, 166, 14});
    connect(m_alerts, &AlertList::alertClicked, this,
            [this](const QString& name) { Q_EMIT panelRequested(QStringLiteral("alerts"), name); });
    const AlertCommands* commands = context().commands != nullptr ? &context().commands->alerts : nullptr;
    connect(m_alerts, &AlertList::acknowledgeWanted, this,
            [this, commands](const metrics::AlertRow& alert) {
                if (!alert.source.empty()) {
                    Q_EMIT panelRequested(QStringLiteral("alerts"), models::text(alert.name));
                } else {
                    askAcknowledge(commands, alert, this);
                }
            });
    connect(m_alerts, &AlertList::snoozeWanted, this,
            [this, commands](const metrics::AlertRow& alert, QPoint at) {
                askSnooze(commands, alert, at, this);
            });
    column()->addLayout(grid, 4);
}

void OverviewPanel::buildHost()
{
    const auto compact = [](QString name, core::Unit unit, std::optional<double> top,
                            std::vector<SeriesSpec> series) {
        return ChartSpec{std::move(name), unit, top, std::move(series), Density::Compact};
    };
    m_host[0] = addChart({[compact] {
                              return compact(tr("CPU"), core::Unit::Ratio, 1.0, {{tr("CPU"), 0}});
                          },
                          {gauge("host_cpu_usage_ratio")},
                          "host_cpu_usage_ratio"});
    m_host[1] = addChart({[compact] {
                              return compact(tr("Memory"), core::Unit::Ratio, 1.0, {{tr("memory"), 0}});
                          },
                          {gauge("host_memory_usage_ratio")},
                          "host_memory_usage_ratio"});
    m_host[2] = addChart({[compact] {
                              return compact(tr("Disk /"), core::Unit::Ratio, 1.0, {{tr("disk"), 0}});
                          },
                          {gauge("host_disk_usage_ratio", {{"mountpoint", "/"}})},
                          "host_disk_usage_ratio"});
    m_host[3] = addChart({[compact] {
                              return compact(tr("Load"), core::Unit::Load, std::nullopt, {{tr("5 min"), 0}});
                          },
                          {gauge("host_load5")},
                          "host_load5"});
    m_host[4] = addChart(
        {[compact] {
             return compact(tr("Network"), core::Unit::BytesPerSecond, std::nullopt,
                            {{tr("in"), 0}, {tr("out"), 2}});
         },
         {rateSum("host_network_receive_bytes_total"), rateSum("host_network_transmit_bytes_total")}});
    auto* grid = new FlowGrid;
    for (ChartCard* card : m_host) {
        grid->add(card, {190, 112, 1});
    }
    column()->addLayout(grid, 3);
}

void OverviewPanel::retranslate()
{
    m_poolCard->setTitle(tr("Pool"));
    m_strip->setAccessibleName(tr("Places of the pool"));
    const QString captions[] = {tr("Usage"),   tr("Waiting"), tr("Wait p95"),
                                tr("Queries"), tr("Slow"),    tr("Errors")};
    for (std::size_t i = 0; i < m_figures.size(); ++i) {
        m_figures[i].tile->setCaption(captions[i]);
        if (m_travelled) {
            m_figures[i].tile->setSource(pastTilesSource());
        }
    }
    const QString titles[] = {tr("Wait for a connection"), tr("Connection in use"), tr("Query duration")};
    for (std::size_t i = 0; i < m_histograms.size(); ++i) {
        m_histograms[i].card->setTitle(titles[i]);
        m_histograms[i].chart->setAccessibleName(titles[i]);
    }
    m_alertCard->setTitle(tr("Active alerts"));
    m_alerts->setAccessibleName(tr("Active alerts"));
}

void OverviewPanel::showPool(const metrics::PoolView& pool, core::WallTime at)
{
    m_strip->show(pool);
    m_verdict->show(pool);
    if (!pool.present) {
        return;
    }
    QString note = tr("%1 of %2 in use · %3 could still open")
                       .arg(pool.checkedOut)
                       .arg(pool.maxConnections)
                       .arg(std::max(0, pool.maxConnections - pool.total));
    if (pool.waiting > 0) {
        note += tr(" · %1 waiting, oldest %2").arg(pool.waiting).arg(models::spanText(pool.oldestWait));
    }
    if (group().range().travelled) {
        note = tr("as it was at %1, places are not in the history").arg(models::Zone::of().clock(at));
    }
    m_poolCard->setNote(note);
    m_connections->setNote(tr("max %1").arg(pool.maxConnections));
    if (!m_connections->chart()->model().spec.top ||
        *m_connections->chart()->model().spec.top != pool.maxConnections) {
        ChartSpec spec = m_connections->chart()->model().spec;
        spec.top = pool.maxConnections;
        m_connections->setSpec(spec);
    }
}

void OverviewPanel::showFigures(const metrics::Snapshot& snapshot)
{
    showPool(snapshot.pool, snapshot.at);
    const qint64 length = group().range().length.count();
    m_usage->setNote(rangeText(group().range().length) + QStringLiteral(" · ") +
                     models::spanText(snapshot.interval));
    if (!group().range().travelled) {
        showTiles(snapshot);
    }
    if (group().asksAside()) {
        askPast();
        showPastHistograms();
    } else {
        for (Histogram& histogram : m_histograms) {
            showHistogram(histogram, histogram.feed.take(snapshot, length, context().querier));
        }
    }
    showAlerts(snapshot);
    showHost(snapshot);
}

void OverviewPanel::showTile(std::size_t which, const metrics::Snapshot& snapshot, TileState state)
{
    Figure& figure = m_figures[which];
    const qint64 at = core::epochMillis(snapshot.at);
    const qint64 interval =
        std::max<qint64>(std::chrono::duration_cast<core::Millis>(snapshot.interval).count(), 1);
    figure.tile->setSource(m_liveSource);
    if (at <= figure.shownAt) {
        return;
    }
    if (context().querier && at - figure.shownAt > interval * 5 / 2) {
        const auto past = context().querier->range(withRateSpan(figure.feed.expression, interval),
                                                   at - kMaxRangePoints * interval, at - interval, interval);
        std::vector<double> values;
        for (std::size_t i = 0; past && !past->empty() && i < past->front().points.size(); ++i) {
            values.push_back(past->front().points[i].value);
        }
        figure.tile->setPast(values);
        if (std::isnan(state.figure) && !values.empty() && state.level == StatusLevel::NoData) {
            state.figure = values.back(); // a rate knows nothing at its first tick; the past does
            state.value = models::valueText(state.figure, core::Unit::PerSecond);
            state.level = StatusLevel::Ok;
        }
    }
    figure.shownAt = at;
    figure.tile->show(state);
}

void OverviewPanel::showTiles(const metrics::Snapshot& snapshot)
{
    const metrics::PoolView& pool = snapshot.pool;
    if (!pool.present) {
        return;
    }
    m_liveSource = isRecording() ? tr("recording") : tr("memory");
    m_liveSource += QStringLiteral(" · ") + models::spanText(snapshot.interval);
    const auto figure = [&](std::size_t which) {
        return core::epochMillis(snapshot.at) > m_figures[which].shownAt
                   ? m_figures[which].feed.value(snapshot)
                   : std::nan("");
    };
    const double peak =
        pool.maxConnections > 0 ? static_cast<double>(pool.peakCheckedOut) / pool.maxConnections : 0;
    showTile(kUsage, snapshot,
             {models::valueText(pool.usage, core::Unit::Ratio),
              tr("peak %1").arg(models::valueText(peak, core::Unit::Ratio)), usageLevel(pool),
              figure(kUsage)});
    showTile(kWaiting, snapshot,
             {QString::number(pool.waiting),
              pool.waiting > 0 ? tr("oldest %1").arg(models::spanText(pool.oldestWait))
                               : tr("peak %1").arg(pool.peakWaiting),
              waitingLevel(pool), figure(kWaiting)});
    const metrics::LatencyView wait = latencyOf(snapshot, "wait");
    showTile(kWait, snapshot,
             {models::valueText(wait.p95, core::Unit::Seconds),
              tr("p50 %1").arg(models::valueText(wait.p50, core::Unit::Seconds)),
              waitLevel(wait.p95, pool.config), figure(kWait)});
    const double queries = figure(kQueries);
    showTile(kQueries, snapshot,
             {models::valueText(queries, core::Unit::PerSecond),
              tr("p95 %1").arg(models::valueText(latencyOf(snapshot, "query").p95, core::Unit::Seconds)),
              knownLevel(queries), queries});
    const double slow = figure(kSlow);
    showTile(kSlow, snapshot,
             {models::valueText(slow, core::Unit::PerSecond),
              QStringLiteral("> ") + models::spanText(pool.config.slowQuery), slowLevel(slow, snapshot),
              slow});
    const double errors = figure(kErrors);
    const core::WallTime failed = lastFailure(pool);
    showTile(
        kErrors, snapshot,
        {models::valueText(errors, core::Unit::PerSecond),
         failed == core::WallTime{} ? tr("none so far") : tr("last %1").arg(models::Zone::of().clock(failed)),
         errorLevel(errors, pool), errors});
}

void OverviewPanel::showAlerts(const metrics::Snapshot& snapshot)
{
    if (snapshot.tick == 0 && snapshot.families.empty()) {
        return; // before the first sample nothing is known to be quiet
    }
    const std::vector<metrics::AlertRow> shown = shownAlerts(snapshot);
    const AlertCounts counts = countAlerts(shown);
    QString note = tr("%1 firing · %2 pending").arg(counts.firing).arg(counts.pending);
    if (counts.covered > 0) {
        note += tr(" · %1 covered").arg(counts.covered);
    }
    m_alertCard->setNote(counts.firing + counts.pending + counts.covered == 0 ? QString() : note);
    m_alerts->show(shown);
}

void OverviewPanel::showHost(const metrics::Snapshot& snapshot)
{
    using core::Unit;
    const auto text = [&](const char* name, Unit unit) {
        return models::valueText(snapshot.value(name), unit);
    };
    m_host[0]->setNote(text("host_cpu_usage_ratio", Unit::Ratio));
    const double total = snapshot.value("host_memory_total_bytes");
    const double used = total - snapshot.value("host_memory_available_bytes");
    m_host[1]->setNote(
        text("host_memory_usage_ratio", Unit::Ratio) +
        (std::isnan(used) ? QString() : tr(" of %1").arg(models::valueText(total, Unit::Bytes))));
    const metrics::Labels root{{"mountpoint", "/"}};
    const double full = snapshot.value("host_disk_usage_ratio", root);
    m_host[2]->setNote(
        std::isnan(full)
            ? QString() // without tenths: the smallest window has no room for them
            : tr("%1 · %2 free")
                  .arg(QString::number(std::round(full * 100)) + QStringLiteral(" %"),
                       models::valueText(snapshot.value("host_disk_available_bytes", root), Unit::Bytes)));
    const double cores = snapshot.value("host_cpu_cores");
    m_host[3]->setNote(std::isnan(cores)
                           ? text("host_load5", Unit::Load)
                           : tr("%1 · cores: %2")
                                 .arg(text("host_load5", Unit::Load), models::valueText(cores, Unit::Count)));
    m_host[4]->setNote(arrowRates(lastOf(m_host[4], 0), lastOf(m_host[4], 1)));
}

} // namespace widgets
