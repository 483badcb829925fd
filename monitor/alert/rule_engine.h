// Evaluates rules once a tick, keeps their states, and tells what fires and what is over.
#pragma once

#include "monitor/alert/rule_rows.h"
#include "monitor/alert/rule_set.h"
#include "monitor/core/latest.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace alert {

// An alert began to fire or was resolved (or went pending, or ceased to be).
struct Transition {
    metrics::AlertRow row; // as it is now
    metrics::AlertState from = metrics::AlertState::Inactive;
    metrics::AlertState to = metrics::AlertState::Inactive; // Firing, Resolved, Pending, Inactive
};

struct RuleEngineOptions {
    core::Lang lang = core::Lang::English;
    // Of groups that name no interval; 0 = every tick.
    core::Nanos interval{0};
    // On the evaluating thread, after the rows of the tick are known; each transition once. For marks, notes,
    // notifiers.
    std::function<void(const Transition&)> onTransition = {};
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
    // Reads files that have changed; states of rules that stayed the same go on. True when other rules are in
    // use now.
    bool reloadIfChanged();
    // "rules.yml:12: reason" while a file cannot be used; nullopt when all is well.
    [[nodiscard]] std::optional<std::string> problem() const;

    // After Head::append() of the same snapshot: fills snapshot.alerts and snapshot.rules and pushes ALERTS
    // and poolscope_rule_* families; recorded series and ALERTS go into the head, too.
    void evaluate(metrics::Snapshot& snapshot);

    void setLang(core::Lang lang) noexcept { m_lang.store(lang, std::memory_order_relaxed); }
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
    };
    struct Pending; // a change whose row is not known yet

    void adopt() REQUIRES(m_mutex);
    void evaluateGroup(LiveGroup& group, const metrics::Snapshot& snapshot, std::vector<Pending>& changes)
        REQUIRES(m_mutex);
    void evaluateAlert(LiveRule& live, int limit, const metrics::Snapshot& snapshot,
                       std::vector<Pending>& changes);
    void evaluateRecording(LiveRule& live, int limit, const metrics::Snapshot& snapshot);
    [[nodiscard]] core::Result<std::vector<promql::InstantSample>> observe(LiveRule& live,
                                                                           std::int64_t at) const;
    [[nodiscard]] Rows makeRows(const metrics::Snapshot& snapshot) const REQUIRES(m_mutex);
    void expose(metrics::Snapshot& snapshot);
    void tell(const std::vector<Pending>& changes, const metrics::Snapshot& snapshot);

    series::Head& m_head;
    const promql::Querier& m_querier;
    const RuleEngineOptions m_options;
    std::atomic<core::Lang> m_lang;
    std::vector<metrics::Labels> m_exposed; // ALERTS of the last tick; the evaluating thread's alone
    core::Latest<Rows> m_rows;
    mutable core::Mutex m_mutex; // guards what follows; one evaluation (at most a few ms) runs under it
    RuleSet m_set GUARDED_BY(m_mutex);
    std::vector<std::unique_ptr<LiveGroup>> m_groups GUARDED_BY(m_mutex);
};

} // namespace alert
