// A page of the console. It is fed snapshots while visible and asks for things through Commands; it knows no
// engine.
#pragma once

#include "monitor/metrics/diary.h"
#include "monitor/metrics/pool_advice.h"
#include "monitor/metrics/pool_trace.h"
#include "monitor/metrics/querier.h"
#include "monitor/metrics/query_source.h"
#include "monitor/metrics/snapshot.h"
#include "widgets/channel_commands.h"
#include "widgets/alert_commands.h"
#include "widgets/cluster_commands.h"
#include "widgets/file_wish.h"
#include "widgets/remote_commands.h"
#include "widgets/target_commands.h"
#include "widgets/time_range.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QWidget>

#include <functional>
#include <stop_token>
#include <vector>

class QAbstractItemModel;

namespace models {
class LogModel;
}

namespace widgets {

class PastSource;
class TargetScope;

// What a person can ask the program to do. Filled in by app/wiring; every call returns at once, outcomes come
// back in a later snapshot (scenario states, banners, marks) or as a toast in the window.
struct Commands {
    std::function<void(const QString& name, const QMap<QString, double>& parameters, bool consent)>
        startScenario;
    std::function<void(const QString& name)> stopScenario;
    std::function<void(int slot)> cancelStatement;
    std::function<void(int slot)> terminateBackend;
    std::function<void(int slot)> recycleSlot;
    std::function<void(bool failNewRequests)> suspendPool;
    std::function<void()> resumePool;
    std::function<void()> drainPool;
    std::function<void(const QMap<QString, double>& knobs)> configurePool; // names as in /pool/status
    std::function<void()> retryNow;                                        // the banner's [Retry now]
    std::function<void()> reloadRules;
    std::function<void()> readConfiguration; // the file again, as SIGHUP does
    AlertCommands alerts;
    ClusterCommands cluster;
    RemoteCommands remote;
    std::function<void(qint64 at, const QString& text)> addNote; // `at` in ms since the epoch
    ChannelCommands channels;
    TargetCommands targets;
    std::function<void(const metrics::ResponseCommand& command)> respond;
    FileWriter writeFile;
};

struct PanelContext {
    const metrics::Querier* querier = nullptr; // outlives every panel
    const Commands* commands = nullptr;        // outlives every panel
    models::LogModel* log = nullptr;           // outlives every panel
    // What pools of other sizes would have done with the requests of the last `window` (0 = all that are known).
    // Thread-safe; may take a second, so never on the main thread. nullptr: given up. Empty: not to be had.
    std::function<metrics::PoolAdvicePtr(core::Nanos window, const std::stop_token& stop)> poolAdvice = {};
    const metrics::PoolWitness* witness = nullptr; // outlives every panel; may be null
    // Of long ranges; may wait for a disk, so it is never asked on the main thread. Null: `querier` knows all.
    const metrics::Querier* past = nullptr;
    TargetScope* scope = nullptr;    // which targets the panels show; outlives every panel; null: the own pool alone
    std::vector<const metrics::QuerySource*> sources = {}; // other servers that can be asked; outlive every panel
    const PastSource* history = nullptr; // which of them the charts ask; outlives every panel; null: this console alone
    bool recorded = false;           // what was: the samples are those of a recording
    metrics::Diary* diary = nullptr; // marks of the past and notes; outlives every panel; may be null
};

class Panel : public QWidget {
    Q_OBJECT
public:
    explicit Panel(const PanelContext& context, QWidget* parent = nullptr)
        : QWidget(parent)
        , m_context(context)
    {
    }

    // The main window calls it for the visible panel only, at each tick and when the panel is shown.
    virtual void showSnapshot(const metrics::SnapshotPtr& snapshot) = 0;
    virtual void setTimeRange(const TimeRange& range) { Q_UNUSED(range) }
    // The row another panel pointed at (panelRequested's hint): alert name, slot.
    virtual void showHint(const QString& hint) { Q_UNUSED(hint) }
    // What the panel wants to find again in the next run: asked for at the end, given back when it is made.
    [[nodiscard]] virtual QByteArray state() const { return {}; }
    virtual void restoreState(const QByteArray& state) { Q_UNUSED(state) }

Q_SIGNALS:
    // Another panel is wanted: "alerts", "pool" …; `hint` names a row there (alert name, slot).
    void panelRequested(const QString& panel, const QString& hint);
    void toast(const QString& text);
    void travelAsked(const widgets::TravelWish& wish);
    // A note at this moment is wanted.
    void noteAsked(qint64 at);

protected:
    [[nodiscard]] bool isRecording() const noexcept { return m_context.recorded; }
    [[nodiscard]] const PanelContext& context() const noexcept { return m_context; }

private:
    PanelContext m_context;
};

} // namespace widgets
