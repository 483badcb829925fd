#include "widgets/charts/chart_table.h"

#include "models/text.h"
#include "models/zone.h"
#include "monitor/core/format.h"

#include <QDateTime>

#include <cmath>
#include <limits>
#include <map>

namespace widgets {

ChartTableModel::ChartTableModel(const PlotModel& chart, QObject* parent)
    : models::TableModel(parent)
    , m_unit(chart.spec.unit)
{
    const std::size_t count = chart.data.size();
    std::map<std::int64_t, std::vector<double>, std::greater<>> rows;
    for (std::size_t i = 0; i < count; ++i) {
        m_names.push_back(chart.spec.series[i].name);
        for (const metrics::Point& sample : chart.data[i].within(chart.start(), chart.end)) {
            if (sample.at < chart.start() || sample.at > chart.end || std::isnan(sample.value)) {
                continue;
            }
            auto [row, fresh] = rows.try_emplace(sample.at);
            if (fresh) {
                row->second.assign(count, std::numeric_limits<double>::quiet_NaN());
            }
            row->second[i] = sample.value;
        }
    }
    m_rows.reserve(rows.size());
    for (auto& [at, values] : rows) {
        m_rows.push_back({at, std::move(values)});
    }
}

int ChartTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ChartTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_names.size()) + 1;
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
        return section == 0 ? tr("Time") : m_names[static_cast<std::size_t>(section) - 1];
    }
    return {};
}

QString ChartTableModel::columnId(int column) const
{
    return column == 0 ? QStringLiteral("time_utc") : m_names[static_cast<std::size_t>(column) - 1];
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
