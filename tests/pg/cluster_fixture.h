// What the tests of the private server stand on: a folder, a server's options, a question.
#pragma once

#include "monitor/pg/embedded_server.h"

#include <QTemporaryDir>

#include <filesystem>
#include <libpq-fe.h>
#include <string>
#include <sys/stat.h>

namespace pg_test {

namespace fs = std::filesystem;

// A folder the server's user may pass through, also when the test runs as root.
class Folder {
public:
    Folder() : m_dir("/tmp/poolscope-test-XXXXXX") { ::chmod(path().c_str(), 0711); }
    [[nodiscard]] fs::path path() const { return m_dir.path().toStdString(); }
    [[nodiscard]] fs::path data() const { return path() / "data"; }

private:
    QTemporaryDir m_dir;
};

inline pg::EmbeddedOptions optionsFor(const fs::path& dataDir)
{
    pg::EmbeddedOptions options;
    options.dataDir = dataDir;
    options.durable = false;
    return options;
}

// The first field of the first row, or "error: …".
inline std::string ask(const pg::ConnInfo& where, const char* sql)
{
    std::string dsn;
    for (const auto& [keyword, value] : where.values()) {
        dsn += keyword + "='" + value + "' ";
    }
    PGconn* connection = PQconnectdb(dsn.c_str());
    PGresult* result = PQexec(connection, sql);
    std::string answer = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result);
    PQclear(result);
    PQfinish(connection);
    return answer;
}

inline std::string messageOf(const core::Result<void>& result)
{
    return result ? std::string("no error") : result.error().code + ": " + result.error().message;
}

} // namespace pg_test
