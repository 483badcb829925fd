#include "monitor/collect/pg/probe_session.h"

#include "monitor/pg/fingerprint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace collect {

namespace {

// In one text, so in one round trip. Not as the start-up packet's `options`, which poolers refuse.
constexpr std::string_view kSettings =
    "SET statement_timeout = '2s'; SET lock_timeout = '200ms'; "
    "SET default_transaction_read_only = on; SET client_min_messages = warning";

// Logins without pg_read_all_stats see other users' backend_type as null; a database is what only sessions
// have.
constexpr std::string_view kActivity =
    "SELECT current_setting('max_connections'),"
    " current_setting('superuser_reserved_connections')::int" // and, since 16, those for roles
    " + coalesce(current_setting('reserved_connections', true), '0')::int,"
    " count(*) FILTER (WHERE application_name = ANY (string_to_array($1, ','))),"
    " count(*) FILTER (WHERE (application_name = ANY (string_to_array($1, ','))) IS NOT TRUE)"
    " FROM pg_catalog.pg_stat_activity"
    " WHERE datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'";

// pg_blocking_pids() takes the lock manager's locks for each pid it is asked about, so only those that wait are. A
// prepared transaction that blocks has pid 0, which is nobody's row.
constexpr std::string_view kBlocking =
    "WITH waiting AS (SELECT pid, pg_catalog.pg_blocking_pids(pid) AS blockers FROM pg_catalog.pg_stat_activity"
    " WHERE wait_event_type = 'Lock' LIMIT 50)"
    " SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), coalesce(a.state, ''),"
    " coalesce(left(a.query, 2000), ''), coalesce(array_to_string(w.blockers, ','), ''),"
    " coalesce(extract(epoch FROM clock_timestamp() - a.state_change), 0)::bigint"
    " FROM pg_catalog.pg_stat_activity a LEFT JOIN waiting w ON w.pid = a.pid"
    " WHERE w.pid IS NOT NULL OR a.pid IN (SELECT unnest(blockers) FROM waiting)"
    " ORDER BY (w.pid IS NOT NULL), a.state_change LIMIT 50";

int numberOr(std::string_view text, int otherwise) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

// Separated by commas.
std::vector<int> numbersIn(std::string_view text) {
    std::vector<int> numbers;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        numbers.push_back(numberOr(text.substr(0, end), 0));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return numbers;
}

core::Nanos since(core::SteadyTime begin) {
    return core::SystemClock::instance().steadyNow() - begin;
}

} // namespace

pg::ConnInfo probeTarget(pg::ConnInfo target) {
    target.set("application_name", "poolscope-monitor");
    return target;
}

std::string_view probeSettings() noexcept {
    return kSettings;
}

ProbeSession::ProbeSession(pg::ConnInfo target, std::vector<std::string> ownNames)
    : m_target(probeTarget(std::move(target)))
    , m_ownNames(fmt::format("{}", fmt::join(ownNames, ","))) {}

core::Result<void> ProbeSession::connect(core::Nanos deadline, std::stop_token stop) {
    auto opened = pg::Connection::open(m_target, pg::Deadline::in(deadline), std::move(stop));
    if (!opened) {
        return core::Unexpected(opened.error());
    }
    auto set = (*opened)->execute(kSettings, {}, pg::Deadline::in(deadline));
    if (!set) {
        return core::Unexpected(set.error());
    }
    m_connection = std::move(*opened);
    return {};
}

core::Result<ProbeAnswer> ProbeSession::ask(core::Nanos deadline, std::stop_token stop) {
    if (!m_connection || !m_connection->alive()) {
        m_connection.reset();
        if (auto connected = connect(deadline, std::move(stop)); !connected) {
            return core::Unexpected(connected.error());
        }
    }
    const core::SteadyTime begin = core::SystemClock::instance().steadyNow();
    auto one = m_connection->execute("SELECT 1", {}, pg::Deadline::in(deadline));
    if (!one) {
        m_connection.reset();
        return core::Unexpected(one.error());
    }
    ProbeAnswer answer;
    answer.latency = since(begin);
    const std::string_view version =
        m_connection->parameterStatus("server_version"); // "15.6 (Debian 15.6-0+deb12u1)"
    answer.version = version.substr(0, version.find(' '));
    answer.timeZone = m_connection->parameterStatus("TimeZone");
    askActivity(answer, deadline);
    answer.serverTime = since(begin);
    return answer;
}

// The server has answered already: whatever goes wrong here leaves figures unknown, no more.
void ProbeSession::askActivity(ProbeAnswer& answer, core::Nanos deadline) {
    const std::array<std::string, 1> params{m_ownNames};
    const auto rows = m_connection->execute(kActivity, params, pg::Deadline::in(deadline));
    if (rows && rows->rows() == 1 && rows->columns() == 4) {
        answer.maxConnections = numberOr(rows->text(0, 0), 0);
        answer.reservedConnections = numberOr(rows->text(0, 1), 0);
        answer.ownSessions = numberOr(rows->text(0, 2), -1);
        answer.otherSessions = numberOr(rows->text(0, 3), -1);
    }
    if (!rows && m_connection->transactionStatus() != pg::TransactionStatus::Idle) {
        m_connection.reset(); // lost, or still busy with what it was asked
    }
}

core::Result<std::vector<metrics::Evidence::Session>> ProbeSession::askBlocking(core::Nanos deadline) {
    if (!m_connection) {
        return core::fail("not connected");
    }
    const auto rows = m_connection->execute(kBlocking, {}, pg::Deadline::in(deadline));
    if (!rows) {
        if (m_connection->transactionStatus() != pg::TransactionStatus::Idle) {
            m_connection.reset();
        }
        return core::Unexpected(rows.error());
    }
    std::vector<metrics::Evidence::Session> sessions;
    for (int row = 0; rows->columns() == 7 && row < rows->rows(); ++row) {
        metrics::Evidence::Session session;
        session.pid = numberOr(rows->text(row, 0), 0);
        session.user = rows->text(row, 1);
        session.application = rows->text(row, 2);
        session.state = rows->text(row, 3);
        session.statement = pg::fingerprint(rows->text(row, 4)).text;
        session.blockedBy = numbersIn(rows->text(row, 5));
        session.inStateFor = std::chrono::seconds(numberOr(rows->text(row, 6), 0));
        sessions.push_back(std::move(session));
    }
    return sessions;
}

} // namespace collect
