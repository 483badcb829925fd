// What a running scenario may use, and where it reports: handed to its step.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/load/curfew.h"
#include "monitor/load/demo_schema.h"
#include "monitor/load/lang_now.h"
#include "monitor/load/scenario_spec.h"
#include "monitor/load/server_control.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pool/connection_pool.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <source_location>
#include <stop_token>
#include <string>
#include <string_view>

namespace load {

// What a run counts while it runs. Thread-safe.
struct RunFigures {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> failures{0};
    core::Mutex mutex; // guards phase; nothing slow under it
    core::Text phase GUARDED_BY(mutex) = {};
};

// The program as a scenario sees it. Everything outlives the run.
struct Surroundings {
    pool::ConnectionPool& pool;
    DemoSchema& schema;
    const ServerControl& server;
    const core::Clock& clock;
    const std::function<pg::ConnInfo()>& connInfo; // of the server, never of a proxy
    const LangNow& lang;
    const std::atomic<bool>& timedStepsWait;
};

// A statement of a scenario, how long it may take, answer included, and how much whoever asks for it matters.
struct Statement {
    std::string_view sql;
    core::Nanos deadline = std::chrono::seconds(5);
    pool::Priority priority = pool::Priority::Normal;
};

// Thread-safe; used by the scenario's thread and its workers. What borrows and runs counts requests and
// failures by itself; what the scenario itself cancelled because it was stopped is no failure.
class Context {
public:
    Context(Surroundings surroundings, Parameters parameters, RunFigures& figures, std::stop_token stop);

    [[nodiscard]] pool::ConnectionPool& pool() const noexcept { return m_around.pool; }
    [[nodiscard]] DemoSchema& schema() const noexcept { return m_around.schema; }
    [[nodiscard]] const ServerControl& server() const noexcept { return m_around.server; }
    [[nodiscard]] pg::ConnInfo connInfo() const { return m_around.connInfo(); }
    [[nodiscard]] core::Lang lang() const { return m_around.lang(); }
    [[nodiscard]] const core::Clock& clock() const noexcept { return m_around.clock; }
    // What a scenario does every so often is left out while the service is degraded.
    [[nodiscard]] bool timedStepsWait() const noexcept { return m_around.timedStepsWait; }

    // For the run's workers: one a run.
    [[nodiscard]] Curfew& curfew() noexcept { return m_curfew; }

    // Parameters; the catalogue has checked that they are there.
    [[nodiscard]] double number(std::string_view name) const;
    [[nodiscard]] int whole(std::string_view name) const;
    [[nodiscard]] core::Nanos seconds(std::string_view name) const;
    [[nodiscard]] core::Nanos millis(std::string_view name) const;

    // The scenario was stopped by the user; its end by time is not in it.
    [[nodiscard]] const std::stop_token& stop() const noexcept { return m_stop; }
    // True while there is time left and nobody has stopped it.
    [[nodiscard]] bool goesOn() const;
    // Waits that long; false at once when stopped, or when the scenario's time is over.
    bool pause(core::Nanos span) const;
    bool pauseUntil(core::SteadyTime until) const; // by clock()
    // Waits until the scenario is over or stopped.
    void waitToEnd() const;

    void setPhase(core::Text phase);
    void countRequest() noexcept { m_figures.requests.fetch_add(1, std::memory_order_relaxed); }
    void countFailure() noexcept { m_figures.failures.fetch_add(1, std::memory_order_relaxed); }

    // Takes a connection under the tag, counted; timeout 0 is the pool's own. Not valid when that failed or
    // `stop` was asked for. `site` is shown as the borrower.
    [[nodiscard]] pool::Lease take(std::stop_token stop, std::string_view tag,
                                   core::Nanos timeout = core::Nanos(0),
                                   pool::Priority priority = pool::Priority::Normal,
                                   std::source_location site = std::source_location::current());
    // Runs the statement, not begun after `stop`; the curfew's second step cancels it on the server. False
    // when it failed (counted unless stopped).
    bool run(std::stop_token stop, pool::Lease& lease, const Statement& statement);
    // take, run, give back.
    bool request(std::stop_token stop, std::string_view tag, const Statement& statement,
                 std::source_location site = std::source_location::current());
    // The failure in the language of the program.
    [[nodiscard]] core::Unexpected<core::Error> fail(core::Text text, std::string_view cause = {}) const;

private:
    const Surroundings m_around;
    const Parameters m_parameters;
    RunFigures& m_figures;
    const std::stop_token m_stop;
    const core::SteadyTime m_end; // by the injected clock
    Curfew m_curfew;
};

// Sleeps on the real clock until `span` is over or stop is asked for; true when the time passed.
bool sleepFor(const std::stop_token& stop, core::Nanos span);

} // namespace load
