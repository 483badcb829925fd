#include "monitor/targets/pgbouncer_console.h"

#include "monitor/core/format.h"
#include "monitor/pg/connection.h"
#include "monitor/series/label_ops.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>

namespace targets {

namespace {

constexpr std::size_t kMostRows = 5000;
constexpr double kMicros = 1e-6;

struct Column {
    std::string_view column;
    std::string_view metric;
    double factor = 1;
};

constexpr std::array kPools{
    Column{"cl_active", "pgbouncer_pools_client_active_connections"},
    Column{"cl_waiting", "pgbouncer_pools_client_waiting_connections"},
    Column{"sv_active", "pgbouncer_pools_server_active_connections"},
    Column{"sv_idle", "pgbouncer_pools_server_idle_connections"},
    Column{"sv_used", "pgbouncer_pools_server_used_connections"},
    Column{"sv_tested", "pgbouncer_pools_server_testing_connections"},
    Column{"sv_login", "pgbouncer_pools_server_login_connections"},
};
constexpr std::array kStats{
    Column{"total_xact_count", "pgbouncer_stats_totals_sql_transactions_pooled_total"},
    Column{"total_query_count", "pgbouncer_stats_totals_queries_pooled_total"},
    Column{"total_received", "pgbouncer_stats_totals_received_bytes_total"},
    Column{"total_sent", "pgbouncer_stats_totals_sent_bytes_total"},
    Column{"total_xact_time", "pgbouncer_stats_totals_server_in_transaction_seconds_total", kMicros},
    Column{"total_query_time", "pgbouncer_stats_totals_queries_duration_seconds_total", kMicros},
    Column{"total_wait_time", "pgbouncer_stats_totals_client_wait_seconds_total", kMicros},
    Column{"total_server_assignment_count", "pgbouncer_stats_totals_server_assignments_total"},
};
constexpr std::array kDatabases{
    Column{"pool_size", "pgbouncer_databases_pool_size"},
    Column{"reserve_pool", "pgbouncer_databases_reserve_pool"},
    Column{"reserve_pool_size", "pgbouncer_databases_reserve_pool"},
    Column{"max_connections", "pgbouncer_databases_max_connections"},
    Column{"current_connections", "pgbouncer_databases_current_connections"},
    Column{"paused", "pgbouncer_databases_paused"},
    Column{"disabled", "pgbouncer_databases_disabled"},
};

// What rows are told apart by, and the wait in two parts.
constexpr std::array<std::string_view, 8> kLabels{"database", "user",      "name",    "host",
                                                  "port",     "pool_mode", "maxwait", "maxwait_us"};

class PageMaker {
public:
    void add(std::string_view metric, metrics::Labels labels, double value)
    {
        series::setLabel(labels, series::kNameLabel, metric);
        if (m_seen.insert(labels).second) {
            m_page.samples.push_back({std::move(labels), value, std::nullopt});
        } else {
            ++m_page.faults.duplicates;
        }
    }
    void addRow(const ConsoleTable& table, std::size_t row, std::span<const Column> columns,
                const metrics::Labels& labels)
    {
        for (const Column& column : columns) {
            if (const auto value = parseValue(table.at(row, column.column))) {
                add(column.metric, labels, *value * column.factor);
            }
        }
    }
    [[nodiscard]] Page take() { return std::move(m_page); }

private:
    Page m_page;
    std::set<metrics::Labels> m_seen;
};

metrics::Labels labelsOf(const ConsoleTable& table, std::size_t row,
                         std::initializer_list<std::string_view> columns)
{
    metrics::Labels labels;
    for (const std::string_view column : columns) {
        series::setLabel(labels, column, core::oneLine(table.at(row, column), 200));
    }
    return labels;
}

// The columns that are known here and that this version has.
ConsoleTable tableOf(const pg::ResultSet& answer, std::span<const Column> columns)
{
    ConsoleTable table;
    std::vector<int> places;
    const auto want = [&](std::string_view name) {
        if (const int place = answer.column(name); place >= 0) {
            table.columns.emplace_back(name);
            places.push_back(place);
        }
    };
    for (const Column& column : columns) {
        want(column.column);
    }
    for (const std::string_view name : kLabels) {
        want(name);
    }
    for (int row = 0; row < answer.rows() && table.rows.size() < kMostRows; ++row) {
        std::vector<std::string> cells;
        for (const int place : places) {
            cells.emplace_back(answer.text(row, place));
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

core::Result<ConsoleTable> show(pg::Connection& console, const char* command, std::span<const Column> columns,
                                pg::Deadline deadline)
{
    const auto answer = console.execute(command, {}, deadline);
    if (!answer) {
        return core::fail(core::oneLine(answer.error().message, 200), answer.error().code);
    }
    return tableOf(*answer, columns);
}

} // namespace

std::string_view ConsoleTable::at(std::size_t row, std::string_view column) const noexcept
{
    const auto found = std::find(columns.begin(), columns.end(), column);
    const auto index = static_cast<std::size_t>(found - columns.begin());
    return row < rows.size() && index < rows[row].size() ? std::string_view(rows[row][index])
                                                         : std::string_view();
}

Page pageOf(const ConsoleTables& tables)
{
    PageMaker page;
    page.add("pgbouncer_up", {}, 1);
    for (std::size_t row = 0; row < tables.pools.rows.size(); ++row) {
        const metrics::Labels labels = labelsOf(tables.pools, row, {"database", "user"});
        page.addRow(tables.pools, row, kPools, labels);
        const auto whole = parseValue(tables.pools.at(row, "maxwait"));
        const auto rest = parseValue(tables.pools.at(row, "maxwait_us"));
        if (whole) {
            page.add("pgbouncer_pools_client_maxwait_seconds", labels, *whole + rest.value_or(0) * kMicros);
        }
    }
    for (std::size_t row = 0; row < tables.stats.rows.size(); ++row) {
        page.addRow(tables.stats, row, kStats, labelsOf(tables.stats, row, {"database"}));
    }
    for (std::size_t row = 0; row < tables.databases.rows.size(); ++row) {
        page.addRow(tables.databases, row, kDatabases,
                    labelsOf(tables.databases, row, {"name", "host", "port", "database", "pool_mode"}));
    }
    return page.take();
}

core::Result<ConsoleTables> askConsole(pg::Connection& console, pg::Deadline deadline)
{
    ConsoleTables tables;
    struct Command {
        const char* text;
        std::span<const Column> columns;
        ConsoleTable* table;
    };
    for (const Command& command :
         {Command{"SHOW POOLS", kPools, &tables.pools}, Command{"SHOW STATS", kStats, &tables.stats},
          Command{"SHOW DATABASES", kDatabases, &tables.databases}}) {
        auto shown = show(console, command.text, command.columns, deadline);
        if (!shown) {
            return core::fail(shown.error().message, shown.error().code);
        }
        *command.table = std::move(*shown);
    }
    return tables;
}

} // namespace targets
