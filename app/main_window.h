// The window: the frame, one panel at a time, and what connects them. It knows no engine: snapshots come in,
// wishes go out through Commands.
#pragma once

#include "app/language.h"
#include "app/settings.h"
#include "monitor/metrics/snapshot.h"
#include "widgets/actions.h"
#include "widgets/panels/panel.h"
#include "widgets/past_source.h"
#include "widgets/record_commands.h"
#include "widgets/target_scope.h"
#include "widgets/time_travel.h"
#include "widgets/tray.h"

#include <QElapsedTimer>
#include <QMainWindow>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <optional>
#include <vector>

namespace widgets {
class CommandPalette;
class MarksDialog;
class RecordBar;
class Toast;
} // namespace widgets

namespace app {

class WindowFrame;

struct WindowOptions {
    QString settingsFile;           // in the data folder; empty: nothing is remembered
    std::optional<core::Lang> lang; // --lang; else what was chosen last, else the system's
    // As the context's querier and past, without what targets tell under our names; null: these.
    const metrics::Querier* own = nullptr;
    const metrics::Querier* ownPast = nullptr;
    QString recording = {};         // title of the recording that is shown; empty: it is live
    const widgets::RecordCommands* recordings = nullptr; // outlives the window; null: none are made here
};

// Main thread only.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(const widgets::PanelContext& context, const WindowOptions& options, QWidget* parent = nullptr);
    ~MainWindow() override;

    // At each tick. Only the visible panel gets it; head, navigation and foot always do.
    void showSnapshot(const metrics::SnapshotPtr& snapshot);
    // "overview", "pool", … (app/panel_catalog); `hint` names a row there. An unknown name is ignored.
    void openPanel(const QString& name, const QString& hint = {});
    // A short message that goes by itself: the outcome of a command.
    void tell(const QString& text);
    // The same with a way back.
    void offerUndo(const QString& text, std::function<void()> undo);
    // Time was jumped: panels forget what they have seen, and are fed anew.
    void startOver();
    // Below the top bar; the window's from then on.
    void addBar(QWidget* bar);
    void addAction(const widgets::ActionSpec& spec, std::function<void()> handler);
    void setLanguage(core::Lang lang);
    void setThemeMode(widgets::ThemeMode mode);
    [[nodiscard]] core::Lang lang() const noexcept { return m_language.lang(); }
    [[nodiscard]] QString currentPanel() const;
    [[nodiscard]] widgets::TargetScope& scope() noexcept { return m_scope; }
    [[nodiscard]] widgets::PastSource& past() noexcept { return m_past; }
    // Other servers are configured now; they outlive the window.
    void setSources(std::vector<const metrics::QuerySource*> sources) { m_past.setServers(std::move(sources)); }
    [[nodiscard]] const widgets::TimeRange& range() const noexcept { return m_travel.range(); }
    [[nodiscard]] const widgets::Actions& actionList() const noexcept { return m_actions; }

Q_SIGNALS:
    // The engine's texts (alerts, banners, log) are to follow.
    void languageChanged(core::Lang lang);

protected:
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addActions();
    void addPanelActions();
    void addViewActions();
    void addTimeActions();
    void addCommandActions();
    void addLiveActions();
    void addRecordingActions(); // window_recording.cpp, as the next four
    void toggleRecording();
    void saveRecording();
    void openRecording();
    void askRecordingFile(std::function<void(const QString&)> then);
    [[nodiscard]] static QString panelId(int index);
    void connectFrame();
    void restore();
    void remember();
    void applyStyle();
    void retranslate();

    [[nodiscard]] widgets::Panel* panelAt(int index);
    void showPanel(int index);
    void feedPanel();
    void showHealth();
    void watchSilence();
    void travel(const widgets::TravelWish& wish);
    void rangeChanged();
    void spreadRange();
    void showComparison();
    void openRangeDialog();
    void openNoteDialog(qint64 at);
    void openMarks();
    void jumpTo(qint64 from, qint64 to);
    [[nodiscard]] qint64 middle() const;
    void switchZone();
    void addSourceActions();
    void exportCsv();
    void askForFileOfRange(widgets::FileWish::Kind kind);
    void askForFile(widgets::FileWish wish); // its path
    void writeFile(const widgets::FileWish& wish);
    void offerToOpen(const QString& path);
    void savePanelPicture();
    void stopScenarios();
    void retryNow();
    void openShortcuts();
    void chooseTargets();
    void toggleFullScreen();

    widgets::TargetScope m_scope;
    widgets::PastSource m_past;
    const widgets::PanelContext m_context;
    const WindowOptions m_options;
    WindowState m_state;
    Language m_language;
    widgets::Actions m_actions;
    WindowFrame* m_frame = nullptr;
    widgets::CommandPalette* m_palette = nullptr;
    widgets::Toast* m_toast = nullptr;
    QPointer<widgets::MarksDialog> m_marks;
    widgets::RecordBar* m_recordBar = nullptr; // null in the window of a recording
    widgets::Tray m_tray;
    std::vector<widgets::Panel*> m_panels; // by place in the catalogue; made when first opened
    int m_current = -1;
    metrics::SnapshotPtr m_snapshot; // the newest
    metrics::SnapshotPtr m_frozen;   // what a paused panel shows
    widgets::TimeTravel m_travel;
    int m_behind = 0; // samples since the pause
    QElapsedTimer m_sinceSnapshot;
    QTimer m_silence;
};

} // namespace app
