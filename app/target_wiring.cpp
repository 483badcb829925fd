// Other people's pools, as calls of the engine.
#include "app/wiring.h"

#include <QCoreApplication>
#include <QMetaObject>

#include <utility>

namespace app {

widgets::TargetCommands makeTargetCommands(engine::Engine& core)
{
    widgets::TargetCommands commands;
    commands.setups = [&core] { return core.targets(); };
    commands.probe = [&core](const metrics::TargetSetup& setup, const std::string& secret,
                             const std::stop_token& stop) { return core.probeTarget(setup, secret, stop); };
    commands.edit = [&core](const metrics::TargetEdit& edit, std::function<void(const QString&)> done) {
        if (!done) {
            core.editTarget(edit, {});
            return;
        }
        core.editTarget(edit, [done = std::move(done)](const std::string& problem) {
            QMetaObject::invokeMethod(
                qApp, [done, text = QString::fromStdString(problem)] { done(text); }, Qt::QueuedConnection);
        });
    };
    commands.secretPlace = [&core] { return core.secretPlace(); };
    return commands;
}

} // namespace app
