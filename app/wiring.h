// Data flow between engine and window: snapshots, notices and log lines in, commands back.
#pragma once

#include "app/logging.h"
#include "monitor/engine/engine.h"
#include "monitor/engine/past.h"
#include "monitor/record/playback.h"
#include "widgets/panels/panel.h"
#include "widgets/record_commands.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <functional>
#include <memory>

namespace models {
class LogModel;
}

namespace app {

// What a person can say about alerts (alert_wiring.cpp); `core` outlives the result.
[[nodiscard]] widgets::AlertCommands makeAlertCommands(engine::Engine& core, std::function<void(const QString&)> say);
// What a silence with these matchers would hide of these alerts (alert_wiring.cpp).
[[nodiscard]] widgets::SilencePreview previewOf(const std::vector<metrics::AlertRow>& rows, const QString& text);
// Other people's Alertmanagers (cluster_wiring.cpp); `core` outlives the result.
[[nodiscard]] widgets::ClusterCommands makeClusterCommands(engine::Engine& core, std::function<void(const QString&)> say);
// Recordings (record_wiring.cpp); `open` is the caller's. `core` outlives the result.
[[nodiscard]] widgets::RecordCommands makeRecordCommands(engine::Engine& core, std::function<void(const QString&)> say);
// Other people's pools (target_wiring.cpp); `core` outlives the result.
[[nodiscard]] widgets::TargetCommands makeTargetCommands(engine::Engine& core);
// What a person can ask for, as calls of the engine; refusals come to `say` at once. `core` outlives the result.
[[nodiscard]] widgets::Commands makeCommands(engine::Engine& core, std::function<void(const QString&)> say);

// Writes files of a range (file_wiring.cpp); thread-safe, `core` outlives the result.
[[nodiscard]] widgets::FileWriter makeFileWriter(engine::Engine& core);
// The same of a recording; what it is given outlives the result.
struct RecordedRange {
    const engine::Past* past = nullptr;
    const std::atomic<core::Lang>* lang = nullptr;
    const record::Playback* playback = nullptr;
};
[[nodiscard]] widgets::FileWriter makeFileWriter(const RecordedRange& recorded);

// Moves log lines into the window's model, at most five times a second, a bounded batch each.
class LogFeed final : public QObject {
    Q_OBJECT
public:
    LogFeed(std::shared_ptr<LogTap> tap, models::LogModel& model, QObject* parent = nullptr);
    ~LogFeed() override;

private:
    void move();

    const std::shared_ptr<LogTap> m_tap;
    models::LogModel& m_model;
    QTimer m_timer;
};

// What there is of an incident on the shelf.
[[nodiscard]] widgets::IncidentRecording recordingOf(const engine::Engine& core, const metrics::Incident& incident);

} // namespace app
