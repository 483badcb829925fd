// Recordings, as calls of the engine.
#include "app/wiring.h"

#include "monitor/record/comparison.h"
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

} // namespace app
