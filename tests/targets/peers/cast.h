// Who plays: how each of the real peers is started and loaded.
#pragma once

#include "monitor/pg/connection.h"
#include "tests/support/pg_server.h"
#include "tests/targets/peers/peer.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace peers {

// A script of this folder.
[[nodiscard]] PeerStart pythonPeer(const QString& script, const support::PgServer& server);

// Compiles HikariService.java and pools.go into `folder`; "", or what the compilers say. A minute the first
// time.
[[nodiscard]] QString buildCompiled(const QString& folder);
// "hikari", "pgx" or "sql", from there. JDBC knows no Unix sockets: `server` Listens::Loopback.
[[nodiscard]] PeerStart compiledPeer(const QString& peer, const QString& folder,
                                     const support::PgServer& server);

// Debian's Python exporter of the PgBouncer at `console`; `more`: --mended puts back the column it dies
// without.
[[nodiscard]] PeerStart bouncerExporter(std::uint16_t port, std::uint16_t console, QStringList more = {});
[[nodiscard]] PeerStart postgresExporter(std::uint16_t port, const support::PgServer& server);

[[nodiscard]] std::unique_ptr<pg::Connection> session(const std::string& dsn);

// Clients of a PgBouncer's database appdb that hold its connections, and those that wait for one: all of them
// until the lock they want is let go, which is at the latest when the object ends. Used by one thread.
class Crowd {
public:
    Crowd(const support::PgServer& server, std::uint16_t bouncer, int count);
    ~Crowd();
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    // False: nobody could be made to wait.
    [[nodiscard]] bool ok() const noexcept { return m_lock != nullptr; }
    // All are served, and gone when it returns.
    void release();

private:
    std::unique_ptr<pg::Connection> m_lock;
    std::vector<std::jthread> m_clients;
};

} // namespace peers
