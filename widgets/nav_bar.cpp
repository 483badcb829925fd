#include "widgets/nav_bar.h"

#include "models/target_model.h"
#include "models/text.h"
#include "widgets/health.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr int kWide = 164;
constexpr int kNarrow = 52;
constexpr int kButton = 32;
constexpr int kSign = 16;

} // namespace

NavButton::NavButton(Sign sign, QWidget* parent)
    : QAbstractButton(parent)
    , m_sign(sign)
{
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
}

void NavButton::setBadge(const QString& text, StatusLevel level)
{
    if (text != m_badge || level != m_badgeLevel) {
        m_badge = text;
        m_badgeLevel = level;
        setAccessibleDescription(text);
        update();
    }
}

void NavButton::setNarrow(bool narrow)
{
    m_narrow = narrow;
    setToolTip(narrow ? text() : QString());
    updateGeometry();
}

QSize NavButton::sizeHint() const
{
    return {(m_narrow ? kNarrow : kWide) - 2 * space::kSmall, kButton};
}

void NavButton::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    const Palette& palette = Theme::of().palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isChecked() || underMouse() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(palette.accent) : QPen(Qt::NoPen));
        painter.setBrush(isChecked() ? Theme::blend(palette.accent, palette.card, palette.dark ? 0.22 : 0.16)
                                     : palette.raised);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    const QColor ink = isChecked() ? palette.text : palette.muted;
    const double left = m_narrow ? (width() - kSign) / 2.0 : space::kMedium;
    drawSign(painter, QRectF(left, (height() - kSign) / 2.0, kSign, kSign), m_sign,
             isChecked() ? palette.accent : ink);
    if (!m_narrow) {
        painter.setPen(ink);
        painter.setFont(Theme::of().font(isChecked() ? TextRole::Title : TextRole::Body));
        painter.drawText(rect().adjusted(space::kMedium + kSign + space::kMedium, 0, 0, 0), Qt::AlignVCenter,
                         text());
    }
    if (!m_badge.isEmpty()) {
        drawBadge(painter);
    }
}

void NavButton::drawBadge(QPainter& painter)
{
    const Palette& palette = Theme::of().palette();
    const QColor color = Theme::of().color(m_badgeLevel);
    if (m_narrow) {
        Theme::drawShape(painter, QRectF(width() - 11, 3, 8, 8), m_badgeLevel, color);
        return;
    }
    painter.setFont(Theme::of().font(TextRole::Caption));
    const int text = painter.fontMetrics().horizontalAdvance(m_badge);
    const int wide = std::max(20, text + 12);
    const QRectF box(width() - wide - space::kSmall, (height() - 18) / 2.0, wide, 18);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::blend(color, palette.card, palette.dark ? 0.28 : 0.2));
    painter.drawRoundedRect(box, 9, 9);
    painter.setPen(Theme::blend(color, palette.text, 0.7));
    painter.drawText(box, Qt::AlignCenter, m_badge);
}

NavBar::NavBar(const std::vector<Entry>& entries, QWidget* parent)
    : QFrame(parent)
    , m_entries(entries)
    , m_cost(new QLabel(this))
{
    setProperty("role", QStringLiteral("navbar"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kSmall, space::kLarge, space::kSmall, space::kMedium);
    layout->setSpacing(3);
    for (const Entry& entry : m_entries) {
        auto* button = new NavButton(entry.sign, this);
        button->setObjectName(QStringLiteral("nav.") + entry.id);
        const int index = static_cast<int>(m_buttons.size());
        connect(button, &NavButton::clicked, this, [this, index] { Q_EMIT chosen(index); });
        m_buttons.push_back(button);
        layout->addWidget(button);
    }
    layout->addStretch(1);
    m_cost->setProperty("role", QStringLiteral("caption"));
    m_cost->setContentsMargins(space::kMedium, 0, 0, 0);
    layout->addWidget(m_cost);
    setNarrow(false);
}

void NavBar::setName(int index, const QString& name)
{
    NavButton* entry = button(index);
    entry->setText(name);
    entry->setAccessibleName(name);
    entry->setToolTip(m_narrow ? name : QString());
}

void NavBar::choose(int index)
{
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i]->setChecked(static_cast<int>(i) == index);
    }
}

void NavBar::setNarrow(bool narrow)
{
    m_narrow = narrow;
    setFixedWidth(narrow ? kNarrow : kWide);
    m_cost->setVisible(!narrow && !m_cost->text().isEmpty());
    for (NavButton* entry : m_buttons) {
        entry->setNarrow(narrow);
    }
}

NavButton* NavBar::find(const QString& id) const
{
    const auto at =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.id == id; });
    return at == m_entries.end() ? nullptr : m_buttons[static_cast<std::size_t>(at - m_entries.begin())];
}

int NavBar::waitingIn(const metrics::Snapshot& snapshot) const
{
    if (m_shown.isEmpty()) {
        return snapshot.pool.waiting;
    }
    double waiting = 0;
    for (const models::TargetRow& row : models::targetRows(snapshot)) {
        const bool counts = m_shown.contains(models::text(row.target)) && !std::isnan(row.waiting);
        waiting += counts ? row.waiting : 0;
    }
    return static_cast<int>(std::min(waiting, 1e6));
}

void NavBar::showSnapshot(const metrics::Snapshot& snapshot)
{
    const std::vector<metrics::AlertRow> shown = shownAlerts(snapshot);
    const int firing = countAlerts(shown).firing;
    const bool critical =
        std::any_of(shown.begin(), shown.end(), [](const metrics::AlertRow& alert) {
            return metrics::isOpen(alert.state) && !alert.muted() &&
                   alert.severity == metrics::Severity::Critical;
        });
    const auto running =
        std::count_if(snapshot.scenarios.begin(), snapshot.scenarios.end(), [](const auto& row) {
            return row.state == metrics::ScenarioState::Running ||
                   row.state == metrics::ScenarioState::Stopping;
        });
    const auto count = [](qint64 n) { return n > 0 ? QString::number(n) : QString(); };
    if (NavButton* pool = find(QStringLiteral("pool"))) {
        const int waiting = waitingIn(snapshot); // a badge has room for three figures
        const QString many = waiting < 1000 ? QString::number(waiting)
                                            : QString::number(waiting / 1000) + QLatin1Char('k');
        pool->setBadge(waiting > 0 ? tr("%1 wait").arg(many) : QString(), StatusLevel::Warning);
    }
    if (NavButton* alerts = find(QStringLiteral("alerts"))) {
        alerts->setBadge(count(firing), critical ? StatusLevel::Critical : StatusLevel::Warning);
    }
    if (NavButton* scenarios = find(QStringLiteral("scenarios"))) {
        scenarios->setBadge(count(running), StatusLevel::Ok);
    }
    showCost(snapshot.cost);
}

void NavBar::showCost(const metrics::CostView& cost)
{
    m_cost->setText(tr("Cost of watching") + QStringLiteral("\nCPU ") + models::shareText(cost.cpuRatio) +
                    QStringLiteral("  db ") + models::shareText(cost.dbTimeRatio));
    m_cost->setVisible(!m_narrow);
}

} // namespace widgets
