// The charts of a page: one time range, one crosshair, one heartbeat that moves the right edge in silence
// too.
#pragma once

#include "widgets/charts/chart_feeder.h"
#include "widgets/charts/crosshair.h"
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

    // The feeder stays owned by the group. `metric`: the metric whose rules give this chart its thresholds;
    // may be empty.
    ChartFeeder* add(ChartWidget* chart, std::vector<Feed> feeds, std::string metric = {});
    void showSnapshot(const metrics::SnapshotPtr& snapshot);
    void setTimeRange(const TimeRange& range);
    // Only an active group has a heartbeat: call it when the page is shown and hidden.
    enum class Activity { Shown, Hidden };
    void setActivity(Activity activity);

    [[nodiscard]] const TimeRange& range() const noexcept { return m_range; }
    // The right edge: now (by the last snapshot's clock, so that skew does not matter) or where it was
    // paused.
    [[nodiscard]] qint64 edge() const;

Q_SIGNALS:
    void travelAsked(const widgets::TravelWish& wish);
    void noteAsked(qint64 at);
    void toast(const QString& text);

private:
    struct Member {
        ChartFeeder feeder;
        std::string metric;
    };
    void beat();
    void refreshAll();
    void feed(const metrics::Snapshot& snapshot, Member& member);
    // More than memory gives at once: asked of the history aside, while the window goes on.
    [[nodiscard]] bool asksAside() const noexcept;
    [[nodiscard]] qint64 interval() const;
    void loadPast();
    void takePast();
    void takeMarks(const metrics::Snapshot& snapshot);
    void takeThresholds(const metrics::Snapshot& snapshot, Member& member);

    const metrics::Querier* m_querier;
    std::deque<Member> m_members; // a deque: feeders keep their addresses
    TimeRange m_range;
    Crosshair* m_crosshair;
    metrics::SnapshotPtr m_last;
    std::shared_ptr<const std::vector<metrics::Mark>> m_marks;
    QElapsedTimer m_since; // since m_last came
    QTimer m_heartbeat;
    qint64 m_step = 1000; // of the samples asked aside, ms
    QElapsedTimer m_sinceLoad;
    PastLoader m_past;
};

// The thresholds of the rules on `metric`, warning and critical, as a chart shows them.
[[nodiscard]] std::vector<Threshold> thresholdsOf(const metrics::Snapshot& snapshot,
                                                  const std::string& metric);

} // namespace widgets
