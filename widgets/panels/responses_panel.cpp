#include "widgets/panels/responses_panel.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QToolButton>

namespace widgets {

namespace {

using Kind = metrics::ResponseCommand::Kind;

constexpr int kAutomatic = 0; // the first of the level buttons

QToolButton* segment(const char* name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(QString::fromLatin1(name));
    button->setProperty("kind", QStringLiteral("segment"));
    button->setCheckable(true);
    return button;
}

QLabel* textLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setProperty("role", QStringLiteral("muted"));
    return label;
}

QString joined(const QStringList& parts)
{
    return parts.join(QStringLiteral("  ·  "));
}

} // namespace

ResponsesPanel::ResponsesPanel(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
{
    auto* split = new QSplitter(Qt::Vertical, this);
    split->addWidget(buildDegrade());
    split->addWidget(buildScale());
    split->addWidget(buildLog());
    split->setChildrenCollapsible(false);
    split->setHandleWidth(space::kMedium);
    split->setStretchFactor(2, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    layout->addWidget(split);
    retranslate();
}

TableView* ResponsesPanel::stepTable(const char* name, models::StepModel& model, Card* card)
{
    auto* table = new TableView(QString::fromLatin1(name), card);
    table->setModel(&model);
    table->setColumnWidths({120, 300, 84});
    connect(table, &TableView::notice, this, &ResponsesPanel::toast);
    return table;
}

QWidget* ResponsesPanel::buildDegrade()
{
    m_degrade = new Card(this);
    m_degradeDryRun = segment("responses.degradeDryRun", m_degrade);
    connect(m_degradeDryRun, &QToolButton::clicked, this, &ResponsesPanel::askDegradeDryRun);
    for (int i = 0; i < kLevels; ++i) {
        QToolButton*& button = m_levels[static_cast<std::size_t>(i)];
        button = segment("", m_degrade);
        button->setObjectName(i == kAutomatic ? QStringLiteral("responses.automatic")
                                              : QStringLiteral("responses.level%1").arg(i - 1));
        connect(button, &QToolButton::clicked, this, [this, i] { askLevel(i); });
        m_degrade->head()->addWidget(button);
    }
    m_degrade->head()->addSpacing(space::kMedium);
    m_degrade->head()->addWidget(m_degradeDryRun);
    m_degradeText = textLabel(m_degrade);
    m_degradeTable = stepTable("degrade_steps", m_degradeSteps, m_degrade);
    m_degrade->body()->addWidget(m_degradeText);
    m_degrade->body()->addWidget(m_degradeTable, 1);
    return m_degrade;
}

QWidget* ResponsesPanel::buildScale()
{
    m_scale = new Card(this);
    m_scaleDryRun = segment("responses.scaleDryRun", m_scale);
    m_scaleNow = new QPushButton(m_scale);
    m_scaleNow->setObjectName(QStringLiteral("responses.scaleNow"));
    m_undo = new QPushButton(m_scale);
    m_undo->setObjectName(QStringLiteral("responses.undo"));
    connect(m_scaleDryRun, &QToolButton::clicked, this, &ResponsesPanel::askScaleDryRun);
    connect(m_scaleNow, &QPushButton::clicked, this, &ResponsesPanel::askScaleNow);
    connect(m_undo, &QPushButton::clicked, this, &ResponsesPanel::askUndo);
    for (QWidget* widget : {static_cast<QWidget*>(m_scaleNow), static_cast<QWidget*>(m_undo),
                            static_cast<QWidget*>(m_scaleDryRun)}) {
        m_scale->head()->addWidget(widget);
    }
    m_scaleText = textLabel(m_scale);
    m_scaleTable = stepTable("scale_steps", m_scaleSteps, m_scale);
    m_scale->body()->addWidget(m_scaleText);
    m_scale->body()->addWidget(m_scaleTable, 1);
    return m_scale;
}

QWidget* ResponsesPanel::buildLog()
{
    m_log = new Card(this);
    m_logTable = new TableView(QStringLiteral("response_log"), m_log);
    m_logTable->setModel(&m_notes);
    m_logTable->setColumnWidths({100});
    m_logTable->setSortingEnabled(false);
    connect(m_logTable, &TableView::notice, this, &ResponsesPanel::toast);
    m_log->body()->addWidget(m_logTable, 1);
    return m_log;
}

void ResponsesPanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_view = snapshot->responses;
    showDegrade(m_view.degrade);
    showScale(m_view.scale);
    m_notes.merge(m_view.log);
}

// The program's own jobs in the language of the window; those of programs that embed the pool as they named them.
QString ResponsesPanel::jobText(const std::string& name)
{
    if (name == "pool upkeep") {
        return tr("pool upkeep");
    }
    return name == "timed steps of scenarios" ? tr("timed steps of scenarios") : models::text(name);
}

void ResponsesPanel::showDegrade(const metrics::DegradeView& view)
{
    m_degradeSteps.merge(view.steps);
    QStringList parts{tr("Level %1 of %2").arg(view.level).arg(view.mostLevel)};
    if (view.byHand) {
        parts << tr("held by hand");
    } else if (!view.enabled) {
        parts << tr("alerts do not degrade: switch it on under respond: in the configuration");
    } else if (!view.why.empty()) {
        parts << tr("because of %1").arg(models::text(view.why));
    } else {
        parts << tr("no alert asks for it");
    }
    if (view.nextChange > core::Nanos(0)) {
        parts << tr("next change in %1")
                     .arg(models::spanText(std::chrono::ceil<std::chrono::seconds>(view.nextChange)));
    }
    if (!m_view.pausable.empty()) {
        QStringList jobs;
        for (const std::string& name : m_view.pausable) {
            jobs << jobText(name);
        }
        parts << tr("jobs that can wait: %1").arg(jobs.join(QStringLiteral(", ")));
    }
    m_degradeText->setText(joined(parts));
    m_degradeDryRun->setChecked(view.dryRun);
    for (int i = 0; i < kLevels; ++i) {
        m_levels[static_cast<std::size_t>(i)]->setChecked(
            i == kAutomatic ? !view.byHand : view.byHand && view.level == i - 1);
    }
}

void ResponsesPanel::showScale(const metrics::ScaleView& view)
{
    m_scaleSteps.merge(view.steps);
    const bool possible = !view.target.empty();
    QStringList parts;
    if (!possible) {
        parts << tr("No target is configured: name one under respond: in the configuration");
    } else {
        parts << models::text(view.target);
        if (view.replicas >= 0) {
            parts << tr("replicas: %1 (%2 … %3)").arg(view.replicas).arg(view.minimum).arg(view.maximum);
        }
        const QString left = models::spanText(std::chrono::ceil<std::chrono::seconds>(view.left));
        if (view.phase == "watching") {
            parts << tr("watched until the load falls, at most %1 more").arg(left);
        } else if (view.phase == "cool_down") {
            parts << tr("cooling down for %1").arg(left);
        } else if (view.phase == "acting") {
            parts << tr("at work");
        }
        if (!view.why.empty()) {
            parts << tr("because of %1").arg(models::text(view.why));
        }
        if (!view.outcome.empty()) {
            parts << models::text(view.outcome);
        }
    }
    m_scaleText->setText(joined(parts));
    m_scaleDryRun->setChecked(view.dryRun);
    m_scaleDryRun->setEnabled(possible);
    m_scaleNow->setEnabled(possible && view.phase != "acting");
    m_undo->setEnabled(view.mayUndo && view.phase != "acting");
}

void ResponsesPanel::order(Kind kind, int value)
{
    if (context().commands && context().commands->respond) {
        context().commands->respond({kind, value});
    }
}

// The buttons show what is so, not what was clicked: that comes with the next sample.
void ResponsesPanel::askLevel(int button)
{
    showDegrade(m_view.degrade);
    if (button == kAutomatic) {
        order(Kind::Automatic, 0);
        return;
    }
    const int level = button - 1;
    if (level <= m_view.degrade.level || m_view.degrade.dryRun) { // milder, or only a rehearsal: no question
        order(Kind::HoldLevel, level);
        return;
    }
    confirm(this,
            {tr("Degrade the service to level %1?").arg(level),
             tr("Every step up to this level is carried out at once and stays until you go back to "
                "automatic: background "
                "requests are refused from level 1, timed jobs pause from level 2, marked answers may be old "
                "from level 3."),
             tr("Degrade to level %1").arg(level)},
            [this, level] { order(Kind::HoldLevel, level); });
}

void ResponsesPanel::askDegradeDryRun()
{
    m_degradeDryRun->setChecked(m_view.degrade.dryRun);
    if (!m_view.degrade.dryRun) {
        order(Kind::DegradeDryRun, 1);
        return;
    }
    confirm(this,
            {tr("Carry the steps out from now on?"),
             tr("Until now degradation was only rehearsed. From now on requests are really refused, jobs "
                "really paused and "
                "answers really taken from the cache when alerts ask for it."),
             tr("Carry them out")},
            [this] { order(Kind::DegradeDryRun, 0); });
}

void ResponsesPanel::askScaleDryRun()
{
    m_scaleDryRun->setChecked(m_view.scale.dryRun);
    if (!m_view.scale.dryRun) {
        order(Kind::ScaleDryRun, 1);
        return;
    }
    confirm(this,
            {tr("Add replicas from now on?"),
             tr("Until now scaling out was only rehearsed. From now on %1 is really changed when alerts ask "
                "for it.")
                 .arg(models::text(m_view.scale.target)),
             tr("Really scale out")},
            [this] { order(Kind::ScaleDryRun, 0); });
}

void ResponsesPanel::askScaleNow()
{
    if (m_view.scale.dryRun) {
        order(Kind::ScaleNow, 0);
        return;
    }
    confirm(this,
            {tr("Scale out now?"),
             tr("Replicas are added to %1, whatever fires.").arg(models::text(m_view.scale.target)),
             tr("Scale out")},
            [this] { order(Kind::ScaleNow, 0); });
}

void ResponsesPanel::askUndo()
{
    confirm(
        this,
        {tr("Take the scale-out back?"),
         tr("The replicas added last are taken away from %1 again.").arg(models::text(m_view.scale.target)),
         tr("Take it back")},
        [this] { order(Kind::UndoScale, 0); });
}

void ResponsesPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Panel::changeEvent(event);
}

void ResponsesPanel::retranslate()
{
    m_degrade->setTitle(tr("Graceful degradation"));
    m_scale->setTitle(tr("Scale-out"));
    m_log->setTitle(tr("What was done"));
    m_levels[kAutomatic]->setText(tr("Automatic"));
    m_levels[kAutomatic]->setToolTip(tr("The level follows the alerts"));
    for (int level = 0; level + 1 < kLevels; ++level) {
        QToolButton* button = m_levels[static_cast<std::size_t>(level + 1)];
        button->setText(QString::number(level));
        button->setToolTip(tr("Hold level %1, whatever fires").arg(level));
        button->setAccessibleName(tr("Hold level %1, whatever fires").arg(level));
    }
    for (QToolButton* button : {m_degradeDryRun, m_scaleDryRun}) {
        button->setText(tr("Dry run"));
        button->setToolTip(tr("Say what would be done, do nothing"));
    }
    m_scaleNow->setText(tr("Scale out now"));
    m_undo->setText(tr("Take back"));
    m_degradeTable->setEmptyText(tr("No sample yet"));
    m_scaleTable->setEmptyText(tr("No sample yet"));
    m_degradeTable->setAccessibleName(tr("Steps of degradation"));
    m_scaleTable->setAccessibleName(tr("Steps of the scale-out"));
    m_logTable->setAccessibleName(tr("What was done"));
    m_logTable->setEmptyText(
        tr("Nothing was done yet. Responses are off until switched on under respond: in the "
           "configuration, and rehearsed first."));
    showDegrade(m_view.degrade);
    showScale(m_view.scale);
}

} // namespace widgets
