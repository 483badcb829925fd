// The window's head: whom we watch, how it is, what span is shown, live or paused, and the things always at
// hand.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "widgets/health.h"
#include "widgets/panels/panel.h"

#include <QFrame>
#include <QStringList>

#include <vector>

class QBoxLayout;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace widgets {

class Actions;
class PastSource;
class Pill;

// Every button triggers an action of the registry: "range.5m", "pause", "zone", "export", "theme",
// "language.en" ….
class TopBar final : public QFrame {
    Q_OBJECT
public:
    explicit TopBar(const Actions& actions, QWidget* parent = nullptr);
    void showSnapshot(const metrics::Snapshot& snapshot, const Health& health);
    // No snapshot came for this long: the pill says so.
    void showSilence(core::Nanos silentFor);
    // `behind`: how many samples came since the pause.
    void setRange(const TimeRange& range, int behind);
    // The targets that are shown in the place of the own pool; none: it is shown.
    void setShown(const QStringList& targets);
    // Whom the charts ask for the past, to be chosen here; outlives the bar. Without servers there is nothing to choose.
    void offerSources(PastSource& sources);
    // Texts and icons again, after a change of language, theme or zone.
    void refresh();

Q_SIGNALS:
    void healthClicked();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct RangeButton {
        QToolButton* button;
        std::chrono::milliseconds length;
    };

    void buildLeft(QBoxLayout& row);
    void buildRanges(QBoxLayout& row);
    void buildRight(QBoxLayout& row);
    QToolButton* actionButton(const char* kind, const QString& action);
    void buildMenus();
    void trigger(const QString& action);
    void showTarget(const metrics::ServerView& server);
    void showRangeMenu();
    void showSource();
    // By the width there is: all in full; names and counts brief; fewer ranges, too.
    enum class Room { Enough, Less, Little };
    void fit();
    void arrange(Room room);
    void showLive();

    const Actions& m_actions;
    QLabel* m_logo = nullptr;
    QLabel* m_name = nullptr;
    QToolButton* m_target = nullptr;
    QMenu* m_targetMenu = nullptr;
    Pill* m_health = nullptr;
    std::vector<RangeButton> m_ranges;
    QToolButton* m_more = nullptr;
    Pill* m_live = nullptr;
    Room m_room = Room::Enough;
    QToolButton* m_source = nullptr; // hidden without servers
    PastSource* m_sources = nullptr;
    QToolButton* m_zone = nullptr;
    QPushButton* m_export = nullptr;
    QToolButton* m_theme = nullptr;
    QToolButton* m_language = nullptr;
    QToolButton* m_menu = nullptr;
    metrics::ServerView m_server; // as it was told last
    QString m_targetName;         // for the clipboard
    QString m_targetShort; // where the bar is narrow
    QString m_targetText;
    QStringList m_shown;
    TimeRange m_range;
    int m_behind = 0;
};

} // namespace widgets
