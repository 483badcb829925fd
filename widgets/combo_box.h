// A choice list with a plain arrow: the style sheet's own would need an image per theme.
#pragma once

#include "widgets/theme.h"

#include <QComboBox>
#include <QPainter>

namespace widgets {

class ComboBox : public QComboBox {
public:
    using QComboBox::QComboBox;

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QComboBox::paintEvent(event);
        const Palette& palette = Theme::of().palette();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(isEnabled() ? palette.muted : palette.faint);
        const QPointF at(width() - 14, height() / 2.0 - 2);
        painter.drawPolygon(QPolygonF({at, at + QPointF(8, 0), at + QPointF(4, 5)}));
    }
};

} // namespace widgets
