// Where a session really went: after service files, environment, lists of hosts and name look-up.
#pragma once

#include <string>

namespace pg {

class Connection;

struct Peer {
    std::string host;    // as asked for: a name, an address, or a socket directory ("/…" or "@…")
    std::string address; // numeric; empty for a Unix socket
    int port = 0;

    [[nodiscard]] bool isUnix() const noexcept { return host.starts_with('/') || host.starts_with('@'); }
};

// By the thread that uses the connection.
[[nodiscard]] Peer peerOf(Connection& connection);

} // namespace pg
