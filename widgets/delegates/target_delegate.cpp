#include "widgets/delegates/target_delegate.h"

#include "models/target_model.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QVariantList>

#include <cmath>

namespace widgets {

namespace {

constexpr int kColors = 4; // of the series' colours, those that are told apart best

// Everything but the text.
void paintGround(QPainter* painter, const QStyleOptionViewItem& cell)
{
    QStyleOptionViewItem ground = cell;
    ground.text.clear();
    const QStyle* style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, cell.widget);
}

QPainterPath pathOf(const QVariantList& values, const QRectF& box)
{
    QPainterPath path;
    bool drawing = false;
    const double step = box.width() / (static_cast<double>(models::TargetModel::kTrend) - 1);
    double x = box.right() - step * static_cast<double>(values.size() - 1); // the right edge is now
    for (const QVariant& value : values) {
        const double share = value.toDouble();
        if (std::isnan(share)) {
            drawing = false;
        } else {
            const QPointF point(x, box.bottom() - qBound(0.0, share, 1.0) * box.height());
            drawing ? path.lineTo(point) : path.moveTo(point);
            drawing = true;
        }
        x += step;
    }
    return path;
}

} // namespace

QColor environmentColor(const QString& name, const QString& chosen)
{
    const Theme& theme = Theme::of();
    if (const QColor own(chosen); !chosen.isEmpty() && own.isValid()) {
        return own;
    }
    uint sum = 0;
    for (const QChar c : name) {
        sum = sum * 31 + c.unicode();
    }
    return models::isProduction(name.toStdString()) ? theme.palette().critical
                                                    : theme.seriesColor(static_cast<int>(sum % kColors));
}

void TrendDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintGround(painter, cell);
    const QRectF box = QRectF(option.rect).adjusted(space::kSmall, 5, -space::kSmall, -5);
    const Palette& palette = Theme::of().palette();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(palette.line, 1));
    painter->drawLine(box.bottomLeft(), box.bottomRight());
    painter->setPen(QPen(palette.accent, 1.4));
    painter->drawPath(pathOf(index.data(models::TrendRole).toList(), box));
    painter->restore();
}

void EnvironmentDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintGround(painter, cell);
    if (cell.text.isEmpty()) {
        return;
    }
    const bool production = index.data(models::ProductionRole).toBool();
    const QColor color = environmentColor(cell.text, index.data(models::ColorRole).toString());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF dot(option.rect.left() + space::kSmall, option.rect.center().y() - 3, 8, 8);
    const QRectF frame = QRectF(option.rect).adjusted(2.5, 3.5, -2.5, -3.5);
    if (production) {
        painter->setPen(QPen(color, 1.5));
        painter->drawRoundedRect(frame, 4, 4);
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawRoundedRect(dot, 2, 2);
    painter->setPen(Theme::of().palette().text);
    const QRect room = option.rect.adjusted(space::kSmall + 14, 0, -space::kSmall, 0);
    painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(cell.text, Qt::ElideRight, room.width()));
    painter->restore();
}

void dressTargetTable(TableView& table)
{
    constexpr int kEnvironment = 2;
    constexpr int kTrend = 4;
    table.setColumnWidths({124, 120, 104, 72, 96, 78, 88, 74, 90, 88});
    table.setItemDelegateForColumn(kTrend, new TrendDelegate(&table));
    table.setItemDelegateForColumn(kEnvironment, new EnvironmentDelegate(&table));
}

} // namespace widgets
