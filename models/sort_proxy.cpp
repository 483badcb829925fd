#include "models/sort_proxy.h"

#include "models/roles.h"

#include <cmath>

namespace models {

SortProxy::SortProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(SortRole);
    setDynamicSortFilter(true);
}

void SortProxy::setNeedle(const QString& needle)
{
    if (needle != m_needle) {
        m_needle = needle;
        invalidateRowsFilter();
    }
}

bool SortProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(SortRole);
    const QVariant b = right.data(SortRole);
    if (a.typeId() == QMetaType::QString || b.typeId() == QMetaType::QString) {
        return QString::localeAwareCompare(a.toString(), b.toString()) < 0;
    }
    const double x = a.isValid() ? a.toDouble() : std::nan("");
    const double y = b.isValid() ? b.toDouble() : std::nan("");
    return std::isnan(x) ? !std::isnan(y) : x < y;
}

bool SortProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (m_needle.isEmpty()) {
        return true;
    }
    for (int column = 0; column < sourceModel()->columnCount(parent); ++column) {
        if (sourceModel()
                ->index(row, column, parent)
                .data()
                .toString()
                .contains(m_needle, Qt::CaseInsensitive)) {
            return true;
        }
    }
    return false;
}

} // namespace models
