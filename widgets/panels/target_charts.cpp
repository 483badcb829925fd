#include "widgets/panels/target_charts.h"

#include "models/text.h"
#include "monitor/metrics/label_of.h"
#include "widgets/charts/flow_grid.h"
#include "widgets/delegates/target_delegate.h"
#include "widgets/panels/target_waits.h"
#include "widgets/target_scope.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

namespace widgets {

// What a chart draws: `over` / `under`, or `over` alone; of counters per second.
struct TargetChart {
    // Of the pool's vocabulary, which snapshots have; or of whatever else a target's page tells, which the
    // memory has: any of several names with "|" between them.
    enum class Of { Gauge, Rate, PageGauge, PageRate };
    const char* title;
    Of of;
    const char* over;
    const char* under; // nullptr: none
    core::Unit unit;
    std::optional<double> top;
    unsigned faces; // of bits 1 << TargetFace
};

namespace {

constexpr unsigned kOverview = 1U << static_cast<unsigned>(TargetFace::Overview);
constexpr unsigned kPool = 1U << static_cast<unsigned>(TargetFace::Pool);
constexpr unsigned kHost = 1U << static_cast<unsigned>(TargetFace::Host);
constexpr unsigned kLatency = 1U << static_cast<unsigned>(TargetFace::Latency);
using Of = TargetChart::Of;

constexpr std::array kCharts{
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Usage"), Of::Gauge, "target_pool_in_use",
                "target_pool_max", core::Unit::Ratio, 1.0, kOverview | kPool},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "In use"), Of::Gauge, "target_pool_in_use",
                nullptr, core::Unit::Count, std::nullopt, kOverview | kPool},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Waiting"), Of::Gauge, "target_pool_waiting",
                nullptr, core::Unit::Count, std::nullopt, kOverview | kPool | kLatency},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Open connections"), Of::Gauge, "target_pool_size",
                nullptr, core::Unit::Count, std::nullopt, kPool},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Idle"), Of::Gauge, "target_pool_idle", nullptr,
                core::Unit::Count, std::nullopt, kPool},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Mean wait for a connection"), Of::Rate,
                "target_pool_wait_seconds_total", "target_pool_waits_total", core::Unit::Seconds,
                std::nullopt, kOverview | kLatency},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Mean time in use"), Of::Rate,
                "target_pool_use_seconds_total", "target_pool_uses_total", core::Unit::Seconds, std::nullopt,
                kOverview | kLatency},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Mean time to connect"), Of::Rate,
                "target_pool_create_seconds_total", "target_pool_creates_total", core::Unit::Seconds,
                std::nullopt, kLatency},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Uses"), Of::Rate, "target_pool_uses_total",
                nullptr, core::Unit::PerSecond, std::nullopt, kOverview | kLatency},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Opened"), Of::Rate, "target_pool_creates_total",
                nullptr, core::Unit::PerSecond, std::nullopt, kPool},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Timeouts"), Of::Rate,
                "target_pool_timeouts_total", nullptr, core::Unit::PerSecond, std::nullopt,
                kOverview | kPool | kLatency},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Errors"), Of::Rate, "target_pool_errors_total",
                nullptr, core::Unit::PerSecond, std::nullopt, kOverview | kPool},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Process: processor"), Of::PageRate,
                "process_cpu_seconds_total", nullptr, core::Unit::Ratio, std::nullopt, kHost},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Process: memory"), Of::PageGauge,
                "process_resident_memory_bytes", nullptr, core::Unit::Bytes, std::nullopt, kHost},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Process: open files"), Of::PageGauge,
                "process_open_fds|process_files_open_files", nullptr, core::Unit::Count, std::nullopt, kHost},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Machine: processor"), Of::PageGauge,
                "host_cpu_usage_ratio|system_cpu_usage", nullptr, core::Unit::Ratio, 1.0, kHost},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Machine: memory"), Of::PageGauge,
                "host_memory_usage_ratio", nullptr, core::Unit::Ratio, 1.0, kHost},
    TargetChart{QT_TRANSLATE_NOOP("widgets::TargetCharts", "Machine: load, 1 min"), Of::PageGauge,
                "host_load1|system_load_average_1m|node_load1", nullptr, core::Unit::None, std::nullopt,
                kHost}};

bool isRate(const TargetChart& chart)
{
    return chart.of == Of::Rate || chart.of == Of::PageRate;
}

bool isOfPool(const TargetChart& chart)
{
    return chart.of == Of::Gauge || chart.of == Of::Rate;
}

// "sum(a{…}) or sum(b{…})" of "a|b". A share of several machines together is their mean.
std::string folded(const TargetChart& chart, const char* names, const std::string& by,
                   const std::function<std::string(const std::string& name)>& series)
{
    const char* fold = chart.of == Of::PageGauge && chart.unit == core::Unit::Ratio ? "avg" : "sum";
    std::string text;
    for (const QString& name : QString::fromLatin1(names).split(QLatin1Char('|'))) {
        text += (text.empty() ? "" : " or ") + (fold + by) + "(" + series(name.toStdString()) + ")";
    }
    return text;
}

// A name as a regular expression that means itself (RE2's QuoteMeta).
std::string quoted(const std::string& name)
{
    std::string text;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || static_cast<unsigned char>(c) >= 0x80;
        text += plain ? std::string(1, c) : std::string("\\") + c;
    }
    return text;
}

// The sum over the pools that are meant; NaN when none of them tells it.
double sumOf(const metrics::Snapshot& snapshot, const char* name, const std::string& target,
             const std::optional<std::string>& pool)
{
    const metrics::Family* family = snapshot.find(name);
    double sum = std::nan("");
    for (std::size_t i = 0; family != nullptr && i < family->series.size(); ++i) {
        const metrics::Series& series = family->series[i];
        if (metrics::labelOf(series.labels, "target") == target &&
            (!pool || metrics::labelOf(series.labels, "pool") == *pool) && !std::isnan(series.value)) {
            sum = std::isnan(sum) ? series.value : sum + series.value;
        }
    }
    return sum;
}

} // namespace

TargetCharts::TargetCharts(const PanelContext& context, TargetFace face, TargetScope& scope, QWidget* parent)
    : ChartPage(context, parent)
    , m_face(face)
    , m_scope(scope)
{
    group().setForeign();
    buildHead();
    buildCharts(face);
    connect(&m_scope, &TargetScope::changed, this, [this] {
        retranslate(); // lines may be those of the last choice, the title is not
        if (last() != nullptr && !m_scope.isOwn()) {
            showFigures(*last());
        }
    });
    retranslate();
}

void TargetCharts::buildHead()
{
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("targets.shown"));
    m_title->setProperty("role", QStringLiteral("title"));
    m_title->setTextFormat(Qt::PlainText);
    m_own = new QPushButton(this);
    m_own->setObjectName(QStringLiteral("targets.own"));
    connect(m_own, &QPushButton::clicked, this, [this] { m_scope.chooseOwn(); });
    auto* row = new QHBoxLayout;
    row->addWidget(m_title, 1);
    row->addWidget(m_own);
    column()->addLayout(row);
    m_hint = new QLabel(this);
    m_hint->setProperty("role", QStringLiteral("muted"));
    m_hint->setWordWrap(true);
    m_hint->setVisible(m_face == TargetFace::Host);
    column()->addWidget(m_hint);
    m_tableCard = new Card(this);
    m_table = new TableView(QStringLiteral("targets.chosen"), m_tableCard);
    m_order.setSourceModel(&m_model);
    m_table->setModel(&m_order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(0, Qt::AscendingOrder);
    dressTargetTable(*m_table);
    m_table->setMinimumHeight(150);
    connect(m_table, &TableView::notice, this, &TargetCharts::toast);
    m_tableCard->body()->addWidget(m_table);
    column()->addWidget(m_tableCard, 2);
}

void TargetCharts::buildCharts(TargetFace face)
{
    auto* grid = new FlowGrid;
    for (const TargetChart& chart : kCharts) {
        if ((chart.faces & (1U << static_cast<unsigned>(face))) != 0) {
            ChartCard* card = addChart({[this, &chart] { return specOf(chart); }, {}, {}});
            grid->add(card, {380, 170, 1});
            m_shown.push_back({&chart, card});
        }
    }
    column()->addLayout(grid, 6);
}

ChartSpec TargetCharts::specOf(const TargetChart& chart) const
{
    ChartSpec spec{tr(chart.title), chart.unit, chart.top, {}};
    for (const Line& line : m_lines) {
        spec.series.push_back({line.name, line.color});
    }
    return spec;
}

Feed TargetCharts::feedOf(const TargetChart& chart, const Line& line) const
{
    metrics::Labels labels;
    if (line.pool) {
        labels.emplace_back("pool", *line.pool);
    }
    labels.emplace_back("target", line.target);
    const auto [shared, which] = sharedOf(chart, line);
    const auto sum = [&](const char* name) {
        return folded(chart, name, {}, [&](const std::string& one) {
            return isRate(chart) ? "rate(" + selectorOf(one, labels) + "[1m])" : selectorOf(one, labels);
        });
    };
    if (chart.of == Of::Gauge) {
        const std::string whole =
            chart.under == nullptr ? sum(chart.over) : sum(chart.over) + " / " + sum(chart.under);
        const auto value = [&chart, line](const metrics::Snapshot& snapshot) {
            const double over = sumOf(snapshot, chart.over, line.target, line.pool);
            return chart.under == nullptr ? over
                                          : over / sumOf(snapshot, chart.under, line.target, line.pool);
        };
        return {whole, value, {}, shared, which};
    }
    const std::string whole =
        chart.under == nullptr ? sum(chart.over) : sum(chart.over) + " / (" + sum(chart.under) + " > 0)";
    // Targets are asked seldom: what grew within a minute is known to the memory only.
    return {whole,
            [this, whole](const metrics::Snapshot& snapshot) { return ask(whole, snapshot); },
            {},
            shared,
            which};
}

// Of the memory; NaN when it knows nothing of it.
double TargetCharts::ask(const std::string& expression, const metrics::Snapshot& snapshot) const
{
    const auto answer = context().querier != nullptr
                            ? context().querier->instant(expression, core::epochMillis(snapshot.at))
                            : core::Result<std::vector<metrics::PointSeries>>(core::fail(""));
    return answer && answer->size() == 1 && !answer->front().points.empty()
               ? answer->front().points.back().value
               : std::nan("");
}

bool TargetCharts::tells(const Line& line, const TargetChart& chart, const metrics::Snapshot& snapshot) const
{
    if (!isOfPool(chart)) {
        const metrics::Labels labels{{"target", line.target}};
        return !std::isnan(ask(
            folded(chart, chart.over, {}, [&](const std::string& one) { return selectorOf(one, labels); }),
            snapshot));
    }
    return !std::isnan(sumOf(snapshot, chart.over, line.target, line.pool)) &&
           (chart.under == nullptr || !std::isnan(sumOf(snapshot, chart.under, line.target, line.pool)));
}

// One query for all lines of a chart: the targets that are shown, or the pools of the only one.
std::pair<std::string, metrics::Labels> TargetCharts::sharedOf(const TargetChart& chart,
                                                               const Line& line) const
{
    std::string names;
    for (const Line& one : m_lines) {
        names += (names.empty() ? "" : "|") + quoted(one.target);
    }
    const std::string by = std::string(" by (job, instance, target") + (line.pool ? ", pool" : "") + ") ";
    const auto sum = [&](const char* name) {
        return folded(chart, name, by, [&](const std::string& one) {
            const std::string selector = selectorOf(one, {{"target", names}}, Match::Pattern);
            return isRate(chart) ? "rate(" + selector + "[$m])" : selector;
        });
    };
    const std::string under = chart.under == nullptr ? std::string() : sum(chart.under);
    metrics::Labels which{{"target", line.target}};
    if (line.pool) {
        which.emplace_back("pool", *line.pool);
    }
    return {sum(chart.over) + (under.empty()    ? std::string()
                               : !isRate(chart) ? " / " + under
                                                : " / (" + under + " > 0)"),
            which};
}

// The pools of the only target have a line each; they share its process.
std::vector<TargetCharts::Line> TargetCharts::linesOf(const metrics::Snapshot& snapshot) const
{
    std::vector<Line> lines;
    const QStringList& chosen = m_scope.chosen();
    if (chosen.size() == 1 && m_face != TargetFace::Host) {
        std::set<std::string> pools;
        for (const models::TargetRow& row : models::targetRows(snapshot)) {
            if (models::text(row.target) == chosen.front()) {
                pools.insert(row.pool);
            }
        }
        int color = 0;
        for (const std::string& pool : pools) {
            if (pools.size() > 1 && color < TargetScope::kMost) {
                lines.push_back({chosen.front().toStdString(), pool, models::text(pool), color++});
            }
        }
        if (!lines.empty()) {
            return lines;
        }
    }
    for (const QString& target : chosen) {
        lines.push_back({target.toStdString(), std::nullopt, target, m_scope.colorOf(target)});
    }
    return lines;
}

void TargetCharts::take(std::vector<Line> lines)
{
    m_lines = std::move(lines);
    for (const Chart& chart : m_shown) {
        std::vector<Feed> feeds;
        for (const Line& line : m_lines) {
            feeds.push_back(feedOf(*chart.what, line));
        }
        chart.card->setSpec(specOf(*chart.what));
        feederOf(chart.card)->setFeeds(std::move(feeds));
    }
    retranslate();
}

void TargetCharts::showFigures(const metrics::Snapshot& snapshot)
{
    if (m_scope.isOwn()) {
        return;
    }
    if (auto lines = linesOf(snapshot); lines != m_lines) {
        take(std::move(lines));
    }
    std::vector<models::TargetRow> rows = models::targetRows(snapshot);
    std::erase_if(rows, [this](const models::TargetRow& row) {
        return !m_scope.chosen().contains(models::text(row.target));
    });
    addMeanWaits(rows, context().querier, snapshot.at);
    m_model.show(std::move(rows));
    showUnknown(snapshot);
}

// Of each chart: who does not tell this.
void TargetCharts::showUnknown(const metrics::Snapshot& snapshot)
{
    for (const Chart& chart : m_shown) {
        QStringList silent;
        for (const Line& line : m_lines) {
            if (!tells(line, *chart.what, snapshot)) {
                silent << line.name;
            }
        }
        const QString who = silent.join(QStringLiteral(", "));
        const QString why = silent.isEmpty() ? QString() : tr("Unknown: not told by %1").arg(who);
        chart.card->setNote(silent.isEmpty() ? QString() : QStringLiteral("– ") + who);
        chart.card->setToolTip(why);
        chart.card->chart()->setEmptyText(why);
    }
}

void TargetCharts::retranslate()
{
    m_title->setText(m_scope.chosen().join(QStringLiteral(" · ")));
    m_own->setText(tr("Show the own pool"));
    m_hint->setText(tr("Of a target's process and machine only what its own page tells is known."));
    m_tableCard->setTitle(tr("Watched pools"));
    m_table->setAccessibleName(tr("Watched pools"));
    m_table->setEmptyText(tr("Nothing is known of %1 yet.").arg(m_scope.chosen().join(QStringLiteral(", "))));
}

} // namespace widgets
