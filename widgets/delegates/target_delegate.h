// Cells of the targets' table that are more than a text: the trend, and the environment in its colour.
#pragma once

#include <QColor>
#include <QString>
#include <QStyledItemDelegate>

namespace widgets {

class TableView;

// As it was chosen ("#rrggbb"), else by its name, the same in every run; production is red.
[[nodiscard]] QColor environmentColor(const QString& name, const QString& chosen = {});

// A line of TrendRole, 0 at the bottom and 1 at the top, gaps where it was unknown.
class TrendDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

// The environment in a colour of its own, production in a frame.
class EnvironmentDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

// Widths and painters of a table of models::TargetModel, which fits into a window of 1280.
void dressTargetTable(TableView& table);

} // namespace widgets
