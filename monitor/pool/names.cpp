// The words of states, reasons and kinds, as tables, metrics and /pool/status spell them.
#include "monitor/pool/pool_observer.h"
#include "monitor/pool/pool_stats.h"

namespace pool {

const char* outcomeName(Outcome outcome) noexcept
{
    static constexpr std::array<const char*, kOutcomes> names = {
        "ok", "timeout", "cancelled", "queue_full", "suspended", "down", "blocked", "closed", "shed"};
    return names[static_cast<std::size_t>(outcome)];
}

const char* priorityName(Priority priority) noexcept
{
    static constexpr std::array<const char*, kPriorities> names = {"critical", "normal", "background"};
    return names[static_cast<std::size_t>(priority)];
}

const char* closeReasonName(CloseReason reason) noexcept
{
    static constexpr std::array<const char*, kCloseReasons> names = {
        "lifetime",     "idle", "overflow", "invalid", "broken",  "dirty",
        "reset_failed", "leak", "drain",    "admin",   "shutdown"};
    return names[static_cast<std::size_t>(reason)];
}

const char* dirtyStateName(DirtyState state) noexcept
{
    static constexpr std::array<const char*, kDirtyStates> names = {"intrans",  "inerror", "active",
                                                                    "pipeline", "copy",    "unread"};
    return names[static_cast<std::size_t>(state)];
}

const char* poolStateName(PoolState state) noexcept
{
    static constexpr std::array<const char*, 8> names = {"up",        "suspect", "down",     "ramp",
                                                         "suspended", "blocked", "draining", "closed"};
    return names[static_cast<std::size_t>(state)];
}

const char* eventKindName(EventKind kind) noexcept
{
    static constexpr std::array<const char*, 35> names = {"requested",
                                                          "queued",
                                                          "granted",
                                                          "timed_out",
                                                          "cancelled",
                                                          "refused",
                                                          "returned",
                                                          "double_return",
                                                          "connect_started",
                                                          "connected",
                                                          "connect_failed",
                                                          "validated",
                                                          "validation_failed",
                                                          "reset_done",
                                                          "reset_failed",
                                                          "dirty_return",
                                                          "closed",
                                                          "long_use",
                                                          "long_use_ended",
                                                          "leaked",
                                                          "unleaked",
                                                          "nested_acquire",
                                                          "statement_cancelled",
                                                          "backend_terminated",
                                                          "suspended",
                                                          "resumed",
                                                          "configured",
                                                          "drained",
                                                          "recycled",
                                                          "went_down",
                                                          "probing",
                                                          "recovered",
                                                          "blocked",
                                                          "retry_asked",
                                                          "pool_closed"};
    static_assert(names.size() == static_cast<std::size_t>(EventKind::PoolClosed) + 1);
    return names[static_cast<std::size_t>(kind)];
}

} // namespace pool
