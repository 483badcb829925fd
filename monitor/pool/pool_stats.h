// What the pool tells about itself: one consistent state, taken under one lock.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/pool/pool_config.h"

#include <array>
#include <cstdint>
#include <memory>
#include <source_location>
#include <string>
#include <vector>

namespace pool {

// How a request ended. Σ outcomes + waiters = requests, always.
enum class Outcome { Ok, Timeout, Cancelled, QueueFull, Suspended, Down, Blocked, Closed, Shed };
inline constexpr std::size_t kOutcomes = 9;
[[nodiscard]] const char* outcomeName(Outcome outcome) noexcept;

// How much a request matters when places are short. Never changes the order of those who wait: only who is let in at
// all (LeaseLimits).
enum class Priority : unsigned char { Critical, Normal, Background };
inline constexpr std::size_t kPriorities = 3;
[[nodiscard]] const char* priorityName(Priority priority) noexcept;

// How many requests of a priority may hold a place or wait for one; what comes on top fails at once with Outcome::Shed.
// -1 = any number, 0 = none. Critical ones are never limited.
struct LeaseLimits {
    int normal = -1;
    int background = -1;

    friend bool operator==(const LeaseLimits&, const LeaseLimits&) = default;
};

enum class CloseReason {
    Lifetime,
    Idle,
    Overflow,
    Invalid,
    Broken,
    Dirty,
    ResetFailed,
    Leak,
    Drain,
    Admin,
    Shutdown
};
inline constexpr std::size_t kCloseReasons = 11;
[[nodiscard]] const char* closeReasonName(CloseReason reason) noexcept;

// What a connection was found in when it came back (beside idle, which is clean).
enum class DirtyState { InTransaction, InError, Active, Pipeline, Copy, Unread };
inline constexpr std::size_t kDirtyStates = 6;
[[nodiscard]] const char* dirtyStateName(DirtyState state) noexcept;

enum class PoolState { Up, Suspect, Down, Ramp, Suspended, Blocked, Draining, Closed };
[[nodiscard]] const char* poolStateName(PoolState state) noexcept;

enum class SlotPhase { Connecting, Validating, Idle, Leased, Resetting, Closing };
enum class LeaseActivity { Active, IdleInTransaction, Held };

struct SlotInfo {
    int slot = 0;
    SlotPhase phase = SlotPhase::Idle;
    LeaseActivity activity = LeaseActivity::Held; // when leased
    bool leaked = false;
    int backendPid = 0;
    core::Nanos age{0};
    std::uint64_t uses = 0;
    core::Nanos heldFor{0};
    core::Nanos idleHeldFor{0};
    core::Nanos transactionAge{0};
    std::string tag;
    std::source_location site;
    std::string statement; // redacted, one line
};

struct WaiterInfo {
    core::Nanos waitingFor{0};
    core::Nanos deadlineLeft{0};
    std::string tag;
    std::source_location site;
    const char* phase = "queue";
};

struct PoolFault {
    std::string message; // one line, no credentials
    std::string sqlstate;
    core::WallTime at = {};
};

// Figures only: cheap to take and to carry in an error.
struct PoolCounts {
    int size = 0;
    int maxOverflow = 0;
    int maxConnections = 0; // -1 = no limit
    int idle = 0;
    int leased = 0;
    int opening = 0; // connecting or validating
    int resetting = 0;
    int total = 0;
    int waiting = 0;
    core::Nanos oldestWait{0};
    PoolState state = PoolState::Up;
};

// How many of the queue are told when nobody says otherwise.
inline constexpr std::size_t kWaitersTold = 100;

// What the pool looked like when a request got nothing: taken right after it had ended, never changed.
struct Autopsy {
    std::uint64_t number = 0; // 1, 2, 3 … since the pool was made
    core::WallTime at = {};
    Outcome outcome = Outcome::Timeout; // or QueueFull
    std::string tag;
    std::source_location site;
    core::Nanos waited{0};
    PoolCounts counts;
    std::vector<SlotInfo> holders;   // all of them, the longest first
    std::vector<WaiterInfo> waiters; // in their order, at most the first 100
};
using AutopsyPtr = std::shared_ptr<const Autopsy>;

struct PoolStats {
    PoolConfig config;
    PoolCounts counts;
    std::array<std::uint64_t, kOutcomes> outcomes{};
    LeaseLimits limits;
    std::array<int, kPriorities> admitted{}; // holding or waiting now, by Priority
    std::array<std::uint64_t, kCloseReasons> closed{};
    std::array<std::uint64_t, kDirtyStates> dirtyReturns{};
    std::uint64_t requests = 0;
    std::uint64_t waited = 0; // requests that entered the queue
    std::uint64_t checkouts = 0;
    std::uint64_t checkins = 0; // never above checkouts
    std::uint64_t opened = 0;
    std::uint64_t connectErrors = 0;
    std::uint64_t validationFailures = 0;
    std::uint64_t doubleReturns = 0;
    std::uint64_t nestedAcquires = 0;
    std::uint64_t leaks = 0; // crossings of leak_after
    int leaked = 0;          // over it now
    int peakLeased = 0;      // over the last 60 s
    int peakWaiting = 0;
    PoolFault lastFault; // message empty when none
    core::WallTime stateSince = {};
    core::Nanos nextTryIn{0};          // down: until the prober tries again
    std::vector<SlotInfo> slots;       // open or opening ones, by slot number
    std::vector<WaiterInfo> waiters;   // in the order they will be served, as many as asked for
    std::vector<AutopsyPtr> autopsies; // the newest 20, newest first
};

} // namespace pool
