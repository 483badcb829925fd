// A way to stop what a connection is doing, usable from any thread while another one waits on the connection.
#pragma once

#include "monitor/core/result.h"

#include <cstdint>
#include <memory>

struct pg_cancel;
struct pg_conn;

namespace pg {

// Immutable once made; copies share the key. Thread-safe.
class Cancel {
public:
    Cancel() = default; // of nothing: send() fails
    // Must be called by the thread that owns the connection.
    [[nodiscard]] static Cancel of(pg_conn* connection);

    // Blocks until the server has taken the request; up to tcp_user_timeout when the network swallows it
    // (libpq 15 has no other bound, and sends it in clear even on TLS connections).
    [[nodiscard]] core::Result<void> send() const;
    // The same on a helper thread, never waiting. False when too many are under way already (16): an
    // unreachable server must not make threads pile up.
    bool sendInBackground() const;
    // Requests ever sent, by any copy, and how many of them the server has not confirmed yet: whoever uses
    // the session next must see them through, or a late one hits the wrong statement.
    [[nodiscard]] std::uint64_t sent() const noexcept;
    [[nodiscard]] int pending() const noexcept;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace pg
