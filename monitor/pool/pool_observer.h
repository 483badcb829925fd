// How the pool's instruments learn what happens. The pool knows no metrics and writes no log line of the
// contract: whoever implements this does (monitor/collect/self).
#pragma once

#include "monitor/pool/pool_stats.h"

#include <cstdint>
#include <source_location>
#include <string_view>

namespace pool {

enum class EventKind {
    Requested,
    Queued,
    Granted,
    TimedOut,
    Cancelled,
    Refused,
    Returned,
    DoubleReturn,
    ConnectStarted,
    Connected,
    ConnectFailed,
    Validated,
    ValidationFailed,
    ResetDone,
    ResetFailed,
    DirtyReturn,
    Closed,
    LongUse,
    LongUseEnded,
    Leaked,
    Unleaked,
    NestedAcquire,
    StatementCancelled,
    BackendTerminated,
    Suspended,
    Resumed,
    Configured,
    Drained,
    Recycled,
    WentDown,
    Probing,
    Recovered,
    Blocked,
    RetryAsked,
    PoolClosed
};
[[nodiscard]] const char* eventKindName(EventKind kind) noexcept;

// PoolEvent::detail of ValidationFailed: what the look at the socket saw, what the round trip met.
inline constexpr std::string_view kHungUp = "the server has hung up";
inline constexpr std::string_view kNoAnswer = "no answer to the empty query";

// Views are valid during the call only.
struct PoolEvent {
    EventKind kind = EventKind::Requested;
    core::SteadyTime at = {};
    int slot = -1;
    int backendPid = 0;
    std::uint64_t lease = 0; // request number
    bool waited = false;     // of a request that has ended: it was in the queue
    core::Nanos connecting{0}; // of a request that has ended: of its wait, what its connection took to open
    core::Nanos duration{0}; // wait, use, connect, hold so far …
    std::string_view tag = {};
    std::source_location site = {};
    std::string_view detail = {}; // reason, before → after, error in one line
    std::string_view sqlstate = {};
};

struct StatementInfo {
    std::string_view sql = {}; // as sent: redact before showing
    core::Nanos duration{0};   // send → last result consumed
    bool failed = false;
    std::string_view sqlstate = {};
    std::string_view tag = {};
    std::source_location site = {};
    int slot = -1;
    int backendPid = 0;
};

// Called on the thread where it happens, never under the pool's lock, possibly by many threads at once: fast,
// total, thread-safe.
class PoolObserver {
public:
    virtual ~PoolObserver() = default;
    // Every request, once, whatever became of it. `wait` is request → outcome.
    virtual void onAcquired(core::Nanos wait, Outcome outcome, const PoolEvent& event) noexcept = 0;
    // Every accepted return. `use` is grant → return.
    virtual void onReturned(core::Nanos use, const PoolEvent& event) noexcept = 0;
    virtual void onStatement(const StatementInfo& statement) noexcept = 0;
    // Everything else that happens (Requested, Granted and Returned come by the calls above only).
    virtual void onEvent(const PoolEvent& event) noexcept = 0;
};

} // namespace pool
