#include "monitor/pg/peer.h"

#include "monitor/pg/connection.h"

#include <cstdlib>
#include <libpq-fe.h>

namespace pg {

Peer peerOf(Connection& connection) {
    const auto text = [](const char* value) { return std::string(value ? value : ""); };
    PGconn* native = connection.native();
    Peer peer{text(PQhost(native)), text(PQhostaddr(native)), std::atoi(text(PQport(native)).c_str())};
    if (peer.isUnix()) {
        peer.address.clear();
    }
    return peer;
}

} // namespace pg
