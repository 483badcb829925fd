#include "widgets/charts/alert_list.h"

#include "models/text.h"
#include "monitor/metrics/label_of.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kRowHeight = 42;
constexpr int kLowestRow = 36; // two lines of text still fit
constexpr int kHighestRow = 50;
constexpr int kRowGap = 5;
constexpr int kMoreHeight = 18;

StatusLevel levelOf(const metrics::AlertRow& alert)
{
    if (alert.state == metrics::AlertState::Pending) {
        return StatusLevel::Pending;
    }
    return alert.severity == metrics::Severity::Critical  ? StatusLevel::Critical
           : alert.severity == metrics::Severity::Warning ? StatusLevel::Warning
                                                          : StatusLevel::Ok;
}

// Smaller is more urgent.
int urgency(const metrics::AlertRow& alert)
{
    const bool firing = metrics::isOpen(alert.state);
    return (alert.muted() ? 8 : 0) + (firing ? 0 : 4) + (2 - static_cast<int>(alert.severity));
}

// Of a bare count, as "307 > 0", the numbers say nothing; what it means does.
QString lineOf(const metrics::AlertRow& alert)
{
    const bool bare = alert.unit == core::Unit::None || alert.unit == core::Unit::Count;
    QString line = !alert.threshold || bare || alert.op == "=="
                       ? models::text(alert.description.empty() ? alert.summary : alert.description)
                       : models::valueText(alert.value, alert.unit) + QLatin1Char(' ') +
                             models::thresholdText(alert.op, alert.threshold, alert.unit);
    if (alert.state == metrics::AlertState::Pending) {
        line += AlertList::tr(" · pending, fires in %1").arg(models::spanText(alert.firesIn));
    } else if (alert.inhibited) {
        line += AlertList::tr(" · covered by %1").arg(models::text(alert.inhibitedBy));
    } else if (!alert.ackedBy.empty()) {
        line.prepend(QStringLiteral("✓ "));
    }
    return line;
}

// Of a target's alert whose it is.
QString titleOf(const metrics::AlertRow& alert)
{
    const std::string target(metrics::labelOf(alert.labels, "target"));
    const QString name = models::text(alert.name);
    return target.empty() ? name : name + QStringLiteral(" · ") + models::text(target);
}

} // namespace

AlertList::AlertList(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMouseTracking(true);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void AlertList::show(const std::vector<metrics::AlertRow>& alerts)
{
    m_known = true;
    m_alerts.clear();
    for (const metrics::AlertRow& alert : alerts) {
        if (alert.state == metrics::AlertState::Pending || metrics::isOpen(alert.state)) {
            m_alerts.push_back(alert);
        }
    }
    std::stable_sort(m_alerts.begin(), m_alerts.end(),
                     [](const auto& a, const auto& b) { return urgency(a) < urgency(b); });
    setAccessibleDescription(tr("alerts: %1").arg(m_alerts.size()));
    update();
}

// As many rows as there is room for, sharing the height evenly.
AlertList::Rows AlertList::rows() const
{
    const auto count = static_cast<int>(m_alerts.size());
    const auto fitting = [](int height) { return std::max(0, (height + kRowGap) / (kLowestRow + kRowGap)); };
    if (count <= fitting(height())) {
        const int each = (height() + kRowGap) / std::max(1, count) - kRowGap;
        return {count, std::clamp(each, kLowestRow, kRowHeight)};
    }
    const int room = height() - kMoreHeight;
    const int shown = fitting(room);
    const int each = shown == 0 ? kRowHeight : (room + kRowGap) / shown - kRowGap;
    return {shown, std::clamp(each, kLowestRow, kHighestRow)};
}

QRectF AlertList::rowRect(int row) const
{
    const int height = rows().height;
    return {0, static_cast<double>(row * (height + kRowGap)), static_cast<double>(width()),
            static_cast<double>(height)};
}

void AlertList::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Palette& palette = Theme::of().palette();
    if (m_alerts.empty()) {
        const StatusLevel level = m_known ? StatusLevel::Ok : StatusLevel::NoData;
        const QString text =
            m_known ? tr("All quiet: no alert is pending or firing") : tr("No rule was evaluated yet");
        painter.setFont(Theme::of().font(TextRole::Body));
        const QRect box = rect().adjusted(10, 14, -10, 0);
        Theme::drawShape(painter, QRectF(box.center().x() - 9, height() / 2.0 - 26, 18, 18), level,
                         Theme::of().color(level));
        painter.setPen(palette.muted);
        painter.drawText(box, Qt::AlignCenter | Qt::TextWordWrap, text);
        return;
    }
    const int shown = rows().count;
    for (int i = 0; i < shown; ++i) {
        paintRow(painter, rowRect(i), m_alerts[static_cast<std::size_t>(i)]);
    }
    if (shown < static_cast<int>(m_alerts.size())) {
        painter.setPen(palette.muted);
        painter.setFont(Theme::of().font(TextRole::Caption));
        painter.drawText(QRectF(4, rowRect(shown).top(), width() - 8, kMoreHeight - kRowGap),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         tr("and %1 more").arg(static_cast<int>(m_alerts.size()) - shown));
    }
}

void AlertList::paintRow(QPainter& painter, const QRectF& box, const metrics::AlertRow& alert) const
{
    const Palette& palette = Theme::of().palette();
    const StatusLevel level = levelOf(alert);
    const QColor color = Theme::of().color(level);
    QPainterPath path;
    path.addRoundedRect(box, 5, 5);
    painter.save();
    painter.setOpacity(alert.inhibited ? 0.6 : 1);
    painter.fillPath(path, Theme::of().tint(level));
    painter.setClipPath(path);
    painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), color);
    painter.setClipping(false);
    Theme::drawShape(painter, QRectF(box.left() + 14, box.center().y() - 5.5, 11, 11), level, color);

    const QRectF text = box.adjusted(36, 3, -10, -3);
    painter.setFont(Theme::of().font(TextRole::Caption));
    const QString since = models::spanText(alert.activeFor);
    const double sinceWidth = painter.fontMetrics().horizontalAdvance(since);
    painter.setPen(palette.muted);
    painter.drawText(text, Qt::AlignRight | Qt::AlignTop, since);
    const Links said = links(box, alert);
    const double lineWidth =
        (said.acknowledge.isEmpty() ? text.right() : said.acknowledge.left() - 8) - text.left();
    painter.drawText(
        text, Qt::AlignLeft | Qt::AlignBottom,
        painter.fontMetrics().elidedText(lineOf(alert), Qt::ElideRight, static_cast<int>(lineWidth)));
    paintLinks(painter, said);
    painter.setFont(Theme::of().font(TextRole::Title));
    painter.setPen(palette.text);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignTop,
                     painter.fontMetrics().elidedText(titleOf(alert), Qt::ElideRight,
                                                      static_cast<int>(text.width() - sinceWidth - 8)));
    painter.restore();
}

AlertList::Links AlertList::links(const QRectF& box, const metrics::AlertRow& alert) const
{
    if (!metrics::isOpen(alert.state) || alert.incidentId.empty()) {
        return {};
    }
    const QFontMetricsF metrics(Theme::of().font(TextRole::Caption));
    const double height = metrics.height();
    const double top = box.bottom() - 3 - height;
    const double snooze = metrics.horizontalAdvance(tr("snooze"));
    const double acknowledge = metrics.horizontalAdvance(tr("ack"));
    const double right = box.right() - 10;
    const double between = metrics.horizontalAdvance(QStringLiteral(" · "));
    return {QRectF(right - snooze - between - acknowledge, top, acknowledge, height),
            QRectF(right - snooze, top, snooze, height)};
}

void AlertList::paintLinks(QPainter& painter, const Links& links) const
{
    if (links.acknowledge.isEmpty()) {
        return;
    }
    painter.setPen(Theme::of().palette().accent);
    painter.drawText(links.acknowledge, Qt::AlignLeft | Qt::AlignBottom, tr("ack"));
    painter.drawText(links.snooze, Qt::AlignLeft | Qt::AlignBottom, tr("snooze"));
    painter.setPen(Theme::of().palette().muted);
    painter.drawText(QRectF(links.acknowledge.topRight(), links.snooze.bottomLeft()),
                     Qt::AlignCenter | Qt::AlignBottom, QStringLiteral("·"));
}

AlertList::Hit AlertList::hit(QPointF at) const
{
    for (int i = 0; i < rows().count; ++i) {
        const QRectF box = rowRect(i);
        if (!box.contains(at)) {
            continue;
        }
        const Links said = links(box, m_alerts[static_cast<std::size_t>(i)]);
        const auto near = [at](const QRectF& link) {
            return !link.isEmpty() && link.adjusted(-3, -2, 3, 3).contains(at);
        };
        return {near(said.acknowledge) ? Part::Acknowledge : near(said.snooze) ? Part::Snooze : Part::Row, i};
    }
    return {};
}

void AlertList::mouseReleaseEvent(QMouseEvent* event)
{
    const Hit under = hit(event->position());
    if (event->button() == Qt::LeftButton && under.part != Part::None) {
        const metrics::AlertRow alert = m_alerts[static_cast<std::size_t>(under.row)];
        if (under.part == Part::Acknowledge) {
            Q_EMIT acknowledgeWanted(alert);
        } else if (under.part == Part::Snooze) {
            Q_EMIT snoozeWanted(alert, event->globalPosition().toPoint());
        } else {
            Q_EMIT alertClicked(models::text(alert.name));
        }
    }
    QWidget::mouseReleaseEvent(event);
}

void AlertList::mouseMoveEvent(QMouseEvent* event)
{
    setCursor(hit(event->position()).part == Part::None ? Qt::ArrowCursor : Qt::PointingHandCursor);
    QWidget::mouseMoveEvent(event);
}

bool AlertList::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QString text;
        for (int i = 0; i < rows().count; ++i) {
            const metrics::AlertRow& alert = m_alerts[static_cast<std::size_t>(i)];
            if (rowRect(i).contains(help->pos())) {
                text = Theme::word(levelOf(alert)) + QStringLiteral(": ") + models::text(alert.summary) +
                       QLatin1Char('\n') + models::text(alert.description);
            }
        }
        QToolTip::showText(help->globalPos(),
                           text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace widgets
