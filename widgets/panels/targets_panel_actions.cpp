// TargetsPanel: what a person does to the list of targets.
#include "models/text.h"
#include "widgets/dialogs/target_dialog.h"
#include "widgets/panels/targets_panel.h"
#include "widgets/target_scope.h"

#include <QAction>
#include <QItemSelectionModel>
#include <QKeySequence>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace widgets {

using Kind = metrics::TargetEdit::Kind;

QAction* TargetsPanel::addEntry(const char* text, const char* keys, std::function<void()> handler)
{
    auto* action = new QAction(m_view);
    action->setObjectName(QStringLiteral("targets.") +
                          QString::fromLatin1(text).section(QLatin1Char(' '), 0, 0).toLower());
    action->setShortcuts(QKeySequence::listFromString(QString::fromLatin1(keys)));
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, std::move(handler));
    m_view->addAction(action);
    m_view->addMenuAction(action);
    m_entries.push_back({action, text});
    return action;
}

void TargetsPanel::buildActions()
{
    const bool able = context().commands != nullptr && context().commands->targets.edit;
    m_add->setEnabled(able);
    if (!able) {
        return;
    }
    connect(m_add, &QPushButton::clicked, this, [this] { openDialog({}, Opened::AsNew); });
    addEntry(QT_TR_NOOP("Edit …"), "F2", [this] { openDialog(chosenSetup(), Opened::AsItIs); });
    addEntry(QT_TR_NOOP("Duplicate …"), "Ctrl+D", [this] {
        metrics::TargetSetup copy = chosenSetup();
        copy.name.clear();
        copy.secret.clear(); // of the other one, as these
        copy.passwordFile.clear();
        copy.bearerFile.clear();
        copy.origin = metrics::TargetOrigin::List;
        openDialog(std::move(copy), Opened::AsNew);
    });
    m_pause = addEntry(QT_TR_NOOP("Pause"), "P", [this] { togglePause(); });
    addEntry(QT_TR_NOOP("Remove"), "Del", [this] { change(Kind::Remove); });
    if (context().scope != nullptr) {
        addEntry(QT_TR_NOOP("Show in the charts"), "Ctrl+Return; Ctrl+Enter", [this] { showInCharts(); });
    }
    connect(m_view, &QTableView::doubleClicked, this, [this] {
        if (chosen() != nullptr) {
            openDialog(chosenSetup(), Opened::AsItIs);
        }
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TargetsPanel::showActions);
    showActions();
}

const models::TargetRow* TargetsPanel::chosen() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    if (rows.isEmpty()) {
        return nullptr;
    }
    const models::TargetRow& row = m_model.at(m_order.mapToSource(rows.first()).row());
    return row.head ? nullptr : &row;
}

metrics::TargetSetup TargetsPanel::chosenSetup() const
{
    const models::TargetRow* row = chosen();
    const auto setups = context().commands->targets.setups();
    const auto at = std::find_if(setups.begin(), setups.end(), [row](const metrics::TargetSetup& setup) {
        return row != nullptr && setup.name == row->target;
    });
    return at == setups.end() ? metrics::TargetSetup() : *at;
}

void TargetsPanel::openDialog(metrics::TargetSetup setup, Opened opened)
{
    if (context().commands == nullptr || !context().commands->targets.edit) {
        return;
    }
    auto* dialog =
        new TargetDialog(context().commands->targets, std::move(setup),
                         opened == Opened::AsNew ? TargetDialog::As::New : TargetDialog::As::ItIs, this);
    dialog->show();
}

// What was done comes as a note with a way back.
void TargetsPanel::change(Kind kind)
{
    if (const models::TargetRow* row = chosen()) {
        metrics::TargetEdit edit;
        edit.kind = kind;
        edit.name = row->target;
        context().commands->targets.edit(edit, {});
    }
}

void TargetsPanel::togglePause()
{
    if (const models::TargetRow* row = chosen()) {
        change(row->state == models::TargetRow::State::Paused ? Kind::Resume : Kind::Pause);
    }
}

// Several are compared.
void TargetsPanel::showInCharts()
{
    QStringList names;
    for (const QModelIndex& index : m_view->selectionModel()->selectedRows()) {
        if (!index.data(models::HeadRole).toBool()) {
            names << index.data(models::NameRole).toString();
        }
    }
    if (!names.isEmpty()) {
        context().scope->choose(names);
        Q_EMIT panelRequested(QStringLiteral("overview"), {});
    }
}

void TargetsPanel::showActions()
{
    const models::TargetRow* row = chosen();
    const bool listed = row != nullptr && row->origin == metrics::TargetOrigin::List;
    for (const Entry& entry : m_entries) {
        const bool looks = entry.action->shortcut() == QKeySequence(QStringLiteral("F2")) ||
                           entry.action->shortcut() == QKeySequence(QStringLiteral("Ctrl+D")) ||
                           entry.action->shortcut() == QKeySequence(QStringLiteral("Ctrl+Return"));
        entry.action->setEnabled(looks ? row != nullptr : listed);
    }
    if (m_pause != nullptr) {
        m_pause->setText(row != nullptr && row->state == models::TargetRow::State::Paused ? tr("Resume")
                                                                                          : tr("Pause"));
    }
}

void TargetsPanel::retranslateActions()
{
    for (const Entry& entry : m_entries) {
        entry.action->setText(tr(entry.text));
    }
    showActions();
}

} // namespace widgets
