#include "widgets/charts/chart_table.h"

#include "models/text.h"
#include "models/zone.h"
#include "monitor/core/format.h"
#include "widgets/charts/decimate.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace widgets {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

void add(ColumnStats& stats, double value)
{
    stats.minimum = stats.count == 0 ? value : std::min(stats.minimum, value);
    stats.maximum = stats.count == 0 ? value : std::max(stats.maximum, value);
    ++stats.count;
    stats.mean += (value - stats.mean) / stats.count;
}

} // namespace

ChartTableModel::ChartTableModel(const PlotModel& chart, QObject* parent)
    : models::TableModel(parent)
    , m_unit(chart.spec.unit)
{
    const bool steps = std::any_of(chart.means.begin(), chart.means.end(),
                                   [](const SampleBuffer& one) { return !one.empty(); });
    Rows rows;
    if (steps) {
        addSteps(chart, rows);
    } else {
        addSamples(chart, rows);
    }
    m_rows.reserve(rows.size());
    for (auto& [at, values] : rows) {
        m_rows.push_back({at, std::move(values)});
    }
}

void ChartTableModel::addSamples(const PlotModel& chart, Rows& rows)
{
    for (std::size_t i = 0; i < chart.data.size(); ++i) {
        const QString& name = chart.spec.series[i].name;
        m_columns.push_back({name, name});
        for (const metrics::Point& sample : chart.data[i].within(chart.start(), chart.end)) {
            if (sample.at < chart.start() || sample.at > chart.end || std::isnan(sample.value)) {
                continue;
            }
            auto [row, fresh] = rows.try_emplace(sample.at);
            if (fresh) {
                row->second.assign(chart.data.size(), kNone);
            }
            row->second[i] = sample.value;
        }
    }
}

// The samples of a step are its extremes, and at the newest end of a live chart single ones: of those their
// own mean.
void ChartTableModel::addSteps(const PlotModel& chart, Rows& rows)
{
    constexpr std::size_t kFigures = 3; // of a series
    m_step = chart.interval;
    for (std::size_t i = 0; i < chart.data.size(); ++i) {
        const QString& name = chart.spec.series[i].name;
        m_columns.push_back({tr("%1, mean").arg(name), name + QStringLiteral("_mean")});
        m_columns.push_back({tr("%1, smallest").arg(name), name + QStringLiteral("_min")});
        m_columns.push_back({tr("%1, largest").arg(name), name + QStringLiteral("_max")});
        const std::span<const metrics::Point> means = chart.means[i].all();
        const std::int64_t phase = means.empty() ? 0 : (means.front().at - m_step / 2) % m_step;
        std::map<std::int64_t, ColumnStats> steps;
        for (const metrics::Point& sample : chart.data[i].within(chart.start(), chart.end)) {
            if (sample.at >= chart.start() && sample.at <= chart.end && !std::isnan(sample.value)) {
                add(steps[(sample.at - phase) / m_step * m_step + phase], sample.value);
            }
        }
        for (const metrics::Point& mean : means) {
            const auto step = steps.find(mean.at - m_step / 2);
            if (step != steps.end() && !std::isnan(mean.value)) {
                step->second.mean = mean.value;
            }
        }
        for (const auto& [at, stats] : steps) {
            auto [row, fresh] = rows.try_emplace(at);
            if (fresh) {
                row->second.assign(chart.data.size() * kFigures, kNone);
            }
            row->second[i * kFigures] = stats.mean;
            row->second[i * kFigures + 1] = stats.minimum;
            row->second[i * kFigures + 2] = stats.maximum;
        }
    }
}

int ChartTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ChartTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size()) + 1;
}

QVariant ChartTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>((index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (index.column() == 0) {
        const core::WallTime time{std::chrono::milliseconds(row.at)};
        return role == Qt::DisplayRole ? QVariant(models::Zone::of().full(time))
               : role == models::SortRole || role == models::RawRole
                   ? QVariant(QString::fromStdString(core::isoUtc(time)))
                   : QVariant();
    }
    const double value = row.values[static_cast<std::size_t>(index.column()) - 1];
    if (role == Qt::DisplayRole) {
        return models::valueText(value, m_unit);
    }
    const bool raw = role == models::SortRole || role == models::RawRole;
    return raw && !std::isnan(value) ? QVariant(value) : QVariant();
}

QVariant ChartTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    if (role == Qt::DisplayRole) {
        if (section > 0) {
            return m_columns[static_cast<std::size_t>(section) - 1].name;
        }
        return m_step == 0 ? tr("Time") : tr("Time, %1 each").arg(models::spanText(core::Millis(m_step)));
    }
    return {};
}

QString ChartTableModel::columnId(int column) const
{
    return column == 0 ? QStringLiteral("time_utc") : m_columns[static_cast<std::size_t>(column) - 1].id;
}

QString ChartTableModel::csvHead(int column) const
{
    const std::string_view unit = core::unitName(m_unit);
    if (column == 0 || unit.empty()) {
        return columnId(column);
    }
    return columnId(column) + QLatin1Char('_') +
           QString::fromLatin1(unit.data(), static_cast<qsizetype>(unit.size()));
}

} // namespace widgets
