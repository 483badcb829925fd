#include "widgets/delegates/level_delegate.h"

#include <QApplication>
#include <QPainter>
#include <QStyle>

namespace widgets {

namespace {

constexpr double kShape = 10; // px, a shape's side

QColor colorOf(const QModelIndex& index, StatusLevel level)
{
    const QVariant slot = index.data(models::SlotStateRole);
    const Theme& theme = Theme::of();
    return slot.isValid() ? theme.color(static_cast<metrics::SlotState>(slot.toInt()),
                                        index.data(models::OverflowRole).toBool())
                          : theme.color(level);
}

void drawProgress(QPainter& painter, const QRect& cell, double part)
{
    const Palette& palette = Theme::of().palette();
    const QRectF track(cell.left() + space::kSmall, cell.bottom() - 4, cell.width() - 2 * space::kSmall, 2);
    painter.fillRect(track, palette.line);
    painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * qBound(0.0, part, 1.0), 2)),
                     palette.warning);
}

} // namespace

StatusLevel statusOf(models::Level level) noexcept
{
    switch (level) {
    case models::Level::Ok:
    case models::Level::None:
        return StatusLevel::Ok;
    case models::Level::Pending:
        return StatusLevel::Pending;
    case models::Level::Warning:
        return StatusLevel::Warning;
    case models::Level::Critical:
        return StatusLevel::Critical;
    case models::Level::NoData:
        return StatusLevel::NoData;
    case models::Level::Error:
        return StatusLevel::Error;
    }
    return StatusLevel::NoData;
}

void LevelDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    const QStyle* style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    painter->save();
    const QVariant state = index.data(models::LevelRole);
    const auto level = static_cast<models::Level>(state.toInt());
    int left = option.rect.left() + space::kSmall;
    if (state.isValid() && level != models::Level::None) {
        const QRectF box(left, option.rect.center().y() - kShape / 2 + 1, kShape, kShape);
        Theme::drawShape(*painter, box, statusOf(level), colorOf(index, statusOf(level)));
    }
    left += state.isValid() ? static_cast<int>(kShape) + space::kSmall : 0;
    painter->setPen(level == models::Level::None && state.isValid() ? Theme::of().palette().muted
                                                                    : Theme::of().palette().text);
    const QRect room(left, option.rect.top(), option.rect.right() - left - space::kTiny,
                     option.rect.height());
    const bool right = (option.displayAlignment | cell.displayAlignment) & Qt::AlignRight;
    painter->drawText(right ? room.adjusted(0, 0, -space::kMedium, 0) : room,
                      (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, room.width()));
    const QVariant progress = index.data(models::ProgressRole);
    if (progress.isValid()) {
        drawProgress(*painter, option.rect, progress.toDouble());
    }
    painter->restore();
}

} // namespace widgets
