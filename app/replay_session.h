// A recording in a window of its own: the same panels, fed by a playback instead of an engine.
#pragma once

#include "app/main_window.h"
#include "models/log_model.h"
#include "monitor/core/result.h"
#include "monitor/engine/past.h"
#include "monitor/record/playback.h"
#include "widgets/panels/panel.h"
#include "widgets/playback_bar.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

namespace app {

// Main thread only. No server is started, nothing is served, and nobody is told of its alerts.
class ReplaySession final : public QObject {
    Q_OBJECT
public:
    enum class Live { Behind, None }; // is there a live window to go back to?

    // Waits until the file has been looked at. Errors as record::Tape::open's.
    [[nodiscard]] static core::Result<std::unique_ptr<ReplaySession>>
    open(const std::filesystem::path& file, const WindowOptions& options, Live live);
    ~ReplaySession() override;

    [[nodiscard]] MainWindow& window() noexcept { return *m_window; }
    [[nodiscard]] record::Playback& playback() noexcept { return *m_playback; }

Q_SIGNALS:
    void ended(); // back to live, or the window was closed

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    ReplaySession() = default;
    void makeWindow(const WindowOptions& options, Live live);
    [[nodiscard]] widgets::Commands refusals();
    void connectBar();
    void useLang(core::Lang lang);
    void onSnapshot();
    void onState();
    void holdStill();

    std::vector<const metrics::MetricDef*> m_metrics;
    std::unique_ptr<record::Playback> m_playback;
    std::unique_ptr<engine::Past> m_past;
    std::atomic<core::Lang> m_lang{core::Lang::English}; // of the reports
    models::LogModel m_log;
    widgets::Commands m_commands;
    widgets::PlaybackBar* m_bar = nullptr; // the window's
    std::uint64_t m_stage = 0;             // that the panels know
    std::atomic<bool> m_snapshotPending{false};
    std::atomic<bool> m_statePending{false};
    QTimer m_still;
    std::unique_ptr<MainWindow> m_window; // after what its panels use
};

} // namespace app
