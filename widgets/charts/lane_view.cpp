#include "widgets/charts/lane_view.h"

#include "models/event_words.h"
#include "models/zone.h"
#include "widgets/charts/plot_margins.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QImage>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace widgets {

namespace {

using metrics::SlotState;

constexpr int kBar = LaneView::kLane - 4; // what a lane fills of its height
constexpr std::size_t kMostMarks = 10'000;
constexpr std::int64_t kTouching = 50; // ms
constexpr std::size_t kStates = static_cast<std::size_t>(SlotState::Closing) + 1;

// Where several moments share a pixel the most notable one is seen.
int weight(SlotState state)
{
    static constexpr std::array<int, kStates> kWeights{0, 7, 6, 1, 3, 5, 4, 9, 6, 7};
    return kWeights[static_cast<std::size_t>(state)];
}

struct Colors {
    std::array<QRgb, kStates> state{};
    QRgb usedIdle = 0;
    QRgb nothing = 0;

    Colors()
    {
        const Palette& palette = Theme::of().palette();
        for (std::size_t i = 0; i < kStates; ++i) {
            state[i] = laneColor(static_cast<SlotState>(i)).rgb();
        }
        usedIdle = usedIdleColor().rgb();
        nothing = palette.card.rgb();
    }
};

// Spans that end with the event; everything else is a line at its moment.
bool hasSpan(std::string_view kind)
{
    return kind == "connected" || kind == "connect_failed" || kind == "validated" ||
           kind == "validation_failed" || kind == "reset_done" || kind == "reset_failed";
}

QColor markColor(const metrics::PoolEventRow& mark)
{
    const Palette& palette = Theme::of().palette();
    const models::EventWord* word = models::eventWord(mark.kind);
    const models::Level level = word != nullptr ? word->level : models::Level::None;
    if (level == models::Level::Critical) {
        return palette.critical;
    }
    return level == models::Level::Warning ? palette.warning : palette.text;
}

} // namespace

QColor usedIdleColor()
{
    return Theme::blend(laneColor(SlotState::Active), laneColor(SlotState::Idle), 0.4);
}

QColor laneColor(SlotState state)
{
    return state == SlotState::NotOpened ? Theme::of().palette().raised : Theme::of().color(state, false);
}

LaneView::LaneView(QWidget* parent)
    : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    verticalScrollBar()->setSingleStep(kLane);
    connect(&Theme::of(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    connect(&models::Zone::of(), &models::Zone::changed, viewport(), qOverload<>(&QWidget::update));
}

void LaneView::setColumns(std::vector<metrics::LaneColumnPtr> columns)
{
    m_columns = std::move(columns);
    const int lanes = m_columns.empty() ? 0 : static_cast<int>(m_columns.back()->cells.size());
    if (lanes != m_lanes) {
        m_lanes = lanes;
        fitScrollBar();
    }
    viewport()->update();
}

void LaneView::addMarks(const std::vector<metrics::PoolEventRow>& marks)
{
    m_marks.insert(m_marks.end(), marks.begin(), marks.end());
    while (m_marks.size() > kMostMarks) {
        m_marks.pop_front();
    }
    viewport()->update();
}

void LaneView::setWindow(std::int64_t end, std::int64_t length)
{
    m_end = end;
    m_length = std::max<std::int64_t>(length, 1);
    viewport()->update();
}

void LaneView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

TimeFrame LaneView::frame() const
{
    const QRectF area = QRectF(viewport()->rect()).adjusted(plot::kLeft, 2, -plot::kRight, -plot::kBottom);
    return {area, m_end - m_length, m_end};
}

int LaneView::firstLane() const
{
    return verticalScrollBar()->value() / kLane;
}

int LaneView::laneAt(int y) const
{
    const QRectF area = frame().area;
    if (y < area.top() || y >= area.bottom()) {
        return -1;
    }
    const int lane = (verticalScrollBar()->value() + y - static_cast<int>(area.top())) / kLane;
    return lane < m_lanes ? lane : -1;
}

QPoint LaneView::pointOf(int lane, std::int64_t at) const
{
    const TimeFrame time = frame();
    return {static_cast<int>(std::lround(time.x(static_cast<double>(at)))),
            static_cast<int>(time.area.top()) + lane * kLane + kBar / 2 - verticalScrollBar()->value()};
}

void LaneView::fitScrollBar()
{
    const int room = std::max(1, static_cast<int>(frame().area.height()));
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setRange(0, std::max(0, m_lanes * kLane - room));
}

std::vector<LaneView::Pixel> LaneView::pixels(const TimeFrame& frame) const
{
    const auto width = static_cast<std::size_t>(std::max(1.0, frame.area.width()));
    std::vector<Pixel> pixels(width);
    const auto from =
        std::lower_bound(m_columns.begin(), m_columns.end(), frame.start,
                         [](const auto& c, std::int64_t at) { return core::epochMillis(c->at) < at; });
    std::int64_t end = 0; // of the column before
    std::size_t filled = 0;
    for (auto column = from; column != m_columns.end() && laneStart(**column) < frame.end; ++column) {
        const auto number = static_cast<std::size_t>(column - m_columns.begin());
        const auto pixelOf = [&](std::int64_t at) {
            const double x = std::floor(frame.x(static_cast<double>(at)) - frame.area.left() + 0.5);
            return static_cast<std::size_t>(std::clamp(x, 0.0, static_cast<double>(width)));
        };
        // Neighbours share an edge whatever rounding says of it.
        const bool touches = end != 0 && laneStart(**column) - end <= kTouching;
        const std::size_t first = touches ? std::min(filled, width - 1) : pixelOf(laneStart(**column));
        end = core::epochMillis((*column)->at);
        const std::size_t last = std::max(pixelOf(end), std::min(first + 1, width));
        for (std::size_t x = first; x < last; ++x) {
            if (pixels[x].last == 0) {
                pixels[x].first = number;
            }
            pixels[x].last = number + 1;
        }
        filled = pixelOf(end);
    }
    return pixels;
}

void LaneView::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    ++m_paints;
    QPainter painter(viewport());
    if (m_columns.empty() || m_lanes == 0) {
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    const TimeFrame time = frame();
    painter.save();
    painter.setClipRect(QRectF(0, time.area.top(), viewport()->width(), time.area.height()));
    paintLanes(painter, time);
    paintMarks(painter, time);
    paintNames(painter);
    if (m_mouse && time.area.contains(*m_mouse)) {
        painter.setPen(QPen(Theme::of().palette().muted, 1, Qt::DotLine));
        painter.drawLine(QPointF(m_mouse->x() + 0.5, time.area.top()),
                         QPointF(m_mouse->x() + 0.5, time.area.bottom()));
    }
    painter.restore();
    paintTimeAxis(painter, time);
}

// One image with a row a lane, stretched to the lanes' height at once.
void LaneView::paintLanes(QPainter& painter, const TimeFrame& frame) const
{
    const std::vector<Pixel> columns = pixels(frame);
    const int first = firstLane();
    const int count = std::min(m_lanes - first, static_cast<int>(frame.area.height()) / kLane + 2);
    if (count <= 0) {
        return;
    }
    const Colors colors;
    QImage image(static_cast<int>(columns.size()), count, QImage::Format_RGB32);
    for (int row = 0; row < count; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(row));
        const auto lane = static_cast<std::size_t>(first + row);
        for (std::size_t x = 0; x < columns.size(); ++x) {
            const metrics::LaneCell* best = nullptr;
            bool used = false;
            for (std::size_t i = columns[x].first; i < columns[x].last; ++i) {
                if (lane < m_columns[i]->cells.size()) {
                    const metrics::LaneCell& cell = m_columns[i]->cells[lane];
                    used = used || cell.uses > 0;
                    best = best == nullptr || weight(cell.state) > weight(best->state) ? &cell : best;
                }
            }
            line[x] = best == nullptr ? colors.nothing
                      : best->state == SlotState::Idle && used
                          ? colors.usedIdle
                          : colors.state[static_cast<std::size_t>(best->state)];
        }
    }
    const double top = frame.area.top() + first * kLane - verticalScrollBar()->value();
    painter.drawImage(QRectF(frame.area.left(), top, static_cast<double>(columns.size()), count * kLane),
                      image);
    for (int row = 0; row < count; ++row) {
        painter.fillRect(
            QRectF(frame.area.left(), top + row * kLane + kBar, frame.area.width(), kLane - kBar),
            Theme::of().palette().card);
    }
    paintGaps(painter, frame, columns);
}

void LaneView::paintGaps(QPainter& painter, const TimeFrame& frame, const std::vector<Pixel>& pixels) const
{
    for (std::size_t x = 0; x < pixels.size(); ++x) {
        const std::size_t from = x;
        while (x < pixels.size() && pixels[x].last == 0) {
            ++x;
        }
        paintUnknown(painter, QRectF(frame.area.left() + static_cast<double>(from), frame.area.top(),
                                     static_cast<double>(x - from), frame.area.height()));
    }
}

void LaneView::paintMarks(QPainter& painter, const TimeFrame& frame) const
{
    const int first = firstLane();
    const int last = first + static_cast<int>(frame.area.height()) / kLane + 2;
    for (const metrics::PoolEventRow& mark : m_marks) {
        const std::int64_t at = core::epochMillis(mark.at);
        if (mark.slot < first || mark.slot >= last || at < frame.start || at > frame.end) {
            continue;
        }
        const double y = pointOf(mark.slot, at).y() - kBar / 2.0;
        const double x = frame.x(static_cast<double>(at));
        if (hasSpan(mark.kind)) {
            const double width =
                std::max(2.0, x - frame.x(static_cast<double>(at) - core::seconds(mark.duration) * 1e3));
            painter.fillRect(QRectF(std::max(x - width, frame.area.left()), y + kBar - 4, width, 4),
                             markColor(mark));
        } else {
            painter.fillRect(QRectF(x - 1, y, 2, kBar), markColor(mark));
        }
        if (std::string_view(mark.kind) == "closed") { // a cross: here a connection ended
            painter.setPen(QPen(markColor(mark), 1.5));
            painter.drawLine(QPointF(x - 3, y + kBar / 2.0 - 3), QPointF(x + 3, y + kBar / 2.0 + 3));
            painter.drawLine(QPointF(x - 3, y + kBar / 2.0 + 3), QPointF(x + 3, y + kBar / 2.0 - 3));
        }
    }
}

void LaneView::paintNames(QPainter& painter) const
{
    const QRectF area = frame().area;
    painter.setFont(Theme::of().font(TextRole::Caption));
    painter.setPen(Theme::of().palette().muted);
    const int last = std::min(m_lanes, firstLane() + static_cast<int>(area.height()) / kLane + 2);
    for (int lane = firstLane(); lane < last; ++lane) {
        painter.drawText(QRectF(0, pointOf(lane, 0).y() - kLane / 2.0, plot::kLeft - 8, kLane),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(lane));
    }
}

bool LaneView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(
            help->globalPos(),
            textAt(help->pos()).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")),
            viewport());
        return true;
    }
    if (event->type() == QEvent::Leave) {
        m_mouse.reset();
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void LaneView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    fitScrollBar();
}

void LaneView::scrollContentsBy(int dx, int dy)
{
    Q_UNUSED(dx)
    Q_UNUSED(dy)
    viewport()->update();
}

void LaneView::mouseMoveEvent(QMouseEvent* event)
{
    m_mouse = event->position().toPoint();
    viewport()->update();
}

void LaneView::mouseReleaseEvent(QMouseEvent* event)
{
    const int lane = laneAt(event->position().toPoint().y());
    if (event->button() == Qt::LeftButton && lane >= 0) {
        Q_EMIT slotClicked(lane);
    }
}

} // namespace widgets
