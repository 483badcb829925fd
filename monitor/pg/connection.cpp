#include "monitor/pg/connection.h"

#include "monitor/core/format.h"
#include "monitor/pg/connector.h"
#include "monitor/pg/sqlstate.h"

#include <libpq-fe.h>

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

namespace pg {

namespace {

// How long a call may outlive its deadline to hear that its cancel request has worked.
constexpr core::Millis kCancelGrace{40};
// The statement's buffer is kept for the next one unless it was unusually large.
constexpr std::size_t kKeepTextBytes = 64 * 1024;

std::string_view fieldOf(const pg_result* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text != nullptr ? text : "";
}

bool isCopy(ExecStatusType status) {
    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

bool isError(ExecStatusType status) {
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_PIPELINE_ABORTED;
}

} // namespace

core::Result<std::unique_ptr<Connection>> Connection::open(const ConnInfo& info, Deadline deadline,
                                                           std::stop_token stop) {
    return Connector(info, deadline, std::move(stop)).run();
}

Connection::Connection(pg_conn* conn, std::unique_ptr<Farewell> farewell)
    : m_conn(conn)
    , m_farewell(std::move(farewell))
    , m_cancel(Cancel::of(conn))
    , m_backendPid(PQbackendPID(conn))
    , m_owner(getpid()) {}

// Never waits: the socket is non-blocking and so is the flush of the farewell message.
Connection::~Connection() {
    if (getpid() == m_owner) {
        PQfinish(m_conn);
    }
}

void Connection::receiveNotice(void* farewell, const pg_result* result) {
    const std::string_view severity = fieldOf(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity == "FATAL" || severity == "PANIC") {
        auto* last = static_cast<Farewell*>(farewell);
        last->sqlstate = fieldOf(result, PG_DIAG_SQLSTATE);
        last->message = core::oneLine(fieldOf(result, PG_DIAG_MESSAGE_PRIMARY), 300);
    }
}

core::Result<ResultSet> Connection::execute(std::string_view sql, std::span<const std::string> params,
                                            Deadline deadline, Late late) {
    if (lost()) {
        return core::Unexpected{lostError()};
    }
    if (sql.find('\0') != std::string_view::npos) {
        return core::fail("a statement cannot hold a NUL character", "22021");
    }
    const bool busy = PQtransactionStatus(m_conn) == PQTRANS_ACTIVE || m_cancel.sent() != m_cancelsSeen;
    if (busy && !finishLeftover(Deadline::in(kCancelGrace))) {
        return core::fail("the connection is still busy with an earlier statement",
                          std::string(kConnectionBusy));
    }
    if (!send(sql, params)) {
        return lost() || !alive()
                   ? core::Unexpected{lostError()}
                   : core::fail(core::oneLine(PQerrorMessage(m_conn), 300), std::string(kConnectionBusy));
    }
    return collect(deadline, late);
}

bool Connection::send(std::string_view sql, std::span<const std::string> params) {
    m_text.assign(sql);
    bool sent = false;
    if (params.empty()) {
        sent = PQsendQuery(m_conn, m_text.c_str()) == 1;
    } else {
        std::vector<const char*> values;
        values.reserve(params.size());
        for (const std::string& value : params) {
            values.push_back(value.c_str());
        }
        sent = PQsendQueryParams(m_conn, m_text.c_str(), static_cast<int>(values.size()), nullptr,
                                 values.data(), nullptr, nullptr, 0) == 1;
    }
    if (m_text.capacity() > kKeepTextBytes) {
        std::string().swap(m_text);
    }
    return sent;
}

// A server that answers while we still send must be read, or both wait for ever.
Connection::Wait Connection::flush(Deadline deadline) {
    for (;;) {
        const int state = PQflush(m_conn);
        if (state == 0) {
            return Wait::Ready;
        }
        if (state < 0) {
            return Wait::Lost;
        }
        if (deadline.passed()) {
            return Wait::TimedOut;
        }
        pollfd watch{PQsocket(m_conn), POLLIN | POLLOUT, 0};
        if (poll(&watch, 1, deadline.pollMillis()) > 0 && (watch.revents & POLLIN) != 0 &&
            PQconsumeInput(m_conn) == 0) {
            return Wait::Lost;
        }
    }
}

Connection::Wait Connection::awaitResult(Deadline deadline) {
    if (const Wait flushed = flush(deadline); flushed != Wait::Ready) {
        // An unsent tail does not matter when the server has said why already.
        return flushed == Wait::Lost && PQisBusy(m_conn) == 0 ? Wait::Ready : flushed;
    }
    while (PQisBusy(m_conn) == 1) {
        pollfd watch{PQsocket(m_conn), POLLIN, 0};
        const int ready = poll(&watch, 1, deadline.pollMillis());
        if (ready > 0 && PQconsumeInput(m_conn) == 0) {
            return PQisBusy(m_conn) == 0 ? Wait::Ready : Wait::Lost;
        }
        if (ready < 0 && errno != EINTR) {
            return Wait::Lost;
        }
        if (ready == 0 && deadline.passed()) {
            return Wait::TimedOut;
        }
    }
    return Wait::Ready;
}

core::Result<ResultSet> Connection::collect(Deadline deadline, Late late) {
    ResultSet last;
    core::Error error;
    bool failed = false;
    m_copying = false;
    for (;;) {
        const Wait waited = awaitResult(deadline);
        if (waited == Wait::TimedOut) {
            return late == Late::Cancel ? giveUp()
                                        : core::fail("the deadline has passed", std::string(kQueryCanceled));
        }
        pg_result* result = waited == Wait::Ready ? PQgetResult(m_conn) : nullptr;
        if (result == nullptr) {
            break;
        }
        const ExecStatusType status = PQresultStatus(result);
        if (isError(status) && !failed) {
            failed = true;
            error = {core::oneLine(fieldOf(result, PG_DIAG_MESSAGE_PRIMARY), 500),
                     std::string(fieldOf(result, PG_DIAG_SQLSTATE))};
        }
        last = ResultSet(result);
        if (isCopy(status)) {
            m_copying = true;
            break;
        }
    }
    if (lost() && (!failed || error.code.empty())) {
        return core::Unexpected{lostError()};
    }
    if (failed) {
        return core::Unexpected{std::move(error)};
    }
    return last;
}

core::Result<ResultSet> Connection::giveUp() {
    m_cancel.sendInBackground();
    const Deadline grace = Deadline::in(kCancelGrace);
    Wait waited = drain(grace);
    if (waited == Wait::Ready && !settleCancels(grace)) {
        waited = lost() ? Wait::Lost : Wait::TimedOut;
    }
    if (waited == Wait::Lost) {
        return core::Unexpected{lostError()};
    }
    return core::fail(waited == Wait::Ready
                          ? "the statement was cancelled at its deadline"
                          : "the deadline has passed and the server has not answered the cancel request",
                      std::string(kQueryCanceled));
}

bool Connection::ping(Deadline deadline) {
    return !lost() && leftover() == Leftover::Nothing && roundTrip(deadline);
}

bool Connection::roundTrip(Deadline deadline) {
    if (!send("", {})) {
        return false;
    }
    bool good = false;
    while (awaitResult(deadline) == Wait::Ready) {
        pg_result* result = PQgetResult(m_conn);
        if (result == nullptr) {
            return good && !lost();
        }
        good = PQresultStatus(result) == PGRES_EMPTY_QUERY;
        PQclear(result);
    }
    return false;
}

// Order and reasons as measured on libpq 15: the good-bye of the server arrives as readable data first and as
// a hang-up a moment later, and PQstatus() knows of neither.
bool Connection::alive() {
    if (lost() || !m_farewell->sqlstate.empty()) { // the end of the stream may follow the farewell milliseconds later
        return false;
    }
    pollfd watch{PQsocket(m_conn), POLLIN | POLLRDHUP, 0};
    if (poll(&watch, 1, 0) == 0) {
        return true;
    }
    if ((watch.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0) {
        (void)PQconsumeInput(m_conn); // for the reason in the farewell
        (void)PQisBusy(m_conn);
        return false;
    }
    if (PQconsumeInput(m_conn) == 0) {
        return false;
    }
    (void)PQisBusy(m_conn); // consuming alone does not parse
    while (PGnotify* notify = PQnotifies(m_conn)) {
        PQfreemem(notify);
    }
    return m_farewell->sqlstate.empty() && !lost();
}

int Connection::socket() const noexcept
{
    return PQsocket(m_conn);
}

TransactionStatus Connection::transactionStatus() const noexcept {
    switch (PQtransactionStatus(m_conn)) {
    case PQTRANS_IDLE:
        return TransactionStatus::Idle;
    case PQTRANS_ACTIVE:
        return TransactionStatus::Active;
    case PQTRANS_INTRANS:
        return TransactionStatus::InTransaction;
    case PQTRANS_INERROR:
        return TransactionStatus::InError;
    case PQTRANS_UNKNOWN:
        break;
    }
    return TransactionStatus::Unknown;
}

bool Connection::lost() const noexcept {
    return PQstatus(m_conn) == CONNECTION_BAD;
}

int Connection::serverVersion() const noexcept {
    return PQserverVersion(m_conn);
}

std::string_view Connection::parameterStatus(const char* name) const noexcept {
    const char* value = PQparameterStatus(m_conn, name);
    return value != nullptr ? value : "";
}

core::Error Connection::lostError() {
    if (!m_farewell->sqlstate.empty()) {
        return {m_farewell->message, m_farewell->sqlstate};
    }
    return {"the server closed the connection unexpectedly", std::string(kConnectionLost)};
}

} // namespace pg
