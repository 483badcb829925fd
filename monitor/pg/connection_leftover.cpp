// Connection: bringing a session back to order, whatever its user has left under way.
#include "monitor/pg/connection.h"

#include <libpq-fe.h>

#include <poll.h>

namespace pg {

Leftover Connection::leftover() {
    if (PQpipelineStatus(m_conn) != PQ_PIPELINE_OFF) {
        return Leftover::Pipeline;
    }
    if (PQtransactionStatus(m_conn) != PQTRANS_ACTIVE) {
        return m_cancel.sent() == m_cancelsSeen ? Leftover::Nothing : Leftover::Running;
    }
    if (m_copying) {
        return Leftover::Copy;
    }
    // A result that has arrived whole means the borrower did not read it.
    pollfd watch{PQsocket(m_conn), POLLIN, 0};
    if (poll(&watch, 1, 0) > 0) {
        (void)PQconsumeInput(m_conn);
    }
    return PQisBusy(m_conn) == 1 ? Leftover::Running : Leftover::Unread;
}

bool Connection::finishLeftover(Deadline deadline) {
    const Leftover left = lost() ? Leftover::Nothing : leftover();
    if (left == Leftover::Pipeline) {
        return endPipeline(deadline) && settleCancels(deadline);
    }
    const bool active = PQtransactionStatus(m_conn) == PQTRANS_ACTIVE;
    if (active && (left == Leftover::Running || left == Leftover::Copy)) {
        m_cancel.sendInBackground();
    }
    if (active && drain(deadline) != Wait::Ready) {
        return false;
    }
    return !lost() && PQtransactionStatus(m_conn) != PQTRANS_ACTIVE && settleCancels(deadline);
}

// The server ignores everything after an error until it sees a Sync, so ours is sent whatever the borrower
// has sent, and everything is read up to the last Sync's answer.
bool Connection::endPipeline(Deadline deadline) {
    if (PQpipelineSync(m_conn) != 1) {
        return false;
    }
    while (!lost() && PQexitPipelineMode(m_conn) != 1) {
        if (awaitResult(deadline) != Wait::Ready) {
            return false;
        }
        pg_result* result = PQgetResult(m_conn); // nullptr only separates the statements here
        PQclear(result);
    }
    return !lost();
}

Connection::Wait Connection::drain(Deadline deadline) {
    while (!lost()) {
        const Wait waited = awaitResult(deadline);
        if (waited != Wait::Ready) {
            return waited;
        }
        pg_result* result = PQgetResult(m_conn);
        if (result == nullptr) {
            m_copying = false;
            return lost() ? Wait::Lost : Wait::Ready;
        }
        const ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (status == PGRES_COPY_IN) {
            (void)PQputCopyEnd(m_conn, "given back while copying");
        }
        if (status == PGRES_COPY_OUT) {
            if (const Wait copied = drainCopyOut(deadline); copied != Wait::Ready) {
                return copied;
            }
        }
    }
    return Wait::Lost;
}

Connection::Wait Connection::drainCopyOut(Deadline deadline) {
    for (;;) {
        char* row = nullptr;
        const int got = PQgetCopyData(m_conn, &row, 1);
        PQfreemem(row);
        if (got < 0) {
            return Wait::Ready; // the end, or an error that PQgetResult() tells
        }
        if (got > 0) {
            continue;
        }
        pollfd watch{PQsocket(m_conn), POLLIN, 0};
        if (poll(&watch, 1, deadline.pollMillis()) == 0 && deadline.passed()) {
            return Wait::TimedOut;
        }
        if (PQconsumeInput(m_conn) == 0) {
            return Wait::Lost;
        }
    }
}

// PQcancel() returns when the postmaster has closed the request's connection; the signal is on its way by
// then and hits whatever the backend does: an empty query takes the blow.
bool Connection::settleCancels(Deadline deadline) {
    for (std::uint64_t sent = m_cancel.sent(); sent != m_cancelsSeen; sent = m_cancel.sent()) {
        while (m_cancel.pending() > 0) {
            if (deadline.passed() || !alive()) {
                return false;
            }
            (void)poll(nullptr, 0, 1);
        }
        if (!roundTrip(deadline) && (lost() || deadline.passed() || !roundTrip(deadline))) {
            return false;
        }
        m_cancelsSeen = sent;
    }
    return true;
}

} // namespace pg
