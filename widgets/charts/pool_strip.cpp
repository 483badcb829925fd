#include "widgets/charts/pool_strip.h"

#include "models/text.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

using metrics::SlotState;

constexpr double kLargest = 27;
constexpr double kSmallest = 9;
constexpr double kDivider = 9; // extra gap between base and overflow
constexpr double kQueueWidth = 128;
constexpr double kFootHeight = 22;
constexpr double kDot = 12;
constexpr int kDotsShown = 7;

QString signOf(SlotState state)
{
    switch (state) {
    case SlotState::NotOpened:
    case SlotState::Active:
    case SlotState::Held: // a slash, drawn
    case SlotState::Idle: // a dot, drawn
        return {};
    case SlotState::Connecting:
        return QStringLiteral("…");
    case SlotState::Validating:
        return QStringLiteral("?");
    case SlotState::IdleInTransaction:
        return QStringLiteral("tx");
    case SlotState::Leaked:
        return QStringLiteral("!");
    case SlotState::Resetting:
        return QStringLiteral("r");
    case SlotState::Closing:
        return QStringLiteral("×");
    }
    return {};
}

// What reads better on this colour.
QColor signColor(const QColor& back)
{
    const QColor dark(0x14171C);
    const QColor light(Qt::white);
    return Theme::contrast(dark, back) >= Theme::contrast(light, back) ? dark : light;
}

} // namespace

PoolStrip::PoolStrip(QWidget* parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setMouseTracking(true);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PoolStrip::show(const metrics::PoolView& pool)
{
    const bool reshaped = pool.slots.size() != m_pool.slots.size() || pool.config.size != m_pool.config.size;
    m_pool = pool;
    if (reshaped) {
        m_grid = gridFor(width());
        updateGeometry();
    }
    setAccessibleDescription(
        tr("%1 of %2 in use, %3 waiting").arg(pool.checkedOut).arg(pool.maxConnections).arg(pool.waiting));
    update();
}

PoolStrip::Grid PoolStrip::gridFor(int width) const
{
    Grid grid;
    const auto count = static_cast<int>(std::max<std::size_t>(m_pool.slots.size(), 1));
    const double room = std::max(60.0, width - kQueueWidth);
    const double gap = count > 100 ? 2 : count > 60 ? 3 : 4;
    grid.cell =
        std::floor(std::clamp((room - kDivider) / count - gap, count > 100 ? kSmallest : 14.0, kLargest));
    grid.pitch = grid.cell + gap;
    grid.divided = grid.pitch * count + kDivider - gap <= room;
    grid.columns = grid.divided ? count : std::max(1, static_cast<int>((room + gap) / grid.pitch));
    grid.rows = (count + grid.columns - 1) / grid.columns;
    return grid;
}

int PoolStrip::heightForWidth(int width) const
{
    const Grid grid = gridFor(width);
    return static_cast<int>(std::ceil(std::max(grid.rows * grid.pitch, 31.0) + kFootHeight));
}

QSize PoolStrip::sizeHint() const
{
    return {640, heightForWidth(640)};
}

QSize PoolStrip::minimumSizeHint() const
{
    return {320, heightForWidth(std::max(width(), 320))};
}

void PoolStrip::resizeEvent(QResizeEvent* event)
{
    m_grid = gridFor(width());
    QWidget::resizeEvent(event);
}

QRectF PoolStrip::cellRect(int slot) const
{
    if (slot < 0 || slot >= static_cast<int>(m_pool.slots.size())) {
        return {};
    }
    const double beyond =
        m_grid.divided && slot >= m_pool.config.size && m_pool.config.size > 0 ? kDivider : 0;
    return {(slot % m_grid.columns) * m_grid.pitch + beyond, std::floor(slot / m_grid.columns) * m_grid.pitch,
            m_grid.cell, m_grid.cell};
}

int PoolStrip::slotAt(const QPoint& at) const
{
    for (int slot = 0; slot < static_cast<int>(m_pool.slots.size()); ++slot) {
        if (cellRect(slot).contains(at)) {
            return slot;
        }
    }
    return -1;
}

double PoolStrip::queueLeft() const
{
    const auto count = static_cast<int>(m_pool.slots.size());
    const double used = std::min(count, m_grid.columns) * m_grid.pitch + (m_grid.divided ? kDivider : 0);
    return std::min(used + 18, width() - kQueueWidth + 18.0);
}

QRectF PoolStrip::dotRect(int waiter) const
{
    return {queueLeft() + waiter * (kDot + 3), 16, kDot, kDot};
}

void PoolStrip::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_pool.slots.empty()) {
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, tr("The pool is being set up …"));
        return;
    }
    for (const metrics::SlotRow& slot : m_pool.slots) {
        paintCell(painter, slot);
    }
    paintCaptions(painter);
    paintLegend(painter);
    paintQueue(painter);
}

void PoolStrip::paintCell(QPainter& painter, const metrics::SlotRow& slot) const
{
    const Palette& palette = Theme::of().palette();
    const QRectF cell = cellRect(slot.slot);
    const double radius = m_grid.cell >= 20 ? 4 : 2;
    const QColor color = Theme::of().color(slot.state, slot.overflow);
    const bool hollow = slot.state == SlotState::NotOpened || slot.state == SlotState::Idle;
    painter.setPen(slot.state == SlotState::NotOpened ? QPen(palette.line)
                   : slot.state == SlotState::Idle    ? QPen(palette.ok)
                                                      : QPen(Qt::NoPen));
    painter.setBrush(color);
    painter.drawRoundedRect(hollow ? cell.adjusted(0.5, 0.5, -0.5, -0.5) : cell, radius, radius);
    const QColor ink = signColor(color);
    if (slot.state == SlotState::Held) {
        painter.setPen(QPen(ink, m_grid.cell >= 20 ? 1.6 : 1));
        const double inset = m_grid.cell * 0.28;
        painter.drawLine(cell.bottomLeft() + QPointF(inset, -inset),
                         cell.topRight() + QPointF(-inset, inset));
    } else if (slot.state == SlotState::Idle) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette.ok);
        const double r = std::max(1.0, m_grid.cell * 0.09);
        painter.drawEllipse(cell.center(), r, r);
    } else if (const QString sign = signOf(slot.state); !sign.isEmpty()) {
        QFont font = Theme::of().font(TextRole::Title);
        font.setPixelSize(std::max(6, static_cast<int>(m_grid.cell * 0.4)));
        painter.setFont(font);
        painter.setPen(ink);
        painter.drawText(cell.adjusted(-2, -1, 2, 0), Qt::AlignCenter, sign);
    }
}

void PoolStrip::paintCaptions(QPainter& painter) const
{
    const Palette& palette = Theme::of().palette();
    painter.setFont(Theme::of().font(TextRole::Caption));
    const double y = height() - kFootHeight + 5;
    const int base = m_pool.config.size;
    const auto count = static_cast<int>(m_pool.slots.size());
    const QString baseText = tr("base %1").arg(base);
    painter.setPen(palette.muted);
    painter.drawText(QRectF(0, y, 200, 16), Qt::AlignLeft | Qt::AlignVCenter, baseText);
    if (base <= 0 || base >= count) {
        return;
    }
    const double after = painter.fontMetrics().horizontalAdvance(baseText) + 16.0;
    const double x = m_grid.divided ? std::max(after, cellRect(base).left()) : after;
    painter.drawText(QRectF(x, y, 200, 16), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("overflow %1").arg(count - base));
    if (m_grid.divided) {
        const double line =
            std::round(cellRect(base).left() - (kDivider + m_grid.pitch - m_grid.cell) / 2) + 0.5;
        painter.setPen(QPen(palette.muted, 1, Qt::DotLine));
        painter.drawLine(QPointF(line, -2), QPointF(line, m_grid.cell + 4));
    }
}

void PoolStrip::paintLegend(QPainter& painter) const
{
    struct Entry {
        SlotState state;
        bool overflow;
        QString name;
    };
    const Entry entries[] = {
        {SlotState::Active, false, models::word(SlotState::Active)},
        {SlotState::Active, true, tr("overflow")},
        {SlotState::Idle, false, models::word(SlotState::Idle)},
        {SlotState::IdleInTransaction, false, models::word(SlotState::IdleInTransaction)},
        {SlotState::Held, false, models::word(SlotState::Held)},
        {SlotState::Leaked, false, models::word(SlotState::Leaked)},
        {SlotState::Connecting, false, models::word(SlotState::Connecting)},
        {SlotState::NotOpened, false, models::word(SlotState::NotOpened)}};
    painter.setFont(Theme::of().font(TextRole::Caption));
    const QFontMetrics metrics(painter.font());
    const double y = height() - kFootHeight + 5;
    double x = width();
    for (auto entry = std::rbegin(entries); entry != std::rend(entries); ++entry) {
        const double needed = metrics.horizontalAdvance(entry->name) + 26.0;
        const double captions = (m_grid.divided ? cellRect(m_pool.config.size).left() : 90) + 90;
        if (x - needed < captions) {
            return; // narrow: tooltips say it
        }
        x -= needed;
        painter.setPen(entry->state == SlotState::NotOpened ? QPen(Theme::of().palette().line)
                                                            : QPen(Qt::NoPen));
        painter.setBrush(Theme::of().color(entry->state, entry->overflow));
        painter.drawRoundedRect(QRectF(x + 14, y + 4, 8, 8), 2, 2);
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(QRectF(x + 26, y, needed, 16), Qt::AlignLeft | Qt::AlignVCenter, entry->name);
    }
}

void PoolStrip::paintQueue(QPainter& painter) const
{
    const Palette& palette = Theme::of().palette();
    const double x = queueLeft();
    painter.setFont(Theme::of().font(TextRole::Caption));
    painter.setPen(palette.muted);
    const QString caption = m_pool.waiting == 0 ? tr("nobody waits") : tr("queue %1").arg(m_pool.waiting);
    painter.drawText(QRectF(x, 0, width() - x, 14), Qt::AlignLeft | Qt::AlignVCenter, caption);
    const int shown = std::min(static_cast<int>(m_pool.waiters.size()), kDotsShown);
    for (int i = 0; i < shown; ++i) {
        const bool slow = m_pool.waiters[static_cast<std::size_t>(i)].waitingFor > std::chrono::seconds(1);
        painter.setPen(slow ? QPen(Qt::NoPen) : QPen(palette.muted, 1.4));
        painter.setBrush(slow ? QBrush(palette.warning) : QBrush(Qt::NoBrush));
        painter.drawEllipse(slow ? dotRect(i) : dotRect(i).adjusted(1, 1, -1, -1));
    }
    if (m_pool.waiting > shown && shown > 0) {
        painter.setPen(palette.text);
        painter.drawText(QRectF(dotRect(shown).left(), 14, 60, 16), Qt::AlignLeft | Qt::AlignVCenter,
                         QStringLiteral("+%1").arg(m_pool.waiting - shown));
    }
}

QString PoolStrip::slotText(int slot) const
{
    const metrics::SlotRow& row = m_pool.slots.at(static_cast<std::size_t>(slot));
    QStringList lines{tr("Place %1: %2").arg(slot).arg(models::word(row.state))};
    if (row.backendPid > 0) {
        lines.append(tr("backend %1, open for %2, uses: %3")
                         .arg(row.backendPid)
                         .arg(models::spanText(row.age))
                         .arg(row.uses));
    }
    if (row.heldFor.count() > 0) {
        lines.append(tr("taken for %1 by %2").arg(models::spanText(row.heldFor), models::text(row.tag)));
        lines.append(models::text(row.site));
        lines.append(models::text(row.statement));
    }
    lines.removeAll(QString());
    return lines.join(QLatin1Char('\n'));
}

QString PoolStrip::waiterText(int waiter) const
{
    const metrics::WaiterRow& row = m_pool.waiters.at(static_cast<std::size_t>(waiter));
    return tr("No. %1 in the queue: %2, waiting for %3, gives up in %4")
               .arg(row.position)
               .arg(models::text(row.tag), models::spanText(row.waitingFor),
                    models::spanText(row.deadlineLeft)) +
           QLatin1Char('\n') + models::text(row.site);
}

bool PoolStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    QString text;
    if (const int slot = slotAt(help->pos()); slot >= 0) {
        text = slotText(slot);
    }
    for (int i = 0; i < std::min(static_cast<int>(m_pool.waiters.size()), kDotsShown); ++i) {
        if (dotRect(i).contains(help->pos())) {
            text = waiterText(i);
        }
    }
    QToolTip::showText(help->globalPos(),
                       text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")), this);
    return true;
}

void PoolStrip::mouseReleaseEvent(QMouseEvent* event)
{
    const int slot = slotAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && slot >= 0) {
        Q_EMIT slotClicked(slot);
    }
    QWidget::mouseReleaseEvent(event);
}

} // namespace widgets
