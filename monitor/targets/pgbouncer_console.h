// PgBouncer's admin console as a page of metrics: named as prometheus-community's exporter names them, so
// that one mapping reads both.
#pragma once

#include "monitor/core/result.h"
#include "monitor/pg/deadline.h"
#include "monitor/targets/exposition_parser.h"

#include <string>
#include <string_view>
#include <vector>

namespace pg {
class Connection;
}

namespace targets {

// The rows of a SHOW command as text; columns differ by version and are found by name.
struct ConsoleTable {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;

    // "" when there is no such column.
    [[nodiscard]] std::string_view at(std::size_t row, std::string_view column) const noexcept;
};

struct ConsoleTables {
    ConsoleTable pools;     // SHOW POOLS
    ConsoleTable stats;     // SHOW STATS
    ConsoleTable databases; // SHOW DATABASES
};

// Times are microseconds there and seconds here; maxwait is whole seconds and maxwait_us the rest of it. What
// is no number, or has no column in this version, is absent. Total; thread-safe.
[[nodiscard]] Page pageOf(const ConsoleTables& tables);

// Asks on a session with the database "pgbouncer": three SHOW commands, each alone in a simple query (the
// console knows no other protocol); never SHOW FDS, which hands out secrets.
[[nodiscard]] core::Result<ConsoleTables> askConsole(pg::Connection& console, pg::Deadline deadline);

} // namespace targets
