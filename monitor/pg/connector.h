// How a session is opened without blocking beyond a deadline: internal to this room.
#pragma once

#include "monitor/pg/connection.h"

namespace pg {

// One attempt. libpq resolves names inside PQconnectStart and PQconnectPoll, blocking; so every name is
// resolved beforehand on a helper thread and given as hostaddr. Hosts that only a service file names are not
// known to us: there the whole PQconnectStart runs on the helper.
class Connector {
public:
    Connector(const ConnInfo& info, Deadline deadline, std::stop_token stop);

    [[nodiscard]] core::Result<std::unique_ptr<Connection>> run();

private:
    [[nodiscard]] core::Result<void> resolve();
    [[nodiscard]] core::Result<pg_conn*> start();
    [[nodiscard]] core::Result<void> drive(pg_conn* conn);
    [[nodiscard]] core::Error failure(pg_conn* conn) const;
    [[nodiscard]] core::Error late() const;
    [[nodiscard]] bool interrupted() const { return m_stop.stop_requested() || m_deadline.passed(); }

    ConnInfo m_info;
    const Deadline m_deadline;
    const core::SteadyTime m_begin;
    const std::stop_token m_stop;
};

// PGHOST and PGHOSTADDR included; exposed for tests. An error names the host and getaddrinfo's reason.
struct ResolvedHosts {
    std::string host, hostaddr, port; // lists of equal length, separated by commas
};
[[nodiscard]] core::Result<ResolvedHosts> resolveHosts(std::string_view hosts, std::string_view ports,
                                                       Deadline deadline, const std::stop_token& stop);

// The server's or libpq's words in one line without addresses, and the SQLSTATE when it is in them.
[[nodiscard]] core::Error connectError(std::string_view libpqMessage);

} // namespace pg
