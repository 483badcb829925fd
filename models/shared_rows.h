// A table over rows that somebody else made: a tick swaps a pointer, ten thousand rows cost nothing but the
// sorting. For lists that are new as a whole with every tick; lists that live on use KeyedTableModel.
#pragma once

#include "models/column.h"
#include "models/table_model.h"

#include <QCoreApplication>
#include <QHash>
#include <QVariant>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

namespace models {

// Main thread only. Sorts itself: a proxy would compare QVariants, ten times as slow.
template <class Row>
class SharedRowsModel : public TableModel {
public:
    using Rows = std::shared_ptr<const std::vector<Row>>;

    explicit SharedRowsModel(std::span<const Column<Row>> columns, QObject* parent = nullptr)
        : TableModel(parent)
        , m_columns(columns)
        , m_rows(std::make_shared<const std::vector<Row>>())
    {
    }

    // Rows come and go at the end first, then all are put in their new order: a view must not meet both at
    // once.
    void show(Rows rows)
    {
        Rows fresh = rows ? std::move(rows) : std::make_shared<const std::vector<Row>>();
        const int before = rowCount();
        const int after = static_cast<int>(fresh->size());
        if (after < before) {
            beginRemoveRows({}, after, before - 1);
            m_order.resize(fresh->size());
            endRemoveRows();
            m_rows = std::move(fresh);
        } else if (after > before) {
            beginInsertRows({}, before, after - 1);
            m_rows = std::move(fresh);
            m_order.resize(m_rows->size());
            std::iota(m_order.begin() + before, m_order.end(), before);
            endInsertRows();
        } else {
            m_rows = std::move(fresh);
        }
        m_order = ordered();
        if (after > 0) {
            Q_EMIT dataChanged(index(0, 0), index(after - 1, columnCount() - 1));
        }
    }
    void sort(int column, Qt::SortOrder order) override
    {
        Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        const std::vector<int> old = m_order;
        m_sortColumn = column;
        m_sortOrder = order;
        m_order = ordered();
        std::vector<int> rowOf(m_order.size());
        for (std::size_t row = 0; row < m_order.size(); ++row) {
            rowOf[static_cast<std::size_t>(m_order[row])] = static_cast<int>(row);
        }
        for (const QModelIndex& from : persistentIndexList()) {
            const int source = old.at(static_cast<std::size_t>(from.row()));
            changePersistentIndex(from, index(rowOf[static_cast<std::size_t>(source)], from.column()));
        }
        Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    }

    [[nodiscard]] const Row& at(int row) const
    {
        return (*m_rows)[static_cast<std::size_t>(m_order.at(static_cast<std::size_t>(row)))];
    }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final
    {
        return parent.isValid() ? 0 : static_cast<int>(m_order.size());
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
        const Column<Row>& column = m_columns[static_cast<std::size_t>(index.column())];
        const QVariant own = rowData(row, role);
        return own.isValid() && !(role == ProgressRole && !column.progress) ? own
                                                                            : columnData(row, column, role);
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const final
    {
        return orientation == Qt::Horizontal && section >= 0 && section < columnCount()
                   ? columnHead(m_columns[static_cast<std::size_t>(section)], role)
                   : QVariant();
    }
    [[nodiscard]] QString csvHead(int column) const final
    {
        return columnCsvHead(m_columns[static_cast<std::size_t>(column)]);
    }
    [[nodiscard]] QString columnId(int column) const final
    {
        return QString::fromLatin1(m_columns[static_cast<std::size_t>(column)].id);
    }

protected:
    // Further roles, the same for the whole row; invalid: the column's own.
    [[nodiscard]] virtual QVariant rowData(const Row& row, int role) const
    {
        Q_UNUSED(row)
        Q_UNUSED(role)
        return {};
    }

private:
    [[nodiscard]] std::vector<double> sortKeys() const
    {
        const Column<Row>& column = m_columns[static_cast<std::size_t>(m_sortColumn)];
        std::vector<double> keys;
        keys.reserve(m_rows->size());
        std::vector<QString> words; // those met, in order of meeting; a long list repeats few of them
        QHash<QString, int> numbers;
        for (const Row& row : *m_rows) {
            const QVariant value = column.sort ? column.sort(row) : QVariant(column.text(row));
            if (value.typeId() != QMetaType::QString) {
                keys.push_back(value.toDouble());
                continue;
            }
            const auto number = numbers.constFind(value.toString());
            if (number != numbers.constEnd()) {
                keys.push_back(*number);
                continue;
            }
            keys.push_back(static_cast<double>(words.size()));
            numbers.insert(value.toString(), static_cast<int>(words.size()));
            words.push_back(value.toString());
        }
        return words.empty() ? keys : ranked(std::move(keys), words);
    }
    // Numbers of words become their places in the alphabet.
    [[nodiscard]] static std::vector<double> ranked(std::vector<double> keys,
                                                    const std::vector<QString>& words)
    {
        std::vector<std::size_t> order(words.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&words](std::size_t a, std::size_t b) {
            return QString::localeAwareCompare(words[a], words[b]) < 0;
        });
        std::vector<double> rank(words.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            rank[order[i]] = static_cast<double>(i);
        }
        for (double& key : keys) {
            key = rank[static_cast<std::size_t>(key)];
        }
        return keys;
    }
    [[nodiscard]] std::vector<int> ordered() const
    {
        std::vector<int> order(m_rows->size());
        std::iota(order.begin(), order.end(), 0);
        if (m_sortColumn < 0 || m_sortColumn >= columnCount()) {
            return order;
        }
        const std::vector<double> keys = sortKeys();
        const auto key = [&keys](int row) { return keys[static_cast<std::size_t>(row)]; };
        if (m_sortOrder == Qt::AscendingOrder) {
            std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
        } else {
            std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key(a) > key(b); });
        }
        return order;
    }

    std::span<const Column<Row>> m_columns;
    Rows m_rows;              // never null
    std::vector<int> m_order; // row shown → row of m_rows
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace models
