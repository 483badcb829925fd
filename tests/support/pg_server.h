// A real PostgreSQL for one test program: a private cluster in a temporary folder, gone with the object.
#pragma once

#include "monitor/core/result.h"
#include "monitor/pg/embedded_server.h"

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace support {

enum class Listens {
    Locally, // on its Unix socket
    Loopback // and on a loopback address of its own, for TLS, which there is none of on Unix sockets
};

struct PgServerOptions {
    int maxConnections = 60;
    Listens listens = Listens::Locally;
    std::vector<std::string> settings = {}; // further name=value
};

// Starts at construction, on the main thread of the test (the server dies with the thread that started it). A test
// that needs it begins with QVERIFY2(server.ok(), server.error()): without a server it fails, it never skips.
// The user is the superuser `postgres`. Not thread-safe, except pid() and connInfo().
class PgServer {
public:
    explicit PgServer(PgServerOptions options = {});
    ~PgServer();
    PgServer(const PgServer&) = delete;
    PgServer& operator=(const PgServer&) = delete;

    [[nodiscard]] bool ok() const { return m_error.empty(); }
    [[nodiscard]] const char* error() const { return m_error.c_str(); }

    [[nodiscard]] pg::ConnInfo connInfo() const { return m_server->connInfo(); }
    // "host=/tmp/… port=5432 user=postgres dbname=postgres", for programs that take text.
    [[nodiscard]] std::string dsn() const;
    [[nodiscard]] int pid() const { return m_server->pid(); }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
    [[nodiscard]] const std::filesystem::path& socketDir() const { return m_server->socketDir(); }
    [[nodiscard]] pg::EmbeddedServer& embedded() { return *m_server; }
    // "127.x.y.z", where a server that Listens::Loopback takes connections at port 5432: an address of this process
    // alone, so that two tests never meet.
    [[nodiscard]] static std::string loopback();
    // A self-signed certificate made by openssl(1); new sessions by TCP may use TLS once this is true.
    [[nodiscard]] bool offerTls();
    // Replaces pg_hba.conf by these lines (PostgreSQL's documentation, 21.1) and has the server read it: a moment
    // later they hold.
    [[nodiscard]] bool setAccess(const std::string& lines);

    void stop() { m_server->stop(); }
    // False with error() set when it did not come up.
    [[nodiscard]] bool start();
    [[nodiscard]] bool restart();
    // SIGSTOP to the postmaster and all its processes, so that connections hang; thaw() lets them go on.
    void freeze();
    void thaw();
    // An immediate shutdown (SIGQUIT): sessions are told and cut off at once. start() brings it back, after a recovery.
    void quit() { endBy(SIGQUIT); }
    // kill -9 of the postmaster: all sessions break without a word. start() brings it back.
    void crash() { endBy(SIGKILL); }

private:
    [[nodiscard]] bool note(const core::Result<void>& result);
    [[nodiscard]] bool runSql(const char* sql);
    void endBy(int signal);

    std::filesystem::path m_folder;
    std::string m_error;
    std::vector<pid_t> m_frozen;
    std::unique_ptr<pg::EmbeddedServer> m_server;
};

} // namespace support
