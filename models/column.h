// A column of a table as data: what it is called, what it shows, what it is sorted and exported by.
#pragma once

#include "models/roles.h"
#include "monitor/core/units.h"

#include <QCoreApplication>
#include <QString>
#include <QVariant>

#include <string_view>

namespace models {

enum class Align { Left, Right, Center };

// One column. The functions are pure; `text` is for people, `sort` a number in base units or a plain text.
template <class Row>
struct Column {
    const char* id;    // stable: CSV head, saved widths
    const char* title; // QT_TRANSLATE_NOOP("models", …)
    Align align = Align::Left;
    core::Unit unit = core::Unit::None; // of `sort`
    QString (*text)(const Row&) = nullptr;
    QVariant (*sort)(const Row&) = nullptr; // nullptr: the text
    Level (*level)(const Row&) = nullptr;   // nullptr: none
    bool progress = false;                  // shows the row's ProgressRole
    QVariant (*raw)(const Row&) = nullptr;  // for CSV; nullptr: as `sort`
    QString (*tip)(const Row&) = nullptr;   // the whole of what the cell has in short; nullptr: its text
};

template <class Row>
[[nodiscard]] QVariant columnAlignment(const Column<Row>& column)
{
    const auto side = column.align == Align::Right    ? Qt::AlignRight
                      : column.align == Align::Center ? Qt::AlignHCenter
                                                      : Qt::AlignLeft;
    return QVariant::fromValue(static_cast<int>(side | Qt::AlignVCenter));
}

// What a column says of a row. ProgressRole is the row's own.
template <class Row>
[[nodiscard]] QVariant columnData(const Row& row, const Column<Row>& column, int role)
{
    const auto sorted = [&] { return column.sort ? column.sort(row) : QVariant(column.text(row)); };
    switch (role) {
    case Qt::DisplayRole:
        return column.text(row);
    case Qt::ToolTipRole:
        return column.tip                    ? QVariant(column.tip(row))
               : column.align == Align::Left ? QVariant(column.text(row))
                                             : QVariant();
    case Qt::TextAlignmentRole:
        return columnAlignment(column);
    case SortRole:
        return sorted();
    case RawRole:
        return column.raw ? column.raw(row) : sorted();
    case LevelRole:
        return column.level ? QVariant(static_cast<int>(column.level(row))) : QVariant();
    default:
        return {};
    }
}

template <class Row>
[[nodiscard]] QVariant columnHead(const Column<Row>& column, int role)
{
    if (role == Qt::DisplayRole) {
        return QCoreApplication::translate("models", column.title);
    }
    return role == Qt::TextAlignmentRole ? columnAlignment(column) : QVariant();
}

template <class Row>
[[nodiscard]] QString columnCsvHead(const Column<Row>& column)
{
    const std::string_view unit = core::unitName(column.unit);
    const QString id = QString::fromLatin1(column.id);
    return unit.empty() ? id
                        : id + QLatin1Char('_') + QString::fromLatin1(unit.data(), qsizetype(unit.size()));
}

} // namespace models
