#include "monitor/collect/pg/probe_session.h"

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

int numberOr(std::string_view text, int otherwise) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() ? value : otherwise;
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

} // namespace collect
