#include "widgets/panel_picture.h"

#include "widgets/theme.h"

#include <QCoreApplication>
#include <QEvent>
#include <QLayout>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>
#include <utility>
#include <vector>

namespace widgets {

namespace {

constexpr int kMargin = 16;
constexpr int kHead = 24;
constexpr int kFoot = 20;
constexpr double kStep = 1.1; // by which the room grows until all is seen
constexpr double kMost = 2.5; // then it stays cut

// What is around the panel.
QSize frameSize()
{
    return {2 * kMargin, 2 * kMargin + kHead + kFoot};
}

void layOut(QWidget& panel, const QSize& size)
{
    panel.resize(size);
    if (panel.layout() != nullptr) {
        panel.layout()->activate();
    }
    // Cards whose height follows their width ask once more; of the panel's own alone, since the window around
    // it would put it back into its place.
    const QList<QWidget*> own = panel.findChildren<QWidget*>();
    for (int turn = 0; turn < 3; ++turn) {
        for (QWidget* child : own) {
            QCoreApplication::sendPostedEvents(child, QEvent::LayoutRequest);
        }
        QCoreApplication::sendPostedEvents(&panel, QEvent::LayoutRequest);
    }
}

bool isWhole(const QWidget& panel)
{
    for (const QScrollArea* area : panel.findChildren<QScrollArea*>()) {
        if (area->isVisible() && area->verticalScrollBar()->maximum() > 0) {
            return false;
        }
    }
    return true;
}

// How many times `room` it needs to be seen whole; it is laid out so.
double layOutWhole(QWidget& panel, const QSize& room)
{
    const QSize least = panel.minimumSizeHint();
    double factor =
        std::max({1.0, double(least.width()) / room.width(), double(least.height()) / room.height()});
    layOut(panel, (QSizeF(room) * factor).toSize());
    while (!isWhole(panel) && factor * kStep <= kMost) {
        factor *= kStep;
        layOut(panel, (QSizeF(room) * factor).toSize());
    }
    return factor;
}

// As it stood before, also when a step fails in between.
class Restored {
public:
    explicit Restored(QWidget& panel)
        : m_panel(panel)
        , m_size(panel.size())
    {
        // What scrolls on the screen is whole here, or smaller: nobody can move a bar on paper.
        for (QScrollArea* area : panel.findChildren<QScrollArea*>()) {
            m_bars.emplace_back(area, area->verticalScrollBarPolicy());
            area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        }
    }
    // Before the window paints itself again: nobody sees the other size.
    ~Restored()
    {
        for (const auto& [area, policy] : m_bars) {
            area->setVerticalScrollBarPolicy(policy);
        }
        layOut(m_panel, m_size);
    }
    Restored(const Restored&) = delete;
    Restored& operator=(const Restored&) = delete;

private:
    QWidget& m_panel;
    const QSize m_size;
    std::vector<std::pair<QScrollArea*, Qt::ScrollBarPolicy>> m_bars;
};

} // namespace

QSize pictureSizeOf(const QWidget& panel)
{
    return panel.size() + frameSize();
}

PictureCoder panelPicture(QWidget& panel, const PanelCaption& caption, const PictureSpec& spec)
{
    const Restored restored(panel);
    return makePicture(spec, caption.title, [&](QPainter& painter, const QSize& size) {
        const Palette& palette = Theme::of().palette();
        painter.fillRect(QRect(QPoint(), size), palette.window);
        const QRectF inner = QRectF(QPointF(), QSizeF(size)).adjusted(kMargin, kMargin, -kMargin, -kMargin);
        painter.setFont(Theme::of().font(TextRole::Title));
        painter.setPen(palette.text);
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, caption.title);
        paintFoot(painter, inner, caption.from, caption.to);
        const double factor = layOutWhole(panel, size - frameSize());
        painter.save();
        painter.translate(inner.topLeft() + QPointF(0, kHead));
        painter.scale(1 / factor, 1 / factor);
        panel.render(&painter, {}, {}, QWidget::DrawChildren);
        painter.restore();
    });
}

} // namespace widgets
