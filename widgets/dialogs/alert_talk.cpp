#include "widgets/dialogs/alert_talk.h"

#include "models/text.h"
#include "widgets/dialogs/ack_dialog.h"
#include "widgets/dialogs/silence_dialog.h"

#include <QCoreApplication>
#include <QMenu>
#include <QStringList>

#include <chrono>

namespace widgets {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("AlertTalk", text);
}

std::vector<metrics::SilenceMatcher> matchersOf(const metrics::Labels& labels)
{
    std::vector<metrics::SilenceMatcher> matchers;
    for (const auto& [name, value] : labels) {
        matchers.push_back({name, value, false, true});
    }
    return matchers;
}

bool canTell(const ClusterCommands* commands)
{
    return commands != nullptr && commands->silence && commands->view && commands->view() != nullptr;
}

} // namespace

bool askAcknowledgeThere(const ClusterCommands* commands, const std::string& name,
                         const metrics::Labels& labels, QWidget* parent)
{
    if (!canTell(commands)) {
        return false;
    }
    if (!commands->acknowledge) {
        return false;
    }
    auto* dialog = new AckDialog(models::text(name), parent);
    dialog->explain(words(QT_TRANSLATE_NOOP("AlertTalk",
                                            "A silence in your name at every Alertmanager, renewed while it fires and "
                                            "ended when it is over. Without this program it lapses within %1."))
                        .arg(models::spanText(commands->view()->ackSpan)));
    QObject::connect(dialog, &AckDialog::acknowledged, parent,
                     [commands, labels](const QString& by, const QString& note) {
                         commands->acknowledge(labels, by, note);
                     });
    dialog->open();
    return true;
}

bool askSilenceThere(const ClusterCommands* commands, const metrics::Labels& labels, QWidget* parent)
{
    if (!canTell(commands)) {
        return false;
    }
    QStringList texts;
    for (const metrics::SilenceMatcher& matcher : matchersOf(labels)) {
        texts << models::text(metrics::matcherText(matcher));
    }
    auto* dialog = new SilenceDialog(texts.join(QStringLiteral(", ")), commands->preview, parent);
    QObject::connect(dialog, &SilenceDialog::wanted, parent,
                     [commands](const metrics::SilenceRow& silence) { commands->silence(silence); });
    dialog->open();
    return true;
}

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
