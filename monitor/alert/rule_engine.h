// Evaluates rules once a tick, keeps their states, and tells what fires and what is over.
#pragma once

#include "monitor/alert/alert_memory.h"
#include "monitor/alert/attention.h"
#include "monitor/alert/chronicle.h"
#include "monitor/alert/flap_watch.h"
#include "monitor/alert/ownership.h"
#include "monitor/alert/rule_rows.h"
#include "monitor/alert/rule_set.h"
#include "monitor/alert/teller.h"
#include "monitor/alert/user_rules.h"
#include "monitor/core/latest.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/alert_event.h"
#include "monitor/metrics/incident.h"
#include "monitor/metrics/remote_rows.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace alert {

// An alert changed its state, whoever is told of it.
struct Transition {
    metrics::AlertRow row; // as it is now
    metrics::AlertState from = metrics::AlertState::Inactive;
    metrics::AlertState to = metrics::AlertState::Inactive;
    Cause cause = Cause::Condition;
};

// All callbacks come on the evaluating thread, after the rows of the tick are known, and must not block.
struct RuleEngineOptions {
    core::Lang lang = core::Lang::English;
    enum class Logging { On, Off } logging = Logging::On; // Off: what a recording replays is no news
    // Of groups that name no interval; 0 = every tick.
    core::Nanos interval{0};
    // Each transition once, for marks and notes.
    std::function<void(const Transition&)> onTransition = {};
    // What people are to be told, for notifiers.
    metrics::AlertEventSink onEvent = {};
    // Incidents and transitions to be kept, and what is seen when one begins.
    metrics::IncidentSink history = {};
    std::function<metrics::Evidence(const metrics::Snapshot&)> evidence = {};
    // What servers say of rules they may own; called on the evaluating thread, must not block.
    std::function<metrics::RemoteView()> elsewhere = {};
    // The file with the user's rules and changes: only what stands there replaces rules of other files.
    std::string userRules = {};
    // Rules of files that `isOwn` names, the user's changes of them too, look through `own`: at the program's own
    // series, for another Poolscope that is watched tells the same names. Null: all look at everything. It outlives
    // the engine.
    const promql::Querier* own = nullptr;
    std::function<bool(const std::string& file)> isOwn = {};
};

// evaluate() belongs to one thread (the sampler's); everything else is thread-safe. Log lines go to the
// spdlog logger "poolscope.alert", one a firing and one a resolution.
class RuleEngine {
public:
    RuleEngine(series::Head& head, const promql::Querier& querier, RuleEngineOptions options = {});
    ~RuleEngine();

    // Rule files from now on, in this order. When one is broken, the rules before stay in use and problem()
    // says so.
    [[nodiscard]] core::Result<void, RuleFileError> load(std::vector<std::string> paths);
    // Reads files that have changed; states of rules that stayed the same go on, alerts of the others end.
    // True when other rules are in use now.
    bool reloadIfChanged();
    // "rules.yml:12: reason" while a file cannot be used; nullopt when all is well.
    [[nodiscard]] std::optional<std::string> problem() const;

    // After Head::append() of the same snapshot: fills snapshot.alerts and snapshot.rules and pushes ALERTS
    // and poolscope_rule_* families; recorded series and ALERTS go into the head, too.
    void evaluate(metrics::Snapshot& snapshot);

    // What came to light since the evaluation about what fires; the same thread.
    void addSeen(const Seen& seen);
    // What to remember over a restart, and how it is taken up again: by the next evaluation.
    [[nodiscard]] AlertMemory memory() const;
    void restore(AlertMemory memory);
    // Another one whenever memory() would give something new that must not be lost.
    [[nodiscard]] std::uint64_t memoryVersion() const;

    [[nodiscard]] Attention& attention() noexcept { return m_attention; }
    [[nodiscard]] const Attention& attention() const noexcept { return m_attention; }
    void setLang(core::Lang lang) noexcept { m_lang.store(lang, std::memory_order_relaxed); }
    // What is known of that rule; nothing in it when it is not in use.
    [[nodiscard]] EditedRule find(const metrics::RuleKey& key) const;
    // The rules in use, with the user's changes in them.
    [[nodiscard]] RuleSet::Files files() const;
    // Of the last evaluation.
    [[nodiscard]] std::vector<metrics::AlertRow> alerts() const;
    [[nodiscard]] std::vector<metrics::RuleRow> rules() const;
    // Names of the alerts that fire now, sorted, each once.
    [[nodiscard]] std::vector<std::string> firing() const;
    // What evaluate() may push, for the list of metrics.
    [[nodiscard]] static std::span<const metrics::MetricDef> metrics() noexcept;

private:
    struct LiveGroup;
    struct Rows {
        std::vector<metrics::AlertRow> alerts;
        std::vector<metrics::RuleRow> rules;
        std::vector<const LiveRule*> ruleOf; // of each alert; for this evaluation only
        std::vector<metrics::AlertRow> others; // Snapshot::otherAlerts
    };
    struct Found; // a change whose row is not known yet

    [[nodiscard]] Moment momentOf(const metrics::Snapshot& snapshot) const REQUIRES(m_mutex);
    void adopt() REQUIRES(m_mutex); // this and the next three: rule_engine_adopt.cpp
    void endAlerts(LiveRule& live, Cause cause) REQUIRES(m_mutex);
    void takeUp() REQUIRES(m_mutex);
    void takeUpRest(AlertMemory memory, const std::set<std::string>& alive) REQUIRES(m_mutex);
    [[nodiscard]] std::vector<Found> evaluateGroups(const metrics::Snapshot& snapshot) REQUIRES(m_mutex);
    void evaluateAlert(LiveRule& live, int limit, std::int64_t at, std::vector<Found>& found)
        REQUIRES(m_mutex);
    void evaluateRecording(LiveRule& live, int limit, std::int64_t at);
    [[nodiscard]] const promql::Querier& querierOf(const LiveRule& live) const;
    [[nodiscard]] Rows makeRows(const metrics::Snapshot& snapshot) const REQUIRES(m_mutex);
    [[nodiscard]] std::vector<Event> eventsOf(std::vector<Found> found, const Rows& rows) REQUIRES(m_mutex);
    void attend(Rows& rows, const std::vector<Event>& events, const metrics::Snapshot& snapshot)
        REQUIRES(m_mutex);
    void standRules() REQUIRES(m_mutex); // this and the next two: rule_engine_owners.cpp
    void settleOwners(const Rows& rows, std::vector<Event>& events) REQUIRES(m_mutex);
    void part(Rows& rows, const std::vector<Event>& events) REQUIRES(m_mutex);
    [[nodiscard]] std::vector<metrics::AlertEvent>
    chronicle(const Rows& rows, const std::vector<Event>& events, const metrics::Snapshot& snapshot)
        REQUIRES(m_mutex);
    void expose(metrics::Snapshot& snapshot);
    void tell(const std::vector<Event>& events, const std::vector<metrics::AlertEvent>& told);

    series::Head& m_head;
    const promql::Querier& m_querier;
    const RuleEngineOptions m_options;
    std::atomic<core::Lang> m_lang;
    Attention m_attention;
    std::vector<metrics::Labels> m_exposed; // ALERTS of the last tick; the evaluating thread's alone
    core::Latest<Rows> m_rows;
    mutable core::Mutex m_mutex; // guards what follows; one evaluation (at most a few ms) runs under it
    RuleSet m_set GUARDED_BY(m_mutex);
    RuleSet::Files m_files GUARDED_BY(m_mutex); // what the groups point into
    std::vector<std::unique_ptr<LiveGroup>> m_groups GUARDED_BY(m_mutex);
    std::vector<Event> m_ended GUARDED_BY(m_mutex); // by the rules' going, not yet told
    std::optional<AlertMemory> m_restoring GUARDED_BY(m_mutex);
    Moment m_now GUARDED_BY(m_mutex); // of the last evaluation
    FlapWatch m_flaps GUARDED_BY(m_mutex);
    Ownership m_ownership GUARDED_BY(m_mutex);
    metrics::RemoteView m_elsewhere GUARDED_BY(m_mutex); // of this evaluation
    Teller m_teller GUARDED_BY(m_mutex);
    Chronicle m_chronicle GUARDED_BY(m_mutex);
    std::uint64_t m_version GUARDED_BY(m_mutex) = 0;
};

} // namespace alert
