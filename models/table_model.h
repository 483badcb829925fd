// Tables as lists of columns: a model is a column table, a key and a merge; the duties of QAbstractItemModel
// are done once, here.
#pragma once

#include "models/column.h"

#include <QAbstractTableModel>
#include <QCoreApplication>
#include <QString>
#include <QVariant>

#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace models {

// What exporting and views ask of any of our tables. Main thread only.
class TableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    // "held_seconds": the column's id with the unit of its raw value.
    [[nodiscard]] virtual QString csvHead(int column) const = 0;
    [[nodiscard]] virtual QString columnId(int column) const = 0;
};

// Rows with a key. merge() keeps the rows that stay (and with them selection and scroll position), updates
// what changed in ranges, drops what is gone and appends what is new. Key must be hashable.
template <class Row, class Key>
class KeyedTableModel : public TableModel {
public:
    using KeyOf = Key (*)(const Row&);

    KeyedTableModel(std::span<const Column<Row>> columns, KeyOf keyOf, QObject* parent)
        : TableModel(parent)
        , m_columns(columns)
        , m_keyOf(keyOf)
    {
    }

    // Of rows with the same key the first one counts.
    void merge(const std::vector<Row>& rows)
    {
        std::unordered_map<Key, const Row*> wanted;
        wanted.reserve(rows.size());
        for (const Row& row : rows) {
            wanted.emplace(m_keyOf(row), &row);
        }
        removeGone(wanted);
        updateStaying(wanted);
        appendNew(rows);
    }

    [[nodiscard]] const Row& at(int row) const { return m_rows.at(static_cast<std::size_t>(row)); }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const final
    {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
    }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
            return {};
        }
        const Row& row = at(index.row());
        const Column<Row>& column = columnAt(index.column());
        if (role == ProgressRole && !column.progress) {
            return {};
        }
        const QVariant said = columnData(row, column, role);
        return said.isValid() ? said : rowData(row, role);
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const final
    {
        return orientation == Qt::Horizontal && section >= 0 && section < columnCount()
                   ? columnHead(columnAt(section), role)
                   : QVariant();
    }
    [[nodiscard]] QString columnId(int column) const final
    {
        return QString::fromLatin1(columnAt(column).id);
    }
    [[nodiscard]] QString csvHead(int column) const final
    {
        return columnCsvHead(columnAt(column));
    }

protected:
    // Further roles, the same for the whole row.
    [[nodiscard]] virtual QVariant rowData(const Row& row, int role) const
    {
        Q_UNUSED(row)
        Q_UNUSED(role)
        return {};
    }

private:
    using Wanted = std::unordered_map<Key, const Row*>;

    [[nodiscard]] const Column<Row>& columnAt(int column) const
    {
        return m_columns[static_cast<std::size_t>(column)];
    }
    // From the end, one signal per run of neighbours.
    void removeGone(const Wanted& wanted)
    {
        const auto gone = [&](int row) { return !wanted.contains(m_keyOf(at(row))); };
        for (int last = rowCount() - 1; last >= 0; --last) {
            if (!gone(last)) {
                continue;
            }
            int first = last;
            while (first > 0 && gone(first - 1)) {
                --first;
            }
            beginRemoveRows({}, first, last);
            m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
            endRemoveRows();
            last = first;
        }
    }
    void updateStaying(const Wanted& wanted)
    {
        int first = -1;
        for (int row = 0; row <= rowCount(); ++row) {
            const Row* now = row < rowCount() ? wanted.at(m_keyOf(at(row))) : nullptr;
            if (now && !(*now == at(row))) {
                m_rows[static_cast<std::size_t>(row)] = *now;
                first = first < 0 ? row : first;
            } else if (first >= 0) {
                Q_EMIT dataChanged(index(first, 0), index(row - 1, columnCount() - 1));
                first = -1;
            }
        }
    }
    void appendNew(const std::vector<Row>& rows)
    {
        std::unordered_set<Key> known;
        for (const Row& row : m_rows) {
            known.insert(m_keyOf(row));
        }
        std::vector<Row> fresh;
        for (const Row& row : rows) {
            if (known.insert(m_keyOf(row)).second) {
                fresh.push_back(row);
            }
        }
        if (fresh.empty()) {
            return;
        }
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(fresh.size()) - 1);
        m_rows.insert(m_rows.end(), std::make_move_iterator(fresh.begin()),
                      std::make_move_iterator(fresh.end()));
        endInsertRows();
    }

    std::span<const Column<Row>> m_columns;
    KeyOf m_keyOf;
    std::vector<Row> m_rows;
};

} // namespace models
