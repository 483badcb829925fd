#include "widgets/verdict_bar.h"

#include "models/text.h"
#include "monitor/metrics/pool_verdict.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>

#include <algorithm>

namespace widgets {

namespace {

constexpr double kShape = 11; // px, a shape's side

} // namespace

StatusLevel verdictLevel(const metrics::PoolView& pool)
{
    if (!pool.present || pool.state == "closed") {
        return StatusLevel::NoData;
    }
    if (pool.verdict == "held" || pool.verdict == "exhausted" || pool.verdict == "down") {
        return StatusLevel::Critical;
    }
    const bool warns = pool.verdict == "busy" || pool.verdict == "suspended" ||
                       std::any_of(pool.slots.begin(), pool.slots.end(), [](const metrics::SlotRow& row) {
                           return row.longUse || row.state == metrics::SlotState::Leaked;
                       });
    return warns ? StatusLevel::Warning : StatusLevel::Ok;
}

VerdictBar::VerdictBar(WhenWell whenWell, QWidget* parent)
    : QWidget(parent)
    , m_whenWell(whenWell)
    , m_cause(new QLabel(this))
    , m_concern(new QLabel(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(static_cast<int>(kShape) + space::kSmall, 0, 0, 0);
    column->setSpacing(2);
    for (QLabel* label : {m_cause, m_concern}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    }
    m_concern->hide();
    setVisible(whenWell == WhenWell::Shown);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void VerdictBar::show(const metrics::PoolView& pool)
{
    m_level = verdictLevel(pool);
    m_cause->setText(models::text(metrics::verdictSentence(pool, pool.lastError, models::lang())));
    m_concern->setText(models::text(metrics::concernSentence(pool, models::lang())));
    m_concern->setVisible(!m_concern->text().isEmpty());
    const bool well = m_level == StatusLevel::Ok || m_level == StatusLevel::NoData;
    setVisible(!well || m_whenWell == WhenWell::Shown);
    setAccessibleName(Theme::word(m_level) + QStringLiteral(": ") + text());
    update();
}

QString VerdictBar::text() const
{
    return m_concern->text().isEmpty() ? m_cause->text()
                                       : m_cause->text() + QLatin1Char('\n') + m_concern->text();
}

void VerdictBar::paintEvent(QPaintEvent* event)
{
    QWidget::paintEvent(event);
    QPainter painter(this);
    Theme::drawShape(painter, QRectF(0, 3, kShape, kShape), m_level, Theme::of().color(m_level));
}

} // namespace widgets
