// One question to the server: the inside of the probe, without thread and without memory.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/metrics/incident.h"
#include "monitor/pg/connection.h"
#include "monitor/pg/conninfo.h"

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace collect {

struct ProbeAnswer {
    std::string version;       // "15.6"
    std::string timeZone;      // "Asia/Shanghai"; the server tells it unasked (libpq, PQparameterStatus)
    core::Nanos latency{0};    // of an empty round trip
    core::Nanos serverTime{0}; // of everything asked, latency included
    int maxConnections = 0;    // 0 = not known
    int reservedConnections = 0;
    int ownSessions = -1;      // -1 = not known
    int otherSessions = -1;
};

// A connection that is opened when needed and dropped when in doubt. One thread.
class ProbeSession {
public:
    ProbeSession(pg::ConnInfo target, std::vector<std::string> ownNames);

    // Connects if there is no connection, then asks; each step takes at most `deadline`. Errors: one line, no
    // credentials, code = SQLSTATE.
    [[nodiscard]] core::Result<ProbeAnswer> ask(core::Nanos deadline, std::stop_token stop);

    // Who waits for a lock and who stands in the way (pg_blocking_pids), those who block first, at most 50; statements
    // without their literals. Only after ask() was answered; at most `deadline`.
    [[nodiscard]] core::Result<std::vector<metrics::Evidence::Session>> askBlocking(core::Nanos deadline);

private:
    [[nodiscard]] core::Result<void> connect(core::Nanos deadline, std::stop_token stop);
    void askActivity(ProbeAnswer& answer, core::Nanos deadline);

    const pg::ConnInfo m_target;
    const std::string m_ownNames; // separated by commas
    std::unique_ptr<pg::Connection> m_connection;
};

// Connects as poolscope-monitor whatever the target says.
[[nodiscard]] pg::ConnInfo probeTarget(pg::ConnInfo target);
// What each new connection is told first: read only, and patient with nothing.
[[nodiscard]] std::string_view probeSettings() noexcept;

} // namespace collect
