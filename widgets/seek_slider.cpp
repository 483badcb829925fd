// The line of time of a recording.
#include "models/text.h"
#include "models/zone.h"
#include "widgets/playback_bar.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace widgets {

namespace {

constexpr int kSteps = 1'000'000;
constexpr double kHandle = 7; // px, half its width
constexpr double kGroove = 6;
constexpr qint64 kKeyStep = 10'000; // ms
constexpr qint64 kKeyPage = 60'000;

StatusLevel levelOf(metrics::Severity severity)
{
    return severity == metrics::Severity::Critical ? StatusLevel::Critical : StatusLevel::Warning;
}

} // namespace

SeekSlider::SeekSlider(QWidget* parent)
    : QSlider(Qt::Horizontal, parent)
{
    setRange(0, kSteps);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize SeekSlider::sizeHint() const
{
    return {240, 26};
}

void SeekSlider::setSpan(qint64 from, qint64 to)
{
    m_from = from;
    m_to = std::max(to, from + 1);
    update();
}

void SeekSlider::setMarks(std::vector<metrics::PlaybackMark> marks)
{
    m_marks = std::move(marks);
    update();
}

void SeekSlider::setMoment(qint64 at)
{
    if (!isSliderDown()) {
        const double share = static_cast<double>(at - m_from) / static_cast<double>(m_to - m_from);
        setValue(static_cast<int>(std::clamp(share, 0.0, 1.0) * kSteps));
    }
}

qint64 SeekSlider::moment() const
{
    return m_from + static_cast<qint64>(static_cast<double>(value()) / kSteps * static_cast<double>(m_to - m_from));
}

QRectF SeekSlider::groove() const
{
    return {kHandle, (height() - kGroove) / 2, std::max(1.0, width() - 2 * kHandle), kGroove};
}

double SeekSlider::xOf(qint64 at) const
{
    const double share = static_cast<double>(at - m_from) / static_cast<double>(m_to - m_from);
    return groove().left() + std::clamp(share, 0.0, 1.0) * groove().width();
}

qint64 SeekSlider::momentAt(double x) const
{
    const double share = std::clamp((x - groove().left()) / groove().width(), 0.0, 1.0);
    return m_from + static_cast<qint64>(share * static_cast<double>(m_to - m_from));
}

void SeekSlider::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    const Palette& palette = Theme::of().palette();
    const QRectF area = groove();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.line);
    painter.drawRoundedRect(area, 3, 3);
    const double now = xOf(moment());
    painter.setBrush(Theme::blend(palette.accent, palette.card, 0.6));
    painter.drawRoundedRect(QRectF(area.left(), area.top(), now - area.left(), area.height()), 3, 3);
    for (const metrics::PlaybackMark& mark : m_marks) {
        const double left = xOf(std::max<qint64>(mark.from, m_from));
        const double right = std::max(xOf(mark.to), left + 3);
        const QColor color = Theme::of().color(levelOf(mark.severity));
        painter.setBrush(color);
        painter.drawRect(QRectF(left, area.bottom() + 1, right - left, 3));
        if (mark.from >= m_from) { // its beginning, by shape too
            Theme::drawShape(painter, QRectF(left - 4, area.top() - 10, 8, 8), levelOf(mark.severity), color);
            painter.setPen(Qt::NoPen);
        }
    }
    painter.setBrush(hasFocus() ? palette.accent : palette.text);
    painter.drawEllipse(QPointF(now, area.center().y()), kHandle - 1, kHandle - 1);
}

QString SeekSlider::textAt(qint64 at) const
{
    QString text = models::Zone::of().full(core::WallTime(core::Millis(at)));
    const auto near = static_cast<qint64>(5 / groove().width() * static_cast<double>(m_to - m_from)); // 5 px
    for (const metrics::PlaybackMark& mark : m_marks) {
        if (at >= mark.from - near && at <= mark.to + near) {
            text += QLatin1Char('\n') + models::text(mark.name);
        }
    }
    return text;
}

bool SeekSlider::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(momentAt(help->pos().x())), this);
        return true;
    }
    return QSlider::event(event);
}

void SeekSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        setMoment(momentAt(event->position().x()));
        setSliderDown(true);
    }
}

void SeekSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (isSliderDown()) {
        const double share = static_cast<double>(momentAt(event->position().x()) - m_from) / static_cast<double>(m_to - m_from);
        setValue(static_cast<int>(share * kSteps));
    }
}

void SeekSlider::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && isSliderDown()) {
        setSliderDown(false);
        Q_EMIT sought(moment());
    }
}

void SeekSlider::keyPressEvent(QKeyEvent* event)
{
    const std::pair<int, qint64> steps[] = {{Qt::Key_Left, -kKeyStep},     {Qt::Key_Right, kKeyStep},
                                            {Qt::Key_PageUp, -kKeyPage},   {Qt::Key_PageDown, kKeyPage},
                                            {Qt::Key_Home, m_from - m_to}, {Qt::Key_End, m_to - m_from}};
    const auto* step = std::find_if(std::begin(steps), std::end(steps),
                                    [&](const auto& one) { return one.first == event->key(); });
    if (step == std::end(steps)) {
        QSlider::keyPressEvent(event);
        return;
    }
    setMoment(std::clamp(moment() + step->second, m_from, m_to));
    Q_EMIT sought(moment());
}

} // namespace widgets
