#include "widgets/panels/rules_page.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/dialogs/ack_dialog.h"
#include "widgets/dialogs/rule_dialog.h"
#include "widgets/dialogs/shortcut_sheet.h"
#include "widgets/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QEvent>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QVariant>

#include <utility>

namespace widgets {

namespace {

using metrics::RuleEdit;
using metrics::RuleRow;

metrics::RuleKey keyOf(const RuleRow& row)
{
    return {row.file, row.group, row.name, row.number};
}

constexpr int kMostDifferences = 5; // shown

// "fires here and not there since 12:00:03: instance=a"
QString differenceText(const metrics::RuleDifference& one)
{
    QStringList labels;
    for (const auto& [name, value] : one.labels) {
        if (name != "alertname" && name != "severity") {
            labels << models::text(name) + QLatin1Char('=') + models::text(value);
        }
    }
    return (one.here ? RulesPage::tr("fires here and not there since %1  %2")
                     : RulesPage::tr("fires there and not here since %1  %2"))
        .arg(models::Zone::of().clock(one.since), labels.join(QStringLiteral("  ")))
        .trimmed();
}

metrics::RuleDraft freshDraft()
{
    metrics::RuleDraft draft;
    draft.holdFor = "1m";
    draft.labels = {{"severity", "warning"}};
    draft.annotations = {{"summary", ""}, {"description", ""}};
    return draft;
}

} // namespace

RulesPage::RulesPage(const PanelContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_view(new TableView(QStringLiteral("rules"), this))
{
    m_order.setSourceModel(&m_model);
    m_view->setModel(&m_order);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(0, Qt::AscendingOrder);
    m_view->setColumnWidths({96, 170, 84, 84, 84, 84, 110, 130, 100});
    buildOwners();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(buildButtons());
    layout->addWidget(m_view, 1);
    m_differences = new QLabel(this);
    m_differences->setObjectName(QStringLiteral("rules.differences"));
    m_differences->setTextFormat(Qt::PlainText);
    m_differences->setWordWrap(true);
    m_differences->setProperty("role", QStringLiteral("muted"));
    m_differences->hide();
    layout->addWidget(m_differences);
    connect(m_view, &TableView::notice, this, &RulesPage::notice);
    connect(m_view, &QAbstractItemView::doubleClicked, this, &RulesPage::change);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RulesPage::showButtons);
    retranslate();
    showButtons();
}

QWidget* RulesPage::buildButtons()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kSmall);
    const auto button = [&](const char* name, const QKeySequence& keys, void (RulesPage::*act)()) {
        auto* made = new QPushButton(bar);
        made->setObjectName(QLatin1String("rules.") + QLatin1String(name));
        connect(made, &QPushButton::clicked, this, act);
        row->addWidget(made);
        if (!keys.isEmpty()) {
            auto* shortcut = new QShortcut(keys, this);
            shortcut->setContext(Qt::WidgetWithChildrenShortcut);
            shortcut->setProperty(kShortcutButton, QVariant::fromValue(static_cast<QWidget*>(made)));
            connect(shortcut, &QShortcut::activated, made, &QPushButton::click);
        }
        return made;
    };
    m_add = button("add", QKeySequence(Qt::Key_N), &RulesPage::add);
    m_change = button("change", QKeySequence(Qt::Key_F2), &RulesPage::change);
    m_duplicate = button("duplicate", QKeySequence(Qt::CTRL | Qt::Key_D), &RulesPage::duplicate);
    m_switch = button("switch", {}, &RulesPage::switchChosen);
    m_reset = button("reset", {}, &RulesPage::resetChosen);
    m_remove = button("remove", QKeySequence(Qt::Key_Delete), &RulesPage::removeChosen);
    row->addStretch(1);
    m_undo = new QPushButton(bar);
    m_undo->setObjectName(QStringLiteral("rules.undo"));
    connect(m_undo, &QPushButton::clicked, this, [this] {
        if (commands() != nullptr && commands()->undoRule) {
            commands()->undoRule();
        }
    });
    row->addWidget(m_undo);
    m_buttons = row;
    return bar;
}

void RulesPage::addButton(QPushButton* button)
{
    m_buttons->addWidget(button);
}

// In the table's menu: whose word counts about the chosen rule.
void RulesPage::buildOwners()
{
    using metrics::RuleOwner;
    for (const RuleOwner owner : {RuleOwner::Local, RuleOwner::Prometheus, RuleOwner::Shadow}) {
        auto* action = new QAction(m_view);
        action->setObjectName(QLatin1String("rules.owner.") + QLatin1String(metrics::ruleOwnerName(owner)));
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, [this, owner] { give(owner); });
        m_view->addMenuAction(action);
        m_owners[static_cast<std::size_t>(owner)] = action;
    }
}

void RulesPage::give(metrics::RuleOwner owner)
{
    const RuleRow* row = chosen();
    if (row != nullptr && row->draft && row->owner != owner && commands() != nullptr && commands()->editRule) {
        RuleEdit edit{RuleEdit::Kind::Owner, keyOf(*row)};
        edit.owner = owner;
        edit.by = ownName().toStdString();
        commands()->editRule(edit, {});
    }
    showButtons(); // the mark is where it was until the rules say otherwise
}

const AlertCommands* RulesPage::commands() const
{
    return m_context.commands != nullptr ? &m_context.commands->alerts : nullptr;
}

const RuleRow* RulesPage::chosen() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_model.at(m_order.mapToSource(rows.first()).row());
}

void RulesPage::show(const std::vector<RuleRow>& rows)
{
    m_model.merge(rows);
    showButtons();
}

void RulesPage::showButtons()
{
    const RuleRow* row = chosen();
    const bool can = commands() != nullptr && commands()->editRule && row != nullptr && row->draft;
    for (QPushButton* button : {m_change, m_duplicate, m_switch}) {
        button->setEnabled(can);
    }
    for (std::size_t i = 0; i < m_owners.size(); ++i) {
        m_owners[i]->setEnabled(can);
        m_owners[i]->setChecked(row != nullptr && static_cast<std::size_t>(row->owner) == i);
    }
    QStringList differences;
    for (const metrics::RuleDifference& one :
         row != nullptr ? row->standing.differences : std::vector<metrics::RuleDifference>()) {
        if (differences.size() < kMostDifferences) {
            differences << differenceText(one);
        }
    }
    if (row != nullptr && !row->standing.reason.empty()) {
        differences << tr("Not watched by %1: %2")
                           .arg(row->standing.server.empty() ? QStringLiteral("Prometheus")
                                                             : models::text(row->standing.server),
                                models::text(row->standing.reason));
    }
    m_differences->setVisible(!differences.isEmpty());
    m_differences->setText(differences.join(QLatin1Char('\n')));
    m_reset->setEnabled(can && row->shipped);
    m_remove->setEnabled(can && row->own);
    m_undo->setEnabled(commands() != nullptr && commands()->undoRule && commands()->canUndoRule &&
                       commands()->canUndoRule());
    m_switch->setText(can && row->disabled ? tr("Enable") : tr("Disable"));
}

void RulesPage::openDialog(RuleEdit edit, RuleDialog::Name name)
{
    if (commands() == nullptr || !commands()->editRule) {
        return;
    }
    if (m_dialog) { // what is being written there is not thrown away
        m_dialog->raise();
        m_dialog->activateWindow();
        Q_EMIT notice(tr("A rule is being written already: save it or close it first"));
        return;
    }
    const metrics::Querier* querier = m_context.past != nullptr ? m_context.past : m_context.querier;
    m_dialog = new RuleDialog(*commands(), {std::move(edit), name, querier}, window());
    m_dialog->show();
}

void RulesPage::add()
{
    openDialog({RuleEdit::Kind::Add, {}, freshDraft()}, RuleDialog::Name::Free);
}

void RulesPage::change()
{
    if (const RuleRow* row = chosen(); row != nullptr && row->draft) {
        openDialog({RuleEdit::Kind::Change, keyOf(*row), *row->draft},
                   row->own ? RuleDialog::Name::Free : RuleDialog::Name::Fixed);
    }
}

void RulesPage::duplicate()
{
    if (const RuleRow* row = chosen(); row != nullptr && row->draft) {
        metrics::RuleDraft draft = *row->draft;
        draft.name += "Copy";
        metrics::setEntry(draft.annotations, "poolscope_overrides", {});
        openDialog({RuleEdit::Kind::Add, {}, std::move(draft)}, RuleDialog::Name::Free);
    }
}

void RulesPage::send(RuleEdit::Kind kind, const RuleRow& row)
{
    RuleEdit edit{kind, keyOf(row)};
    edit.by = ownName().toStdString();
    commands()->editRule(edit, {});
}

void RulesPage::switchChosen()
{
    if (const RuleRow* row = chosen(); row != nullptr && m_switch->isEnabled()) {
        send(row->disabled ? RuleEdit::Kind::Enable : RuleEdit::Kind::Disable, *row);
    }
}

void RulesPage::resetChosen()
{
    if (const RuleRow* row = chosen(); row != nullptr && m_reset->isEnabled()) {
        send(RuleEdit::Kind::Reset, *row);
    }
}

// Not asked about: it can be undone.
void RulesPage::removeChosen()
{
    if (const RuleRow* row = chosen(); row != nullptr && m_remove->isEnabled()) {
        send(RuleEdit::Kind::Remove, *row);
    }
}

void RulesPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void RulesPage::retranslate()
{
    m_owners[0]->setText(tr("Owner: local, told here"));
    m_owners[1]->setText(tr("Owner: Prometheus, told there"));
    m_owners[2]->setText(tr("Owner: shadow, compared and never told"));
    m_add->setText(tr("New rule …"));
    m_add->setToolTip(tr("Writes a rule of your own (N)"));
    m_change->setText(tr("Edit …"));
    m_change->setToolTip(tr("Changes the chosen rule (F2); shipped files stay as they are"));
    m_duplicate->setText(tr("Duplicate …"));
    m_duplicate->setToolTip(tr("Begins a rule of your own with the chosen one (Ctrl+D)"));
    m_switch->setToolTip(tr("Whether the chosen rule is evaluated"));
    m_reset->setText(tr("Reset"));
    m_reset->setToolTip(tr("Takes your changes of the chosen rule back: it is as shipped again"));
    m_remove->setText(tr("Delete"));
    m_remove->setToolTip(tr("Deletes the chosen rule of your own (Del); can be undone"));
    m_undo->setText(tr("Undo"));
    m_undo->setToolTip(tr("Takes back what was last done to a rule"));
    m_view->setEmptyText(
        tr("No rules are loaded. Write one, give a rule file with --rules, or reload the default ones."));
    m_view->setAccessibleName(tr("Alert rules"));
    showButtons();
}

} // namespace widgets
