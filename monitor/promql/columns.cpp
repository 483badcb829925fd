#include "monitor/promql/columns.h"

#include <unordered_set>
#include <utility>

namespace promql {

series::LabelsPtr share(series::Labels labels)
{
    return std::make_shared<const series::Labels>(std::move(labels));
}

Column scalarColumn(std::vector<double> values)
{
    static const series::LabelsPtr kNone = share({});
    return {kNone, std::move(values)};
}

void failSameLabels()
{
    throw EvalError("vector cannot contain metrics with the same labelset");
}

void requireDistinct(const Columns& columns)
{
    std::unordered_set<series::LabelsPtr, LabelsPtrHash, LabelsPtrEqual> seen;
    for (const Column& column : columns) {
        if (!seen.insert(column.labels).second) {
            failSameLabels();
        }
    }
}

std::size_t ColumnBuilder::slot(const series::LabelsPtr& labels)
{
    const auto [at, created] = m_slots.try_emplace(labels, m_columns.size());
    if (created) {
        m_columns.push_back({labels, std::vector<double>(m_steps, absentValue())});
        m_used.push_back(false);
    }
    return at->second;
}

void ColumnBuilder::put(std::size_t slot, std::size_t step, double value)
{
    double& place = m_columns[slot].values[step];
    if (!isAbsent(place)) {
        failSameLabels();
    }
    place = value;
    m_used[slot] = true;
}

Columns ColumnBuilder::take()
{
    Columns result;
    result.reserve(m_columns.size());
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (m_used[i]) {
            result.push_back(std::move(m_columns[i]));
        }
    }
    return result;
}

} // namespace promql
