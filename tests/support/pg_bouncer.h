// A real PgBouncer in front of a test's PostgreSQL.
#pragma once

#include "tests/support/pg_server.h"

#include <QProcess>
#include <QTemporaryDir>

#include <cstdint>
#include <string>

namespace support {

// Clients `app` and `watcher` (who may look at the console) need no password; transaction mode, three
// connections to each database unless it says otherwise. Dies with the object and with the test. Used by one
// thread.
class PgBouncer {
public:
    // `databases`: lines of [databases], in which SERVER stands for where the server is: "appdb = SERVER
    // dbname=postgres".
    PgBouncer(const PgServer& server, std::string databases);
    ~PgBouncer() { stop(); }
    PgBouncer(const PgBouncer&) = delete;
    PgBouncer& operator=(const PgBouncer&) = delete;

    // False when the program is missing. It takes connections a moment later.
    [[nodiscard]] bool start();
    void stop();
    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }

private:
    void write(const char* name, const std::string& text) const;

    QTemporaryDir m_folder;
    QProcess m_process;
    std::uint16_t m_port = 0;
};

} // namespace support
