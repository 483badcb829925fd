#include "widgets/severity_strip.h"

#include "models/text.h"
#include "models/zone.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace widgets {

namespace {

constexpr qint64 kKept = 3'600'000; // ms: the longest window
constexpr int kBand = 8;            // px

core::WallTime wall(qint64 millis)
{
    return core::WallTime(std::chrono::milliseconds(millis));
}

} // namespace

SeverityStrip::SeverityStrip(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize SeverityStrip::sizeHint() const
{
    return {200, 20};
}

void SeverityStrip::append(qint64 at, StatusLevel level, std::chrono::milliseconds interval)
{
    const qint64 step = std::max<qint64>(interval.count(), 1);
    const bool joined = !m_runs.empty() && at - m_runs.back().to <= step * 5 / 2;
    if (!m_runs.empty() && at <= m_runs.back().to) {
        return;
    }
    if (joined && m_runs.back().level == level) {
        m_runs.back().to = at;
    } else {
        m_runs.push_back({joined ? m_runs.back().to : at - step, at, level});
    }
    while (m_runs.front().to < at - kKept) {
        m_runs.pop_front();
    }
    update();
}

void SeverityStrip::clear()
{
    m_runs.clear();
    update();
}

void SeverityStrip::setSpan(std::chrono::milliseconds span)
{
    m_span = span;
    update();
}

void SeverityStrip::setFixedEnd(qint64 end)
{
    m_fixedEnd = end;
    update();
}

qint64 SeverityStrip::end() const
{
    return m_fixedEnd > 0 ? m_fixedEnd : m_runs.empty() ? 0 : m_runs.back().to;
}

QRectF SeverityStrip::band() const
{
    const int label = fontMetrics().horizontalAdvance(tr("State")) + space::kMedium;
    return QRectF(label, (height() - kBand) / 2.0, width() - label, kBand);
}

void SeverityStrip::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    const Palette& palette = Theme::of().palette();
    QPainter painter(this);
    painter.setPen(palette.faint);
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, tr("State"));
    const QRectF area = band();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.raised);
    painter.drawRoundedRect(area, 2, 2);
    const qint64 from = end() - m_span.count();
    const double scale = area.width() / static_cast<double>(m_span.count());
    for (const Run& run : m_runs) {
        const double left = static_cast<double>(std::max(run.from, from) - from) * scale;
        const double right = static_cast<double>(std::min(run.to, end()) - from) * scale;
        if (right > 0 && right > left) {
            painter.setBrush(Theme::of().color(run.level));
            painter.drawRoundedRect(
                QRectF(area.left() + left, area.top(), std::max(1.5, right - left - 1), kBand), 2, 2);
        }
    }
}

QString SeverityStrip::textAt(int x) const
{
    const QRectF area = band();
    const qint64 at =
        end() - m_span.count() +
        static_cast<qint64>((x - area.left()) / area.width() * static_cast<double>(m_span.count()));
    for (const Run& run : m_runs) {
        if (at >= run.from && at <= run.to) {
            return tr("%1 from %2 for %3")
                .arg(Theme::word(run.level), models::Zone::of().clock(wall(run.from)),
                     models::spanText(std::chrono::milliseconds(run.to - run.from)));
        }
    }
    return tr("no samples then");
}

bool SeverityStrip::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(help->pos().x()), this);
        return true;
    }
    if (event->type() == QEvent::LanguageChange) {
        update();
    }
    return QWidget::event(event);
}

} // namespace widgets
