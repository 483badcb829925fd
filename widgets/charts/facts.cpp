#include "widgets/charts/facts.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace widgets {

namespace {

constexpr double kLine = 19;

} // namespace

Facts::Facts(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Facts::show(std::vector<Fact> facts)
{
    if (facts == m_facts) {
        return;
    }
    const bool reshaped = facts.size() != m_facts.size();
    m_facts = std::move(facts);
    QStringList lines;
    for (const Fact& fact : m_facts) {
        lines.append(fact.name + QStringLiteral(": ") + fact.value);
    }
    setAccessibleDescription(lines.join(QStringLiteral(", ")));
    setToolTip(lines.join(QLatin1Char('\n')));
    if (reshaped) {
        updateGeometry();
    }
    update();
}

QSize Facts::sizeHint() const
{
    return {240, static_cast<int>(static_cast<double>(std::max<std::size_t>(m_facts.size(), 3)) * kLine)};
}

void Facts::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    const Palette& palette = Theme::of().palette();
    QPainter painter(this);
    painter.setFont(Theme::of().font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font());
    const double line = std::clamp(
        m_facts.empty() ? kLine : static_cast<double>(height()) / static_cast<double>(m_facts.size()), 15.0,
        24.0);
    double y = 0;
    for (const Fact& fact : m_facts) {
        const QRectF row(0, y, width(), line);
        const double nameWidth = metrics.horizontalAdvance(fact.name);
        painter.setPen(palette.muted);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, fact.name);
        const double room = row.width() - nameWidth - 26;
        const QString value = metrics.elidedText(fact.value, Qt::ElideRight, room);
        const bool well = fact.level == StatusLevel::Ok;
        painter.setPen(well ? palette.text : Theme::of().ink(fact.level));
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, value);
        if (!well) {
            const double x = row.right() - metrics.horizontalAdvance(value) - 14;
            Theme::drawShape(painter, QRectF(x, row.center().y() - 4.5, 9, 9), fact.level,
                             Theme::of().color(fact.level));
        }
        y += line;
    }
}

} // namespace widgets
