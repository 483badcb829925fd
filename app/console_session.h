// Engine and window tied together, as the console and the screenshots use them.
#pragma once

#include "app/alarm_sound.h"
#include "app/logging.h"
#include "app/main_window.h"
#include "app/options.h"
#include "app/replay_session.h"
#include "app/wiring.h"
#include "models/log_model.h"
#include "monitor/engine/engine.h"
#include "widgets/panels/panel.h"

#include <memory>

namespace app {

// Main thread only. The destructor closes the window, then stops the engine.
class ConsoleSession {
public:
    ConsoleSession(const Options& options, const std::shared_ptr<LogTap>& tap, const WindowOptions& window);
    ~ConsoleSession();

    [[nodiscard]] core::Result<void> start();
    // The configuration file again: what came of it is told in the window.
    void readConfiguration();
    [[nodiscard]] engine::Engine& core() noexcept { return m_core; }
    [[nodiscard]] MainWindow& window() noexcept { return *m_window; }

private:
    [[nodiscard]] widgets::Commands makeOwnCommands();
    [[nodiscard]] widgets::PanelContext context();
    void showNotices();
    [[nodiscard]] WindowOptions withRecordings(WindowOptions window);
    void openRecording(const QString& file);
    void closeRecording();

    engine::Engine m_core;
    models::LogModel m_log;
    AlarmSound m_sound;
    widgets::Commands m_commands;
    widgets::RecordCommands m_recordings;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<LogFeed> m_feed;
    std::unique_ptr<ReplaySession> m_replay; // null: the live window is shown
    WindowOptions m_windowOptions;
};

} // namespace app
