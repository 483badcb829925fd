#include "widgets/panels/scenarios_panel.h"

#include "models/text.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/panels/scenario_card.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kCardWidth = 320; // px, the narrowest a card gets

bool runs(const metrics::ScenarioRow& row)
{
    return row.state == metrics::ScenarioState::Running;
}

} // namespace

ScenariosPanel::ScenariosPanel(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
    , m_intro(new QLabel(this))
    , m_empty(new QLabel(this))
    , m_stopAll(new QPushButton(this))
    , m_scroll(new QScrollArea(this))
    , m_page(new QWidget)
    , m_grid(new QGridLayout(m_page))
{
    m_intro->setWordWrap(true);
    m_intro->setProperty("role", QStringLiteral("muted"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setProperty("role", QStringLiteral("muted"));
    m_stopAll->setProperty("kind", QStringLiteral("danger"));
    m_stopAll->setObjectName(QStringLiteral("scenarios.stop_all"));
    connect(m_stopAll, &QPushButton::clicked, this, &ScenariosPanel::stopAll);
    m_grid->setContentsMargins(0, 0, space::kSmall, space::kMedium);
    m_grid->setSpacing(space::kMedium);
    m_scroll->setWidget(m_page);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_page->setAutoFillBackground(false);
    auto* top = new QHBoxLayout;
    top->setSpacing(space::kLarge);
    top->addWidget(m_intro, 1);
    top->addWidget(m_stopAll);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, 0);
    layout->setSpacing(space::kMedium);
    layout->addLayout(top);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_scroll, 1);
    m_scroll->hide();
    m_stopAll->setEnabled(false);
    retranslate();
}

void ScenariosPanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    const auto& rows = snapshot->scenarios;
    const bool same = rows.size() == m_cards.size() && std::equal(rows.begin(), rows.end(), m_cards.begin(),
                                                                  [](const auto& row, const auto* card) {
                                                                      return row.name == card->row().name;
                                                                  });
    if (!same) {
        rebuild(rows);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!(rows[i] == m_cards[i]->row())) {
            m_cards[i]->show(rows[i]);
        }
    }
    m_stopAll->setEnabled(std::any_of(rows.begin(), rows.end(), runs));
}

void ScenariosPanel::rebuild(const std::vector<metrics::ScenarioRow>& rows)
{
    for (ScenarioCard* card : m_cards) {
        delete card;
    }
    m_cards.clear();
    for (const metrics::ScenarioRow& row : rows) {
        auto* card = new ScenarioCard(row, m_page);
        connect(card, &ScenarioCard::startAsked, this, [this, card] { start(*card); });
        connect(card, &ScenarioCard::stopAsked, this, [this, card] {
            if (context().commands && context().commands->stopScenario) {
                context().commands->stopScenario(models::text(card->row().name));
            }
        });
        m_cards.push_back(card);
    }
    m_columns = 0;
    m_empty->setVisible(rows.empty());
    m_scroll->setVisible(!rows.empty());
    arrange();
}

void ScenariosPanel::arrange()
{
    const int columns = std::max(1, (width() - 2 * space::kLarge) / (kCardWidth + space::kMedium));
    if (columns == m_columns) {
        return;
    }
    for (int place = 0; place < std::max(m_columns, m_grid->rowCount()); ++place) {
        m_grid->setColumnStretch(place, 0);
        m_grid->setRowStretch(place, 0);
    }
    m_columns = columns;
    int index = 0;
    for (ScenarioCard* card : m_cards) {
        m_grid->addWidget(card, index / columns, index % columns);
        m_grid->setColumnStretch(index % columns, 1);
        ++index;
    }
    m_grid->setRowStretch((index + columns - 1) / columns, 1); // few cards stay at the top
}

void ScenariosPanel::resizeEvent(QResizeEvent* event)
{
    Panel::resizeEvent(event);
    arrange();
}

void ScenariosPanel::start(ScenarioCard& card)
{
    const Commands* commands = context().commands;
    if (!commands || !commands->startScenario) {
        return;
    }
    const QString name = models::text(card.row().name);
    const QMap<QString, double> values = card.values();
    if (!card.row().needsConsent) {
        commands->startScenario(name, values, false);
        return;
    }
    const QString target = m_snapshot ? models::text(m_snapshot->server.target) : QString();
    confirm(this,
            {tr("Run \"%1\" on %2?").arg(models::text(card.row().title), target),
             tr("This server is not Poolscope's own. The scenario puts load on it and works in a schema of "
                "its own, "
                "which it removes at the end. Others who use the server may notice it."),
             tr("Run it on %1").arg(target)},
            [commands, name, values] { commands->startScenario(name, values, true); });
}

void ScenariosPanel::stopAll()
{
    if (!m_snapshot || !context().commands || !context().commands->stopScenario) {
        return;
    }
    for (const metrics::ScenarioRow& row : m_snapshot->scenarios) {
        if (runs(row)) {
            context().commands->stopScenario(models::text(row.name));
        }
    }
}

void ScenariosPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Panel::changeEvent(event);
}

void ScenariosPanel::retranslate()
{
    m_intro->setText(
        tr("Each scenario makes one kind of trouble, says which alerts it should raise, and puts everything "
           "back when it stops."));
    m_empty->setText(tr("The scenarios appear here as soon as the program has read them."));
    m_stopAll->setText(tr("Stop all (Esc)"));
    m_stopAll->setAccessibleName(tr("Stop all scenarios"));
}

} // namespace widgets
