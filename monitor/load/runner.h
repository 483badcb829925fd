// Scenarios by name: started, watched, stopped; several at once, each at most once.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/load/catalog.h"
#include "monitor/load/demo_schema.h"
#include "monitor/load/lang_now.h"
#include "monitor/load/server_control.h"
#include "monitor/metrics/scenario_rows.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pool/connection_pool.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace load {

// The user was asked and agreed that this run works on a server that is not Poolscope's own.
enum class Consent { NotGiven, Given };

struct RunnerOptions {
    LangNow lang = alwaysEnglish;                    // of errors, messages and marks
    std::function<pg::ConnInfo()> connInfo;          // the pool's server, as it is when asked; thread-safe
    ServerControl server = {};                       // of the embedded server; empty on one that is not ours
    bool consentNeeded = false;                      // the server is not ours
    std::vector<std::filesystem::path> folders = {}; // of further scenario files
    // Starts and ends, on the scenario's thread. Must not block.
    std::function<void(const metrics::Mark&)> onMark = {};
    // Names of the alerts firing now; asked once at each start, on the starter's thread.
    std::function<std::vector<std::string>()> firingAlerts = {};
    const core::Clock* clock = &core::SystemClock::instance();
};

// Thread-safe; nothing but waitIdle() and the destructor waits. Whatever needs the server to be asked
// (head-room, the right to create a schema) is found out by the run itself: it is then Failed, with a
// message.
class Runner {
public:
    // `pool` must outlive the runner.
    Runner(pool::ConnectionPool& pool, RunnerOptions options);
    ~Runner(); // stops all and joins
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    // Missing parameters take their defaults. Errors by code: unknown_scenario, unknown_parameter,
    // out_of_range, running (it is already), unavailable (on this server), consent (needed and not given).
    [[nodiscard]] core::Result<void> start(std::string_view name, const Parameters& parameters = {},
                                           Consent consent = Consent::NotGiven);
    // Returns at once; leases are back, statements cancelled and the schema gone within 2 s. Errors:
    // unknown_scenario, not_running.
    [[nodiscard]] core::Result<void> stop(std::string_view name);
    // The kill switch.
    void stopAll();
    // True as soon as none runs.
    [[nodiscard]] bool waitIdle(core::Nanos atMost);
    [[nodiscard]] bool running() const;
    // Of all runs, present and to come: what they do every so often is left out, or done again.
    enum class TimedSteps { Done, LeftOut };
    void setTimedSteps(TimedSteps steps) noexcept { m_timedStepsWait = steps == TimedSteps::LeftOut; }

    // One row a scenario, in the catalogue's order.
    [[nodiscard]] std::vector<metrics::ScenarioRow> rows(core::Lang lang) const;
    // An alert began to fire: remembered as seen by the scenarios that run or have ended a moment ago.
    void noteAlert(std::string_view name);
    // Scenario files that were left out, with the reason.
    [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return m_problems; }

private:
    struct Entry;
    [[nodiscard]] Entry* find(std::string_view name) const REQUIRES(m_mutex);
    [[nodiscard]] core::Result<void> refusal(const Entry& entry, Consent consent) const REQUIRES(m_mutex);
    [[nodiscard]] metrics::ScenarioRow rowOf(const Entry& entry, core::Lang lang) const REQUIRES(m_mutex);
    [[nodiscard]] core::Unexpected<core::Error> unknown(std::string_view name) const;
    void begin(Entry& entry, Parameters parameters, const std::vector<std::string>& firing) REQUIRES(m_mutex);
    void run(Entry& entry, Parameters parameters, std::stop_token stop);
    [[nodiscard]] core::Result<void> perform(const Entry& entry, Parameters parameters, std::stop_token stop);
    void mark(const Entry& entry, metrics::Mark::Kind kind) const;

    pool::ConnectionPool& m_pool;
    const RunnerOptions m_options;
    DemoSchema m_schema;
    std::atomic<bool> m_timedStepsWait{false};
    std::vector<std::string> m_problems;
    mutable core::Mutex m_mutex; // guards the entries' contents; nothing slow under it
    core::CondVar m_ended;
    std::vector<std::unique_ptr<Entry>> m_entries; // the list itself never changes; each has its thread last
};

} // namespace load
