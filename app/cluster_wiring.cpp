#include "app/wiring.h"
#include "monitor/alert/attention.h"
#include "monitor/alert/silence.h"

#include <QCoreApplication>

#include <utility>

namespace app {

namespace {

// Alerts of others, as far as a silence looks at them.
std::vector<metrics::AlertRow> rowsOf(const metrics::ClusterViewPtr& view)
{
    std::vector<metrics::AlertRow> rows;
    for (const metrics::ClusterAlert& alert : view ? view->alerts : std::vector<metrics::ClusterAlert>()) {
        metrics::AlertRow row;
        row.name = alert.name;
        row.labels = alert.labels;
        row.state = metrics::AlertState::Firing;
        rows.push_back(std::move(row));
    }
    return rows;
}

QString listed(const std::vector<std::string>& names)
{
    QStringList list;
    for (const std::string& name : names) {
        list << QString::fromStdString(name);
    }
    return list.join(QStringLiteral(", "));
}

QString textOf(const core::Result<cluster::Told>& outcome)
{
    if (!outcome) {
        return QString::fromStdString(outcome.error().message);
    }
    QString text = QCoreApplication::translate("app", "Told: %1").arg(listed(outcome->peers));
    if (!outcome->owed.empty()) {
        text += QCoreApplication::translate("app", "; as soon as it answers: %1").arg(listed(outcome->owed));
    }
    if (!outcome->refused.empty()) {
        text += QCoreApplication::translate("app", "; not taken: %1").arg(listed(outcome->refused));
    }
    return text;
}

} // namespace

widgets::ClusterCommands makeClusterCommands(engine::Engine& core, std::function<void(const QString&)> say)
{
    const cluster::Client::Done tell = [say](const core::Result<cluster::Told>& outcome) {
        QMetaObject::invokeMethod(
            qApp, [say, text = textOf(outcome)] { say(text); }, Qt::QueuedConnection);
    };
    widgets::ClusterCommands commands;
    commands.view = [&core] { return core.clusterView(); };
    commands.silence = [&core, tell](const metrics::SilenceRow& silence) {
        core.clusterSilence(silence, tell);
    };
    commands.expire = [&core, tell](const QString& id) { core.clusterExpire(id.toStdString(), tell); };
    commands.acknowledge = [&core, tell](const metrics::Labels& labels, const QString& by, const QString& note) {
        core.clusterAcknowledge({labels, by.simplified().toStdString(), note.simplified().toStdString()}, tell);
    };
    commands.withdraw = [&core, tell](const metrics::Labels& labels) { core.clusterWithdraw(labels, tell); };
    commands.refresh = [&core] { core.clusterRefresh(); };
    commands.preview = [&core](const QString& text) { return previewOf(rowsOf(core.clusterView()), text); };
    return commands;
}

} // namespace app
