// The three requests behind POST /test/*: one each through the pool, answered when it is done.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/load/crew.h"
#include "monitor/load/demo_schema.h"
#include "monitor/load/lang_now.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pool/connection_pool.h"

#include <functional>
#include <optional>
#include <string>

namespace load {

enum class Workload {
    Normal,         // counts the demo users
    Slow,           // the same in a statement of 0.2 s: over the limit of a slow query (0.1 s)
    LongConnection, // the same, and keeps the connection for 15 s (limit 10 s)
};

struct WorkloadOutcome {
    bool ok = false;
    int count = 0;
    std::string error; // one line in the program's language, no credentials
};

struct WorkloadOptions {
    LangNow lang = alwaysEnglish;
    std::function<pg::ConnInfo()> connInfo;
    bool ownServer = true; // false: nothing is written; the users are made up by the statement
    int mostAtOnce = 64;   // more are refused at once
    core::Nanos longHold = std::chrono::seconds(15);
};

// Thread-safe. The destructor cuts short what is under way; every request gets its answer, exactly once.
class Workloads {
public:
    using Done = std::function<void(const WorkloadOutcome&)>;

    // `pool` must outlive it.
    Workloads(pool::ConnectionPool& pool, WorkloadOptions options);

    // Never waits; `done` is called later on a thread of ours and must not block.
    void run(Workload workload, Done done);

private:
    [[nodiscard]] WorkloadOutcome perform(Workload workload, const std::stop_token& stop);
    [[nodiscard]] WorkloadOutcome query(Workload workload, pool::Lease& lease);
    [[nodiscard]] core::Result<void> requireSchema(const std::stop_token& stop);
    [[nodiscard]] WorkloadOutcome refused(core::Text why) const;

    pool::ConnectionPool& m_pool;
    const WorkloadOptions m_options;
    DemoSchema m_schema;
    core::Mutex m_mutex;                                      // guards m_use; nothing slow under it
    std::optional<DemoSchema::Use> m_use GUARDED_BY(m_mutex); // from the first request on
    Curfew m_curfew;
    Crew m_answers; // says no where m_crew is full
    Crew m_crew;    // last: joins first
};

} // namespace load
