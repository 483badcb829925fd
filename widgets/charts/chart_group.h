// The charts of a page: one time range, one crosshair, one heartbeat that moves the right edge in silence
// too.
#pragma once

#include "widgets/charts/chart_feeder.h"
#include "widgets/charts/chart_marks.h"
#include "widgets/charts/chart_seam.h"
#include "widgets/charts/crosshair.h"
#include "widgets/charts/mark_loader.h"
#include "widgets/charts/past_loader.h"
#include "widgets/panels/panel.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <deque>
#include <string>
#include <vector>

namespace widgets {

// Main thread only. Its charts must be children of a page that outlives it.
class ChartGroup final : public QObject {
    Q_OBJECT
public:
    // `past` is asked aside for long ranges; null: `querier` is.
    explicit ChartGroup(const metrics::Querier* querier, QObject* parent = nullptr,
                        const metrics::Querier* past = nullptr);

    // Whom to ask for the marks of long ranges and past ones; outlives the group. May be null.
    void setDiary(const metrics::Diary* diary) { m_pastMarks.setDiary(diary); }
    // The charts are of other people's pools: what happened to ours, and to whoever an alert was about, is no mark of theirs.
    void setForeign() { m_whose = MarksOf::Everyone; }
    // Whom to ask for what memory does not hold; outlives the group. May be null: this console alone.
    void setSource(const PastSource* source);
    // The samples are those of a recording.
    void setRecording() { m_recording = true; }
    // The feeder stays owned by the group. `metric`: the metric whose rules give this chart its thresholds;
    // may be empty.
    ChartFeeder* add(ChartWidget* chart, std::vector<Feed> feeds, std::string metric = {});
    void showSnapshot(const metrics::SnapshotPtr& snapshot);
    void setTimeRange(const TimeRange& range);
    // Words of its own again, after a change of language.
    void retranslate();
    // Only an active group has a heartbeat: call it when the page is shown and hidden.
    enum class Activity { Shown, Hidden };
    void setActivity(Activity activity);

    // The range is more than memory gives at once, or lies in the past: it is asked of the history.
    [[nodiscard]] bool asksAside() const noexcept;
    [[nodiscard]] const TimeRange& range() const noexcept { return m_range; }
    // Where figures are from and how far they lie apart: "memory · 1.0 s", "history · 1m", "central · 15 s". `server`
    // empty: the console's own. ms.
    [[nodiscard]] QString sourceText(const QString& server, qint64 step) const;
    // How far the own samples shown lie apart, ms.
    [[nodiscard]] qint64 ownStep() const;
    // How far samples lie apart, ms.
    [[nodiscard]] qint64 interval() const;
    // The right edge: now (by the last snapshot's clock, so that skew does not matter) or where it was
    // paused.
    [[nodiscard]] qint64 edge() const;

Q_SIGNALS:
    void travelAsked(const widgets::TravelWish& wish);
    void noteAsked(qint64 at);
    void toast(const QString& text);
    // All that was asked of the history and of the server has arrived and is shown.
    void loaded();
    void thresholdMoved(const widgets::Threshold& threshold, double value);

private:
    struct Member {
        ChartFeeder feeder;
        std::string metric;
    };
    void beat();
    void refreshAll();
    void feed(const metrics::Snapshot& snapshot, std::size_t which);
    void loadPast();
    // Of a server (chart_group_server.cpp).
    void askServer();
    void keepServer();
    void takeServer();
    void changeSource();
    void join(std::size_t member);
    void joinAll();
    void nameSources();
    [[nodiscard]] std::vector<ServerLine> serverLines() const;
    [[nodiscard]] int columns() const;
    void tellLoaded();
    // The same of another day, where it is wanted.
    void compare();
    void nameShadow();
    void loadShadow();
    void takeShadow();
    [[nodiscard]] std::vector<PastLoader::Question> questions() const;
    void takeServerShadow();
    [[nodiscard]] ChartWidget* shadowed(std::size_t member, std::size_t series) const;
    void takePast();
    void takeMarks(const metrics::Snapshot& snapshot);
    void spreadMarks();
    void takeThresholds(const metrics::Snapshot& snapshot, Member& member);

    const metrics::Querier* m_querier;
    std::deque<Member> m_members; // a deque: feeders keep their addresses
    TimeRange m_range;
    Crosshair* m_crosshair;
    metrics::SnapshotPtr m_last;
    std::shared_ptr<const std::vector<metrics::Mark>> m_marks;
    MarksOf m_whose = MarksOf::OwnPool;
    bool m_unsaid = false; // resets were found that the charts do not show yet
    QElapsedTimer m_since; // since m_last came
    QTimer m_heartbeat;
    qint64 m_step = 1000; // of the samples asked aside, ms
    bool m_recording = false;
    QElapsedTimer m_sinceLoad;
    PastLoader m_past;
    MarkLoader m_pastMarks;
    PastLoader m_shadow;
    qint64 m_shadowStep = 1000;
    qint64 m_shadowEnd = 0; // up to where it was asked for, moved to this day; 0 = not at all
    ChartSeam* m_seam = nullptr; // null: no server can be chosen
    ServerPast m_serverShadow;
};

// The thresholds of the rules on `metric`, warning and critical, as a chart shows them.
[[nodiscard]] std::vector<Threshold> thresholdsOf(const metrics::Snapshot& snapshot,
                                                  const std::string& metric);

} // namespace widgets
