// Recordings, as calls of the engine.
#include "app/wiring.h"

#include "monitor/record/comparison.h"
#include "monitor/record/shelf.h"
#include "monitor/record/tape.h"

#include <chrono>

namespace app {

widgets::RecordCommands makeRecordCommands(engine::Engine& core, std::function<void(const QString&)> say)
{
    const auto tell = [say = std::move(say)](const core::Result<void>& outcome) {
        if (!outcome) {
            say(QString::fromStdString(outcome.error().message));
        }
    };
    widgets::RecordCommands commands;
    commands.start = [&core, tell] { tell(core.startRecording()); };
    commands.save = [&core, tell](const QString& path) { tell(core.saveRecording(path.toStdString())); };
    commands.saveLast = [&core, tell](std::chrono::minutes span, const QString& path) {
        tell(core.saveLast(span, path.toStdString()));
    };
    commands.cancel = [&core] { core.cancelRecording(); };
    commands.state = [&core] { return core.recordingState(); };
    commands.folder = [&core] { return QString::fromStdString(core.recordingFolder().string()); };
    commands.compare = [](const QString& before, const QString& after,
                          const std::stop_token& stop) -> core::Result<metrics::Comparison> {
        const auto first = record::Tape::open(before.toStdString());
        const auto second = record::Tape::open(after.toStdString());
        if (!first || !second) {
            return core::Unexpected{first ? second.error() : first.error()};
        }
        return record::compare(**first, **second, [&stop](double) { return !stop.stop_requested(); });
    };
    return commands;
}

widgets::IncidentRecording recordingOf(const engine::Engine& core, const metrics::Incident& incident)
{
    using State = widgets::IncidentRecording::State;
    constexpr auto kSlack = std::chrono::seconds(30); // for writing it
    const auto file = record::shelfRecording(core.recordingFolder(), core::epochMillis(incident.firedAt), incident.rule);
    if (!file.empty()) {
        return {State::There, QString::fromStdString(file.string())};
    }
    if (!core.recordsIncidents()) {
        return {State::Off, {}};
    }
    const auto age = core::SystemClock::instance().wallNow() - incident.firedAt;
    return {age < record::kSavedAfter + kSlack ? State::Soon : State::Gone, {}};
}

} // namespace app
