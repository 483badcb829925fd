#include "monitor/pg/connector.h"

#include "monitor/core/format.h"
#include "monitor/pg/aside.h"
#include "monitor/pg/sqlstate.h"

#include <libpq-fe.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <vector>

namespace pg {

namespace {

struct FinishConn {
    void operator()(pg_conn* conn) const noexcept { PQfinish(conn); }
};
using ConnPtr = std::unique_ptr<pg_conn, FinishConn>;

// Both are needed: keepalives notice a dead peer while waiting, tcp_user_timeout while sending (measured).
constexpr std::array<std::pair<const char*, const char*>, 6> kDefaults = {{
    {"keepalives_idle", "10"},
    {"keepalives_interval", "3"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "15000"},
    {"connect_timeout", "10"},
    {"client_encoding", "UTF8"},
}};

std::string environment(const char* name) {
    const char* value =
        std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody calls setenv once threads run
    return value != nullptr ? value : "";
}

std::vector<std::string> splitCommas(std::string_view list) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t comma = list.find(',');
        parts.emplace_back(list.substr(0, comma));
        if (comma == std::string_view::npos) {
            return parts;
        }
        list.remove_prefix(comma + 1);
    }
}

// A socket folder, an abstract socket, the default (empty) or a numeric address: libpq looks nothing up for
// these.
bool needsLookup(const std::string& host) {
    if (host.empty() || host.front() == '/' || host.front() == '@') {
        return false;
    }
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(AF_INET, host.c_str(), address.data()) != 1 &&
           inet_pton(AF_INET6, host.c_str(), address.data()) != 1;
}

struct Lookup {
    int error = 0;
    std::vector<std::string> addresses;
};

Lookup lookUp(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    Lookup found;
    found.error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                        NI_NUMERICHOST) == 0) {
            found.addresses.emplace_back(text.data());
        }
    }
    if (list != nullptr) {
        freeaddrinfo(list);
    }
    return found;
}

void append(std::string& list, std::string_view part, bool first) {
    if (!first) {
        list += ',';
    }
    list += part;
}

} // namespace

core::Result<ResolvedHosts> resolveHosts(std::string_view hosts, std::string_view ports, Deadline deadline,
                                         const std::stop_token& stop) {
    const std::vector<std::string> hostList = splitCommas(hosts);
    const std::vector<std::string> portList = splitCommas(ports);
    ResolvedHosts all;
    bool first = true;
    for (std::size_t i = 0; i < hostList.size(); ++i) {
        const std::string& host = hostList[i];
        const std::string& port =
            portList.size() == 1 ? portList[0] : portList[std::min(i, portList.size() - 1)];
        std::vector<std::string> addresses = {""};
        if (needsLookup(host)) {
            auto found = callAside<Lookup>([host] { return lookUp(host); }, deadline, stop);
            if (!found) {
                return core::fail(fmt::format("looking up host \"{}\" took too long", host),
                                  std::string(kCannotConnect));
            }
            if (found->addresses.empty()) {
                return core::fail(
                    fmt::format("host \"{}\" is not known: {}", host, gai_strerror(found->error)),
                    std::string(kCannotConnect));
            }
            addresses = std::move(found->addresses);
        }
        for (const std::string& address : addresses) {
            append(all.host, host, first);
            append(all.hostaddr, address, first);
            append(all.port, port, first);
            first = false;
        }
    }
    return all;
}

core::Error connectError(std::string_view message) {
    // "connection to server at "…", port … failed: FATAL:  28P01: password authentication failed …\nLOCATION:
    // …"; with several hosts the last one counts.
    const std::size_t failed = message.rfind(" failed: ");
    if (failed != std::string_view::npos) {
        message.remove_prefix(failed + 9);
    }
    message = message.substr(0, message.find('\n'));
    for (std::size_t i = 0; i + 9 < message.size(); ++i) {
        const std::string_view code = message.substr(i + 3, 5);
        if (message.substr(i, 3) == ":  " && message.substr(i + 8, 2) == ": " &&
            std::all_of(code.begin(), code.end(),
                        [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); })) {
            return {core::oneLine(message.substr(i + 10), 300), std::string(code)};
        }
    }
    std::string text = core::oneLine(message, 300);
    return {text.empty() ? "the server closed the connection during login" : std::move(text),
            std::string(kCannotConnect)};
}

Connector::Connector(const ConnInfo& info, Deadline deadline, std::stop_token stop)
    : m_info(info)
    , m_deadline(deadline)
    , m_begin(std::chrono::steady_clock::now())
    , m_stop(std::move(stop)) {
    for (const auto& [keyword, value] : kDefaults) {
        if (m_info.get(keyword).empty()) {
            m_info.set(keyword, value);
        }
    }
}

core::Result<std::unique_ptr<Connection>> Connector::run() {
    if (auto resolved = resolve(); !resolved) {
        return core::Unexpected{resolved.error()};
    }
    auto started = start();
    if (!started) {
        return core::Unexpected{started.error()};
    }
    ConnPtr conn(*started);
    auto farewell = std::make_unique<Connection::Farewell>();
    PQsetNoticeReceiver(conn.get(), &Connection::receiveNotice, farewell.get());
    // The only way to get the SQLSTATE of a refused login out of libpq is the verbose message.
    PQsetErrorVerbosity(conn.get(), PQERRORS_VERBOSE);
    if (auto driven = drive(conn.get()); !driven) {
        return core::Unexpected{driven.error()};
    }
    PQsetErrorVerbosity(conn.get(), PQERRORS_DEFAULT);
    if (PQsetnonblocking(conn.get(), 1) != 0) {
        return core::fail("the new connection cannot be made non-blocking", std::string(kCannotConnect));
    }
    return std::unique_ptr<Connection>(new Connection(conn.release(), std::move(farewell)));
}

core::Result<void> Connector::resolve() {
    const std::string host =
        m_info.get("host").empty() ? environment("PGHOST") : std::string(m_info.get("host"));
    const bool given = !m_info.get("hostaddr").empty() || !environment("PGHOSTADDR").empty();
    const std::vector<std::string> hosts = splitCommas(host);
    if (given || std::none_of(hosts.begin(), hosts.end(), needsLookup)) {
        return {};
    }
    const std::string port =
        m_info.get("port").empty() ? environment("PGPORT") : std::string(m_info.get("port"));
    auto resolved = resolveHosts(host, port, m_deadline, m_stop);
    if (!resolved) {
        return interrupted() ? core::Result<void>(core::Unexpected{late()})
                             : core::Unexpected{resolved.error()};
    }
    m_info.set("host", resolved->host);
    m_info.set("hostaddr", resolved->hostaddr);
    if (!port.empty()) {
        m_info.set("port", resolved->port);
    }
    return {};
}

core::Result<pg_conn*> Connector::start() {
    const auto begin = [info = m_info] {
        std::vector<const char*> keywords;
        std::vector<const char*> values;
        for (const auto& [keyword, value] : info.values()) {
            keywords.push_back(keyword.c_str());
            values.push_back(value.c_str());
        }
        keywords.push_back(nullptr);
        values.push_back(nullptr);
        return ConnPtr(PQconnectStartParams(keywords.data(), values.data(), 0));
    };
    const bool byService = !m_info.get("service").empty() || !environment("PGSERVICE").empty();
    ConnPtr conn;
    if (byService) {
        auto started = callAside<ConnPtr>(begin, m_deadline, m_stop);
        if (!started) {
            return core::Unexpected{late()};
        }
        conn = std::move(*started);
    } else {
        conn = begin();
    }
    if (!conn) {
        return core::fail("out of memory", "53200");
    }
    if (PQstatus(conn.get()) == CONNECTION_BAD) {
        return core::Unexpected{failure(conn.get())};
    }
    return conn.release();
}

core::Result<void> Connector::drive(pg_conn* conn) {
    PostgresPollingStatusType step = PGRES_POLLING_WRITING;
    while (step != PGRES_POLLING_OK) {
        if (step == PGRES_POLLING_FAILED) {
            return core::Unexpected{failure(conn)};
        }
        if (interrupted()) {
            return core::Unexpected{late()};
        }
        pollfd watch{PQsocket(conn), static_cast<short>(step == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        // Slices, so that a stop request is noticed; a connect is no hot path.
        const int slice = m_stop.stop_possible() ? 20 : 1000;
        const int left = m_deadline.pollMillis();
        const int ready = poll(&watch, 1, left < 0 ? slice : std::min(left, slice));
        if (ready > 0) {
            step = PQconnectPoll(conn);
        } else if (ready < 0 && errno != EINTR) {
            return core::fail("poll failed on the new connection", std::string(kCannotConnect));
        }
    }
    return {};
}

core::Error Connector::failure(pg_conn* conn) const {
    if (PQconnectionNeedsPassword(conn) == 1 && PQconnectionUsedPassword(conn) == 0) {
        return {"the server asks for a password and none was found (.pgpass, PGPASSFILE, service file)",
                std::string(kAuthFailed)};
    }
    return connectError(PQerrorMessage(conn));
}

core::Error Connector::late() const {
    if (m_stop.stop_requested()) {
        return {"the connection attempt was stopped", std::string(kCannotConnect)};
    }
    const double took = core::seconds(std::chrono::steady_clock::now() - m_begin);
    return {fmt::format("the server did not answer within {:.2f} s", took), std::string(kCannotConnect)};
}

} // namespace pg
