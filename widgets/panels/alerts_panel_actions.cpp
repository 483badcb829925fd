// What can be done in the panel: about the chosen alert, and with rule files.
#include "widgets/panels/alerts_panel.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/dialogs/alert_talk.h"
#include "widgets/dialogs/shortcut_sheet.h"
#include "widgets/panels/rules_page.h"
#include "widgets/panels/silences_page.h"
#include "widgets/save_file.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QDialog>
#include <QFileDialog>
#include <QItemSelectionModel>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QShortcut>
#include <QVariant>

#include <chrono>
#include <functional>

namespace widgets {

// What can be said about the chosen alert: also by A, S and Shift+S.
QWidget* AlertsPanel::buildActions()
{
    auto* row = new QWidget(m_detail);
    m_ack = new QPushButton(row);
    m_snooze = new QPushButton(row);
    m_silence = new QPushButton(row);
    m_ack->setObjectName(QStringLiteral("alerts.ack"));
    m_snooze->setObjectName(QStringLiteral("alerts.snooze"));
    m_silence->setObjectName(QStringLiteral("alerts.silence"));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, space::kTiny, 0, 0);
    for (QPushButton* button : {m_ack, m_snooze, m_silence}) {
        layout->addWidget(button);
    }
    layout->addStretch(1);
    const auto bind = [this](QPushButton* button, const QKeySequence& keys, void (AlertsPanel::*act)()) {
        connect(button, &QPushButton::clicked, this, act);
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        shortcut->setProperty(kShortcutButton, QVariant::fromValue(static_cast<QWidget*>(button)));
        connect(shortcut, &QShortcut::activated, this, act);
    };
    bind(m_ack, QKeySequence(Qt::Key_A), &AlertsPanel::acknowledgeChosen);
    bind(m_snooze, QKeySequence(Qt::Key_S), &AlertsPanel::snoozeChosen);
    bind(m_silence, QKeySequence(Qt::SHIFT | Qt::Key_S), &AlertsPanel::silenceChosen);
    return row;
}

const AlertCommands* AlertsPanel::alertCommands() const
{
    return context().commands != nullptr ? &context().commands->alerts : nullptr;
}

const ClusterCommands* AlertsPanel::clusterCommands() const
{
    return context().commands != nullptr ? &context().commands->cluster : nullptr;
}

void AlertsPanel::sayWhoTells(const metrics::AlertRow& row)
{
    Q_EMIT toast(tr("%1 tells of it, and no Alertmanager is watched from here that could be asked to be quiet: name "
                    "its peers under \"alertmanager\" in the configuration file")
                     .arg(models::text(row.source)));
}

const metrics::AlertRow* AlertsPanel::chosen() const
{
    const QModelIndexList rows = m_alertView->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_alerts.at(m_alertOrder.mapToSource(rows.first()).row());
}

void AlertsPanel::acknowledgeChosen()
{
    const metrics::AlertRow* row = chosen();
    if (row == nullptr) {
        return;
    }
    if (row->source.empty()) {
        askAcknowledge(alertCommands(), *row, this);
    } else if (const ClusterCommands* there = clusterCommands();
               !row->ackedBy.empty() && there != nullptr && there->withdraw) {
        there->withdraw(row->labels);
    } else if (!askAcknowledgeThere(clusterCommands(), row->name, row->labels, this)) {
        sayWhoTells(*row);
    }
}

void AlertsPanel::snoozeChosen()
{
    if (const metrics::AlertRow* row = chosen()) {
        askSnooze(alertCommands(), *row, m_snooze->mapToGlobal(QPoint(0, m_snooze->height())), this);
    }
}

void AlertsPanel::silenceChosen()
{
    QStringList matchers;
    if (const metrics::AlertRow* row = chosen()) {
        if (!row->source.empty()) {
            if (!askSilenceThere(clusterCommands(), row->labels, this)) {
                sayWhoTells(*row);
            }
            return;
        }
        for (const auto& [name, value] : row->labels) {
            matchers << models::text(metrics::matcherText({name, value, false, true}));
        }
    }
    m_silences->ask(matchers.join(QStringLiteral(", ")));
}

void AlertsPanel::buildRuleButtons()
{
    m_importRules = new QPushButton(m_below);
    m_exportRules = new QPushButton(m_below);
    m_importRules->setObjectName(QStringLiteral("alerts.importRules"));
    m_exportRules->setObjectName(QStringLiteral("alerts.exportRules"));
    m_rules->addButton(m_importRules);
    m_rules->addButton(m_exportRules);
    connect(m_importRules, &QPushButton::clicked, this, &AlertsPanel::askForRules);
    connect(m_exportRules, &QPushButton::clicked, this, &AlertsPanel::askForRuleFolder);
}

void AlertsPanel::askForRules()
{
    auto* dialog = new QFileDialog(this, tr("Import rules"), QString(),
                                   tr("Prometheus rules, Alertmanager configuration (*.yml *.yaml *.rules)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        if (const AlertCommands* commands = alertCommands(); commands != nullptr && commands->importRules) {
            commands->importRules(path, [self = QPointer<AlertsPanel>(this)](const QStringList& lines) {
                if (self) {
                    self->showReport(lines);
                }
            });
        }
    });
    dialog->open();
}

// One line is a toast; what was not taken can be read in peace.
void AlertsPanel::showReport(const QStringList& lines)
{
    if (lines.size() < 2) {
        Q_EMIT toast(lines.value(0));
        return;
    }
    auto* dialog = new QDialog(window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("alerts.report"));
    dialog->setWindowTitle(tr("Import"));
    auto* head = new QLabel(lines.front(), dialog);
    head->setProperty("role", QStringLiteral("title"));
    head->setWordWrap(true);
    auto* text = new QPlainTextEdit(QStringLiteral("· ") + lines.mid(1).join(QStringLiteral("\n· ")), dialog);
    text->setReadOnly(true);
    text->setAccessibleName(tr("What was not taken, or is different here"));
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(head);
    layout->addWidget(new QLabel(text->accessibleName(), dialog));
    layout->addWidget(text, 1);
    dialog->resize(680, 360);
    dialog->show();
}

void AlertsPanel::askForRuleFolder()
{
    auto* dialog = new QFileDialog(this, tr("Export rules"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        if (const AlertCommands* commands = alertCommands(); commands != nullptr && commands->writeRules) {
            runFileWork(folder, std::bind_front(commands->writeRules, folder), this,
                        [this](const QString& told) { Q_EMIT toast(told); });
        }
    });
    dialog->open();
}

} // namespace widgets
