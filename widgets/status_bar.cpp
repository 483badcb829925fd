#include "widgets/status_bar.h"

#include "models/text.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QEvent>
#include <QLabel>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

QString rateText(core::Nanos interval)
{
    const double seconds = core::seconds(interval);
    return seconds > 0 ? QString::number(1.0 / seconds, 'f', seconds > 10 ? 2 : 1) : QStringLiteral("–");
}

} // namespace

StatusBar::StatusBar(QWidget* parent)
    : QFrame(parent)
    , m_samples(new QLabel(this))
    , m_cost(new QLabel(this))
    , m_endpoint(new QToolButton(this))
    , m_memory(new QLabel(this))
    , m_history(new QLabel(this))
    , m_scenario(new QToolButton(this))
{
    setProperty("role", QStringLiteral("statusbar"));
    setFixedHeight(28);
    for (QLabel* label : {m_samples, m_cost, m_memory, m_history}) {
        label->setProperty("role", QStringLiteral("muted"));
    }
    for (QToolButton* button : {m_endpoint, m_scenario}) {
        button->setProperty("kind", QStringLiteral("link"));
        button->setFocusPolicy(Qt::TabFocus);
        button->setCursor(Qt::PointingHandCursor);
    }
    m_scenario->setProperty("kind", QStringLiteral("running"));
    m_cost->hide();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 0, 14, 0);
    row->setSpacing(2 * space::kLarge);
    row->addWidget(m_samples);
    row->addWidget(m_endpoint);
    row->addWidget(m_memory);
    row->addWidget(m_history);
    row->addWidget(m_cost);
    row->addStretch(1);
    row->addWidget(m_scenario);
    m_scenario->hide();
    connect(m_scenario, &QToolButton::clicked, this, &StatusBar::scenarioClicked);
    connect(m_endpoint, &QToolButton::clicked, this, [this] {
        if (!m_address.isEmpty()) {
            QApplication::clipboard()->setText(m_address);
            Q_EMIT notice(tr("Copied %1").arg(m_address));
        }
    });
    retranslate();
}

void StatusBar::showSnapshot(const metrics::Snapshot& snapshot)
{
    m_samples->setText(
        tr("● %1 samples/s · %2 missed").arg(rateText(snapshot.interval)).arg(snapshot.cost.missedTicks));
    m_cost->setText(
        tr("watching costs CPU %1, db %2")
            .arg(models::shareText(snapshot.cost.cpuRatio), models::shareText(snapshot.cost.dbTimeRatio)));
    m_memory->setText(
        tr("memory %1")
            .arg(models::valueText(static_cast<double>(snapshot.cost.residentBytes), core::Unit::Bytes)));
    const double history = snapshot.value("poolscope_history_bytes");
    m_history->setVisible(!std::isnan(history) && m_cost->isHidden());
    m_history->setText(tr("history %1").arg(models::valueText(history, core::Unit::Bytes)));
    m_address =
        snapshot.endpoint.empty() ? QString() : models::text(snapshot.endpoint) + QStringLiteral("/metrics");
    m_endpoint->setText(m_address.isEmpty() ? tr("HTTP off") : m_address);
    m_endpoint->setEnabled(!m_address.isEmpty());
    showScenario(snapshot);
}

void StatusBar::showScenario(const metrics::Snapshot& snapshot)
{
    const auto at = std::find_if(snapshot.scenarios.begin(), snapshot.scenarios.end(), [](const auto& row) {
        return row.state == metrics::ScenarioState::Running || row.state == metrics::ScenarioState::Stopping;
    });
    m_scenario->setVisible(at != snapshot.scenarios.end());
    if (at == snapshot.scenarios.end()) {
        return;
    }
    const auto seen =
        std::count_if(at->expectedAlerts.begin(), at->expectedAlerts.end(), [&](const std::string& name) {
            return std::find(at->seenAlerts.begin(), at->seenAlerts.end(), name) != at->seenAlerts.end();
        });
    m_scenario->setText(tr("▶ %1 %2 % · expected alerts %3, seen %4")
                            .arg(models::text(at->title))
                            .arg(qRound(at->progress * 100))
                            .arg(at->expectedAlerts.size())
                            .arg(seen));
}

void StatusBar::setCostShown(bool shown)
{
    m_cost->setVisible(shown);
    m_memory->setVisible(!shown);
    m_history->setVisible(!shown && !m_history->text().isEmpty());
}

void StatusBar::setPast()
{
    m_endpoint->hide();
}

void StatusBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QFrame::changeEvent(event);
}

void StatusBar::retranslate()
{
    m_endpoint->setToolTip(tr("Click to copy the address of the metrics"));
    m_endpoint->setAccessibleName(tr("Address of the metrics"));
    m_scenario->setAccessibleName(tr("Running scenario"));
    if (m_address.isEmpty()) {
        m_endpoint->setText(tr("HTTP off"));
    }
    if (m_samples->text().isEmpty()) {
        m_samples->setText(tr("waiting for the first sample"));
    }
}

} // namespace widgets
