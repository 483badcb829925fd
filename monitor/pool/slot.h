// One place of the pool and one request for it, as the core sees them.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/pool/pool_stats.h"
#include "monitor/pool/signal.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>
#include <source_location>
#include <string_view>

namespace pool {

// Who asked: a copy of at most 47 bytes, so that taking a resource allocates nothing.
class Tag {
public:
    void assign(std::string_view text) noexcept
    {
        std::size_t size = std::min(text.size(), m_text.size());
        while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
            --size; // never inside an UTF-8 sequence
        }
        if (size > 0) {
            std::memcpy(m_text.data(), text.data(), size);
        }
        m_size = static_cast<unsigned char>(size);
    }
    [[nodiscard]] std::string_view view() const noexcept { return {m_text.data(), m_size}; }

private:
    std::array<char, 47> m_text; // only the first m_size are ever read
    unsigned char m_size = 0;
};

// Shelved: idle or leased, as the shelf it is on says (shelf.h).
enum class SlotUse { Free, Connecting, Validating, Idle, Leased, Resetting, Closing, Shelved };
inline constexpr std::size_t kSlotUses = 8;

struct Shelf;

// What becomes of a resource that came back or was just opened.
enum class Disposal {
    Kept,   // idle: hands off
    Passed, // handed to a waiter already: hands off
    Close,  // the caller closes it and calls closed()
    Reset,  // the caller cleans it and calls resetDone()
    Refused // not the holder: nothing has happened
};
enum class Returned { Clean, Dirty, Broken, Unwanted };

// What a resource must go through before it may be handed out.
enum class Check {
    None,
    Look,   // without a round trip
    Prove,  // a round trip: idle for long, or under suspicion
    Replace // too old: close it and ask again
};

// Everything here is guarded by the core's lock, and by its shelf's while it is on one, but for the atomics, and for
// what the holder may read while it holds: `lease`, `tag`, `site`, `grantedAt`. A cache line of its own: two holders
// do not slow each other down.
struct alignas(64) Slot {
    virtual ~Slot() = default;

    int index = 0;
    SlotUse use = SlotUse::Free;
    std::uint64_t lease = 0;         // number of the request that holds it; 0 = nobody
    std::uint64_t epoch = 0;         // drained when older than the core's
    bool retire = false;             // close when it comes back, and open another
    std::atomic<bool> leaked{false}; // found by the keeper while it is held, gone with the return
    std::atomic<bool> longUse{false};
    // Leased, but its holder has yet to look at the connection: told as validating. Set under the lock,
    // cleared by the holder without it.
    std::atomic<bool> looking{false};
    std::atomic<Shelf*> shelf{nullptr}; // written under both locks
    CloseReason closing = CloseReason::Shutdown;
    core::SteadyTime openedAt = {};
    core::Nanos openedIn{0}; // while it is handed to the first who gets it
    core::SteadyTime retireAt = core::SteadyTime::max();
    core::SteadyTime provenAt = {}; // last known to live
    core::SteadyTime idleSince = {};
    core::SteadyTime grantedAt = {};
    std::uint64_t uses = 0;
    Tag tag;
    std::source_location site = {};
    std::uint32_t holder = 0;             // token of the thread that took it
    Priority priority = Priority::Normal; // of the lease
    Slot* previous = nullptr;             // in the idle list
    Slot* next = nullptr;
};

enum class Step {
    Granted, // request.slot is leased
    Check,   // request.slot is ours to check as request.check says, then confirm() or reject()
    Queued,  // await()
    Failed   // request.outcome says why
};

// Lives on the borrower's stack until it has ended. Guarded by the core's lock between begin() and the end.
struct Request {
    std::string_view tag = {};
    std::source_location site = {};
    std::optional<core::Nanos> timeout = {}; // instead of the pool's
    Priority priority = Priority::Normal;

    std::uint64_t number = 0;
    std::uint32_t thread = 0; // the asking thread's token, set by begin() unless it is set already
    core::SteadyTime requestedAt = {};
    core::SteadyTime deadline = core::SteadyTime::max(); // of the core's clock, set by begin()
    core::SteadyTime endedAt = {};
    core::Nanos connecting{0}; // of the wait: while what it got was being opened
    Step step = Step::Queued;
    Outcome outcome = Outcome::Ok;
    Check check = Check::None;
    Slot* slot = nullptr;
    bool waited = false;   // was ever in the queue
    bool admitted = false; // counted as holding or waiting
    bool nested = false;   // this thread held one already
    std::source_location nestedSite = {};
    Request* previous = nullptr; // in the queue, or in the list of those checking
    Request* next = nullptr;
    Signal served; // what it waits on in the queue
    Signal::Patience patience = Signal::Patience::Sleeps;
};

// What the lease is, on its slot and in its request. Under the lock that guards the slot.
inline void lend(Request& request, core::SteadyTime now) noexcept
{
    Slot& slot = *request.slot;
    slot.lease = request.number;
    slot.tag.assign(request.tag);
    slot.site = request.site;
    slot.priority = request.priority;
    slot.grantedAt = now;
    slot.holder = request.thread;
    ++slot.uses;
    request.endedAt = now;
    request.outcome = Outcome::Ok;
    if (request.check == Check::Look) { // nearly always passed: PoolCore::reject() undoes it when not
        slot.looking.store(true, std::memory_order_relaxed);
        request.step = Step::Check;
    } else {
        request.step = Step::Granted;
    }
}

} // namespace pool
