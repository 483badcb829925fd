#include "monitor/record/frame_fields.h"

#include <utility>

namespace metrics {

using std::uint64_t;

template <class A>
void fields(A& a, SlotRow& r)
{
    a("slot", r.slot);
    a.choice("state", r.state, SlotState::Closing);
    a("overflow", r.overflow);
    a("long_use", r.longUse);
    a("pid", r.backendPid);
    a("age", r.age);
    a("uses", r.uses);
    a("held_for", r.heldFor);
    a("idle_held_for", r.idleHeldFor);
    a("transaction_age", r.transactionAge);
    a("tag", r.tag);
    a("site", r.site);
    a("statement", r.statement);
}

template <class A>
void fields(A& a, WaiterRow& r)
{
    a("position", r.position);
    a("waiting_for", r.waitingFor);
    a("deadline_left", r.deadlineLeft);
    a("tag", r.tag);
    a("site", r.site);
    a("phase", r.phase);
}

template <class A>
void fields(A& a, AutopsyRow& r)
{
    a("number", r.number);
    a("at", r.at);
    a("outcome", r.outcome);
    a("tag", r.tag);
    a("site", r.site);
    a("waited", r.waited);
    a("checked_in", r.checkedIn);
    a("checked_out", r.checkedOut);
    a("opening", r.opening);
    a("total", r.total);
    a("max_connections", r.maxConnections);
    a("waiting", r.waiting);
    a("holders", r.holders);
    a("waiters", r.waiters);
}

template <class A>
void fields(A& a, PoolConfigView& c)
{
    a("size", c.size);
    a("max_overflow", c.maxOverflow);
    a("timeout", c.timeout);
    a("recycle", c.recycle);
    a("slow_acquire", c.slowAcquire);
    a("slow_query", c.slowQuery);
    a("long_use", c.longUse);
    a("leak_after", c.leakAfter);
    a("pre_ping", c.prePing);
    a("lifo", c.lifo);
}

// The counts and words; its rows are sections of their own.
template <class A>
void fields(A& a, PoolView& p)
{
    a("present", p.present);
    a("checked_in", p.checkedIn);
    a("checked_out", p.checkedOut);
    a("total", p.total);
    a("overflow", p.overflow);
    a("max_connections", p.maxConnections);
    a("usage", p.usage);
    a("waiting", p.waiting);
    a("oldest_wait", p.oldestWait);
    a("peak_checked_out", p.peakCheckedOut);
    a("peak_waiting", p.peakWaiting);
    a("state", p.state);
    a("verdict", p.verdict);
    a("last_error", p.lastError);
    a("last_error_sqlstate", p.lastErrorSqlstate);
    a("last_error_at", p.lastErrorAt);
    a("state_since", p.stateSince);
    a("next_try_in", p.nextTryIn);
    a("checkouts", p.checkouts);
    a("checkins", p.checkins);
    a("connects", p.connects);
    a("errors", p.errors);
    a("timeouts", p.timeouts);
}

template <class A>
void fields(A& a, ServerView& s)
{
    a.choice("state", s.state, ServerView::State::Down);
    a("target", s.target);
    a("version", s.version);
    a("latency", s.latency);
    a("since", s.since);
    a("error", s.error);
    a("sqlstate", s.sqlstate);
    a("next_try_in", s.nextTryIn);
    a("max_connections", s.maxConnections);
    a("reserved_connections", s.reservedConnections);
    a("other_sessions", s.otherSessions);
    a("own_sessions", s.ownSessions);
}

template <class A>
void fields(A& a, LatencyView& l)
{
    a("name", l.name);
    a("p50", l.p50);
    a("p90", l.p90);
    a("p95", l.p95);
    a("p99", l.p99);
    a("p999", l.p999);
    a("max", l.max);
    a("count", l.count);
    a("window", l.window);
}

template <class A>
void fields(A& a, ScenarioParameter& p)
{
    a("name", p.name);
    a("title", p.title);
    a("unit", p.unit);
    a("value", p.value);
    a("fallback", p.fallback);
    a("minimum", p.minimum);
    a("maximum", p.maximum);
    a("whole", p.whole);
}

template <class A>
void fields(A& a, ScenarioRow& r)
{
    a("name", r.name);
    a("title", r.title);
    a("description", r.description);
    a("parameters", r.parameters);
    a.choice("state", r.state, ScenarioState::Failed);
    a("progress", r.progress);
    a("elapsed", r.elapsed);
    a("duration", r.duration);
    a("started_at", r.startedAt);
    a("requests", r.requests);
    a("failures", r.failures);
    a("phase", r.phase);
    a("message", r.message);
    a("available", r.available);
    a("needs_consent", r.needsConsent);
    a("expected_alerts", r.expectedAlerts);
    a("seen_alerts", r.seenAlerts);
}

template <class A>
void fields(A& a, ResponseStep& s)
{
    a("id", s.id);
    a("title", s.title);
    a.choice("state", s.state, StepState::Undone);
    a("detail", s.detail);
    a("since", s.since);
}

template <class A>
void fields(A& a, ResponseNote& n)
{
    a("at", n.at);
    a("text", n.text);
}

template <class A>
void fields(A& a, DegradeView& d)
{
    a("enabled", d.enabled);
    a("dry_run", d.dryRun);
    a("by_hand", d.byHand);
    a("level", d.level);
    a("most_level", d.mostLevel);
    a("since", d.since);
    a("why", d.why);
    a("next_change", d.nextChange);
    a("steps", d.steps);
}

template <class A>
void fields(A& a, ScaleView& s)
{
    a("enabled", s.enabled);
    a("dry_run", s.dryRun);
    a("target", s.target);
    a("phase", s.phase);
    a("replicas", s.replicas);
    a("minimum", s.minimum);
    a("maximum", s.maximum);
    a("why", s.why);
    a("outcome", s.outcome);
    a("left", s.left);
    a("may_undo", s.mayUndo);
    a("steps", s.steps);
}

template <class A>
void fields(A& a, ResponseView& r)
{
    a("degrade", r.degrade);
    a("scale", r.scale);
    a("pausable", r.pausable);
    a("log", r.log);
}

// Paths stay at home.
template <class A>
void fields(A& a, LogFileRow& r)
{
    a("name", r.name);
    a.choice("state", r.state, LogFileState::Unreadable);
    a("reason", r.reason);
    a("encoding", r.encoding);
    a("lines", r.lines);
    a("errors", r.errors);
    a("lines_per_second", r.linesPerSecond);
    a("errors_per_minute", r.errorsPerMinute);
    a("open_sessions", r.openSessions);
    a("suspected_leaks", r.suspectedLeaks);
    a("quiet_for", r.quietFor);
}

template <class A>
void fields(A& a, ChannelRow& r)
{
    a("name", r.name);
    a("kind", r.kind);
    a("enabled", r.enabled);
    a("quiet", r.quiet);
    a("sent", r.sent);
    a("retried", r.retried);
    a("failed", r.failed);
    a("expired", r.expired);
    a("queued", r.queued);
    a("last_sent", r.lastSent);
    a("last_failure", r.lastFailure);
    a("last_error", r.lastError);
    a("next_try_in", r.nextTryIn);
}

template <class A>
void fields(A& a, SourceStatus& s)
{
    a("name", s.name);
    a.choice("state", s.state, SourceState::Unavailable);
    a("age", s.age);
    a("cost", s.cost);
    a("text", s.text);
}

template <class A>
void fields(A& a, Banner& b)
{
    a("id", b.id);
    a("critical", b.critical);
    a("since", b.since);
    a("text", b.text);
    a("detail", b.detail);
    a("next_try_in", b.nextTryIn);
}

template <class A>
void fields(A& a, CostView& c)
{
    a("cpu_ratio", c.cpuRatio);
    a("db_time_ratio", c.dbTimeRatio);
    a("resident_bytes", c.residentBytes);
    a("tick_cost", c.tickCost);
    a("missed_ticks", c.missedTicks);
    a("dropped_events", c.droppedEvents);
}

template <class A>
void fields(A& a, TargetState& t)
{
    a("name", t.name);
    a("color", t.color);
    a("reason", t.reason);
    a("paused", t.paused);
    a.choice("origin", t.origin, TargetOrigin::Discovered);
    a("refused", t.refused);
}

template <class A>
void fields(A& a, Exemplar& e)
{
    a("value", e.value);
    a("at", e.at);
    a("labels", e.labels);
}

} // namespace metrics

namespace record {

template <class A>
void fields(A& a, KeptExemplars& k)
{
    a("family", k.family);
    a("labels", k.labels);
    a("exemplars", k.exemplars);
}

namespace {

// The moment, apart from the other parts: it changes with every frame.
struct Head {
    std::uint64_t tick = 0;
    core::WallTime at = {};
    core::Nanos steady{0};
    core::Nanos interval{0};
};

template <class A>
void fields(A& a, Head& h)
{
    a("tick", h.tick);
    a("at", h.at);
    a("steady", h.steady);
    a("interval", h.interval);
}

std::vector<KeptExemplars> exemplarsOf(const metrics::Snapshot& snapshot)
{
    std::vector<KeptExemplars> kept;
    for (const metrics::Family& family : snapshot.families) {
        for (const metrics::Series& series : family.series) {
            if (series.histogram && !series.histogram->exemplars.empty()) {
                kept.push_back({std::string(family.def->name), series.labels, series.histogram->exemplars});
            }
        }
    }
    return kept;
}

// The sections, once for both ways.
template <class A>
void parts(A& a, metrics::Snapshot& s)
{
    a("pool", s.pool);
    a("settings", s.pool.config);
    a("slots", s.pool.slots);
    a("waiters", s.pool.waiters);
    a("autopsies", s.pool.autopsies);
    a("server", s.server);
    a("latency", s.latency);
    a("scenarios", s.scenarios);
    a("responses", s.responses);
    a("logs", s.logs);
    a("channels", s.channels);
    a("sources", s.sources);
    a("banners", s.banners);
    a("cost", s.cost);
    a("targets", s.targets);
}

} // namespace

std::map<std::string, std::string> sectionsOf(const metrics::Snapshot& snapshot)
{
    Json all = Json::object();
    Putter putter(all);
    parts(putter, const_cast<metrics::Snapshot&>(snapshot)); // a putter only reads
    std::vector<KeptExemplars> exemplars = exemplarsOf(snapshot);
    putter("exemplars", exemplars);
    Head head{snapshot.tick, snapshot.at, snapshot.steady.time_since_epoch(), snapshot.interval};
    putter("tick", head);
    std::map<std::string, std::string> sections;
    for (const auto& [name, part] : all.items()) {
        sections.emplace(name, part.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    return sections;
}

void takeSections(const Json& sections, metrics::Snapshot& snapshot, std::vector<KeptExemplars>& exemplars)
{
    if (!sections.is_object()) {
        return;
    }
    Taker taker(sections);
    parts(taker, snapshot);
    taker("exemplars", exemplars);
    Head head{snapshot.tick, snapshot.at, snapshot.steady.time_since_epoch(), snapshot.interval};
    taker("tick", head);
    snapshot.tick = head.tick;
    snapshot.at = head.at;
    snapshot.steady = core::SteadyTime(head.steady);
    snapshot.interval = std::max(head.interval, core::Nanos(1'000'000));
}

} // namespace record
