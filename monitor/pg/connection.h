// One session with a PostgreSQL server: libpq driven without ever blocking beyond a deadline.
#pragma once

#include "monitor/core/result.h"
#include "monitor/pg/cancel.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pg/deadline.h"
#include "monitor/pg/result.h"

#include <sys/types.h>

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

struct pg_conn;
struct pg_result;

namespace pg {

// What becomes of a statement whose deadline has passed.
enum class Late {
    Cancel, // it is cancelled; hearing of that may take 40 ms
    Leave   // it goes on, and the call returns at once: see finishLeftover()
};

enum class TransactionStatus { Idle, Active, InTransaction, InError, Unknown };

// What a look at the session says beside its transaction status; see Connection::leftover().
enum class Leftover { Nothing, Running, Unread, Copy, Pipeline };

// Used by one thread at a time (libpq's own rule); cancel() may be copied out once and used by any.
// A connection made before a fork() is dropped in the child without a word to the server.
class Connection {
public:
    // Name look-up, connect, TLS and login, all before the deadline. Errors: one line without address or
    // credentials, code = the server's SQLSTATE, or 08001 when the server gave none (not reachable, no answer
    // in time, stopped).
    [[nodiscard]] static core::Result<std::unique_ptr<Connection>>
    open(const ConnInfo& info, Deadline deadline, std::stop_token stop = {});
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Sends and waits for the last result. Several statements in one text are allowed without parameters; the
    // first error wins. When the deadline passes the statement is cancelled (`late`) and the code is 57014; the call
    // returns within 50 ms even if the server does not react (then the session is still busy: see
    // finishLeftover()). A COPY is started and left to the caller. Errors carry the server's SQLSTATE, 08006
    // when the session is lost.
    [[nodiscard]] core::Result<ResultSet> execute(std::string_view sql,
                                                  std::span<const std::string> params = {},
                                                  Deadline deadline = Deadline::never(),
                                                  Late late = Late::Cancel);
    // The empty query: the cheapest round trip there is, and it opens no transaction.
    [[nodiscard]] bool ping(Deadline deadline);
    // A look at the socket without a round trip (0.2 µs): false when the peer has hung up or said good-bye.
    [[nodiscard]] bool alive();

    [[nodiscard]] TransactionStatus transactionStatus() const noexcept;
    [[nodiscard]] Leftover leftover();
    // Reads, ends or cancels whatever is under way; true when the session is ready for a statement again.
    [[nodiscard]] bool finishLeftover(Deadline deadline);
    // What is known to be lost; alive() may know more.
    [[nodiscard]] bool lost() const noexcept;
    [[nodiscard]] int backendPid() const noexcept { return m_backendPid; }
    // For poll(2) only; -1 when there is none.
    [[nodiscard]] int socket() const noexcept;
    [[nodiscard]] int serverVersion() const noexcept;
    [[nodiscard]] std::string_view parameterStatus(const char* name) const noexcept;
    [[nodiscard]] const Cancel& cancel() const noexcept { return m_cancel; }
    // For COPY, pipelines, notifications. Set to non-blocking mode.
    [[nodiscard]] pg_conn* native() noexcept { return m_conn; }

private:
    // FATAL notices arrive on idle sessions as notices and would be lost otherwise (57P01, 25P03).
    struct Farewell {
        std::string sqlstate;
        std::string message;
    };
    enum class Wait { Ready, TimedOut, Lost };

    Connection(pg_conn* conn, std::unique_ptr<Farewell> farewell);
    static void receiveNotice(void* farewell, const pg_result* result);
    [[nodiscard]] bool send(std::string_view sql, std::span<const std::string> params);
    [[nodiscard]] Wait flush(Deadline deadline);
    [[nodiscard]] Wait awaitResult(Deadline deadline);
    [[nodiscard]] core::Result<ResultSet> collect(Deadline deadline, Late late);
    [[nodiscard]] core::Result<ResultSet> giveUp();
    [[nodiscard]] Wait drain(Deadline deadline);
    [[nodiscard]] Wait drainCopyOut(Deadline deadline);
    [[nodiscard]] bool endPipeline(Deadline deadline);
    // True when no cancel request can hit the next statement any more.
    [[nodiscard]] bool settleCancels(Deadline deadline);
    [[nodiscard]] bool roundTrip(Deadline deadline);
    [[nodiscard]] core::Error lostError();

    pg_conn* m_conn;
    std::unique_ptr<Farewell> m_farewell; // stable address: libpq holds it
    Cancel m_cancel;
    std::string m_text; // the statement with its terminating NUL; reused
    int m_backendPid = 0;
    pid_t m_owner;
    std::uint64_t m_cancelsSeen = 0;
    bool m_copying = false;

    friend class Connector;
};

} // namespace pg
