// Where to connect and as whom. Credentials never leave this type except into libpq.
#pragma once

#include "monitor/core/result.h"

#include <map>
#include <string>
#include <string_view>

namespace pg {

// Keywords as in libpq's "Parameter Key Words" page. Copyable value; not thread-safe while being changed.
class ConnInfo {
public:
    ConnInfo() = default;
    // A keyword/value string or URI. Refuses a password in it (shown in process lists and shell histories), with the
    // way to do it right: .pgpass, service file, PGPASSFILE. Syntax errors are libpq's own words, one line.
    [[nodiscard]] static core::Result<ConnInfo> parse(std::string_view dsn);
    // service=NAME; the service file may hold the password.
    [[nodiscard]] static ConnInfo forService(std::string_view name);

    void set(std::string keyword, std::string value) { m_values[std::move(keyword)] = std::move(value); }
    [[nodiscard]] std::string_view get(std::string_view keyword) const;
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& values() const noexcept { return m_values; }
    // "host:port/dbname as user", without anything secret; for titles, logs and /health/db.
    [[nodiscard]] std::string display() const;

private:
    std::map<std::string, std::string, std::less<>> m_values;
};

} // namespace pg
