#include "app/wiring.h"

#include "models/log_model.h"

#include <chrono>
#include <map>
#include <string>
#include <utility>

namespace app {

namespace {

std::map<std::string, double> plainValues(const QMap<QString, double>& values)
{
    std::map<std::string, double> plain;
    for (auto value = values.cbegin(); value != values.cend(); ++value) {
        plain.emplace(value.key().toStdString(), value.value());
    }
    return plain;
}

widgets::ChannelCommands makeChannelCommands(engine::Engine& core)
{
    widgets::ChannelCommands commands;
    commands.kinds = [] {
        std::vector<metrics::ChannelKind> kinds;
        for (const notify::NotifierKind& known : notify::notifierKinds()) {
            kinds.push_back(known.kind);
        }
        return kinds;
    };
    commands.setups = [&core] { return core.channels(); };
    commands.save = [&core](const metrics::ChannelSetup& setup, const widgets::ChannelSecrets& secrets) {
        return core.saveChannel(setup, secrets);
    };
    commands.remove = [&core](const std::string& name) { core.removeChannel(name); };
    commands.test = [&core](const metrics::ChannelSetup& setup, const widgets::ChannelSecrets& secrets) {
        core.testChannel(setup, secrets);
    };
    commands.preview = [&core](const metrics::ChannelSetup& setup) { return core.previewChannel(setup); };
    commands.secretPlace = [&core] { return core.secretPlace(); };
    return commands;
}

} // namespace

widgets::Commands makeCommands(engine::Engine& core, std::function<void(const QString&)> say)
{
    const auto tell = [say](const core::Result<void>& outcome) {
        if (!outcome) {
            say(QString::fromStdString(outcome.error().message));
        }
    };
    widgets::Commands commands;
    commands.startScenario = [&core, tell](const QString& name, const QMap<QString, double>& values, bool consent) {
        tell(core.startScenario(name.toStdString(), plainValues(values), consent));
    };
    commands.stopScenario = [&core, tell](const QString& name) { tell(core.stopScenario(name.toStdString())); };
    commands.cancelStatement = [&core](int slot) { core.cancelStatement(slot); };
    commands.terminateBackend = [&core](int slot) { core.terminateBackend(slot); };
    commands.recycleSlot = [&core](int slot) { core.recycleSlot(slot); };
    commands.suspendPool = [&core](bool failNewRequests) { core.suspendPool(failNewRequests); };
    commands.resumePool = [&core] { core.resumePool(); };
    commands.drainPool = [&core] { core.drainPool(); };
    commands.configurePool = [&core, tell](const QMap<QString, double>& knobs) {
        tell(core.configurePool(plainValues(knobs)));
    };
    commands.retryNow = [&core] { core.retryNow(); };
    commands.reloadRules = [&core] { core.reloadRules(); };
    commands.alerts = makeAlertCommands(core, say);
    commands.cluster = makeClusterCommands(core, say);
    commands.remote = {[&core] { return core.remoteView(); }, [&core] { core.remoteRefresh(); }};
    commands.addNote = [&core](qint64 at, const QString& text) {
        core.addNote(core::WallTime(core::Millis(at)), text.toStdString());
    };
    commands.channels = makeChannelCommands(core);
    commands.targets = makeTargetCommands(core);
    commands.respond = [&core, tell](const metrics::ResponseCommand& command) { tell(core.respond(command)); };
    commands.writeFile = makeFileWriter(core);
    return commands;
}

LogFeed::LogFeed(std::shared_ptr<LogTap> tap, models::LogModel& model, QObject* parent)
    : QObject(parent)
    , m_tap(std::move(tap))
    , m_model(model)
{
    m_tap->windowOpen = true;
    connect(&m_timer, &QTimer::timeout, this, &LogFeed::move);
    m_timer.start(std::chrono::milliseconds(200));
}

LogFeed::~LogFeed()
{
    m_tap->windowOpen = false;
}

void LogFeed::move()
{
    if (std::vector<metrics::LogEntry> lines = m_tap->lines.drain(); !lines.empty()) {
        m_model.append(std::move(lines));
    }
}

} // namespace app
