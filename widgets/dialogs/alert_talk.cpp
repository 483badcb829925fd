#include "widgets/dialogs/alert_talk.h"

#include "models/text.h"
#include "widgets/dialogs/ack_dialog.h"

#include <QCoreApplication>
#include <QMenu>

namespace widgets {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("AlertTalk", text);
}

} // namespace

void askAcknowledge(const AlertCommands* commands, const metrics::AlertRow& alert, QWidget* parent)
{
    if (!metrics::isOpen(alert.state) || commands == nullptr || !commands->acknowledge) {
        return;
    }
    auto* dialog = new AckDialog(models::text(alert.name), parent);
    QObject::connect(
        dialog, &AckDialog::acknowledged, parent,
        [commands, incident = models::text(alert.incidentId)](const QString& by, const QString& note) {
            commands->acknowledge(incident, by, note);
        });
    dialog->open();
}

void askSnooze(const AlertCommands* commands, const metrics::AlertRow& alert, QPoint at, QWidget* parent)
{
    if (!metrics::isOpen(alert.state) || commands == nullptr || !commands->snooze) {
        return;
    }
    const QString incident = models::text(alert.incidentId);
    auto* menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const int minutes : {5, 15, 60, 240, 1440}) {
        menu->addAction(words(QT_TRANSLATE_NOOP("AlertTalk", "For %1"))
                            .arg(models::spanText(std::chrono::minutes(minutes))),
                        parent, [commands, incident, minutes] {
                            commands->snooze(incident, std::chrono::minutes(minutes));
                        });
    }
    if (alert.snoozedUntil != core::WallTime{}) {
        menu->addAction(words(QT_TRANSLATE_NOOP("AlertTalk", "No longer")), parent,
                        [commands, incident] { commands->snooze(incident, std::chrono::minutes(0)); });
    }
    menu->popup(at);
}

} // namespace widgets
