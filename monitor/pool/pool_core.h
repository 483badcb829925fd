// Who has which place and who is next: the pool without anything to pool. Knows no database and does no I/O.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/pool/admission.h"
#include "monitor/pool/brief_mutex.h"
#include "monitor/pool/circuit.h"
#include "monitor/pool/figures.h"
#include "monitor/pool/peak_window.h"
#include "monitor/pool/places.h"
#include "monitor/pool/pool_config.h"
#include "monitor/pool/request_queue.h"
#include "monitor/pool/shelf.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace pool {

// Thread-safe. Grants in the order of requests; a newcomer is served without the queue only when nobody
// waits. One lock guards everything; nothing slow, no I/O and no call-back runs under it. While threads collide at
// it and nobody waits they use shelves (shelf.h), which everything below takes back first. Its rules (brokenSum())
// always hold: without NDEBUG they are asserted each time the lock is let go.
class PoolCore {
public:
    // `mostOpening` attempts to open may be in flight at once.
    PoolCore(const PoolConfig& config, const core::Clock& clock, Places::Factory factory, int mostOpening = 2);
    ~PoolCore();
    PoolCore(const PoolCore&) = delete;
    PoolCore& operator=(const PoolCore&) = delete;

    // ---- borrowing; `request` stays alive and in place until Granted+confirmed or Failed
    [[nodiscard]] Step begin(Request& request);
    [[nodiscard]] Step await(Request& request, const std::stop_token& stop);
    // After a look this takes no lock.
    void confirm(Request& request, core::SteadyTime now);
    // The checked resource is no good: it becomes the caller's to close (closed()), and the request goes on
    // with its old place in the order. `since`: when the failed check began; suspicion falls on everything
    // proven before.
    [[nodiscard]] Step reject(Request& request, CloseReason reason, core::SteadyTime since);
    // Ends a request that waits in the queue; false when it has been granted or has failed meanwhile.
    bool expire(Request& request, Outcome outcome);

    // ---- giving back
    [[nodiscard]] Disposal giveBack(Slot& slot, std::uint64_t lease, Returned how, core::SteadyTime now);
    [[nodiscard]] Disposal resetDone(Slot& slot, core::SteadyTime now);
    void resetFailed(Slot& slot, CloseReason reason = CloseReason::ResetFailed); // the caller closes it
    // Idle ones, for a look from outside; `visit` must be quick. Those of these places that are idle still become the
    // caller's (told as resetting): resetDone() or resetFailed() ends it.
    void visitIdle(const std::function<void(const Slot&)>& visit);
    [[nodiscard]] std::vector<Slot*> takeIdle(std::span<const int> slots);
    void closed(Slot& slot);

    // ---- opening
    [[nodiscard]] Slot* beginOpening(); // nullptr: nothing to open now
    [[nodiscard]] Slot* awaitOpening(const std::stop_token& stop);
    [[nodiscard]] Disposal opened(Slot& slot, core::SteadyTime now, Circuit::Turn& turn);
    [[nodiscard]] Circuit::Turn openFailed(Slot& slot, const Fault& fault, core::SteadyTime now);

    // ---- control
    void configure(const PoolConfig& config);
    [[nodiscard]] PoolConfig config() const;
    [[nodiscard]] ResetMode resetMode() const noexcept { return m_resetMode.load(std::memory_order_relaxed); }
    enum class Gate { Open, Hold, Refuse };
    void setGate(Gate gate);
    // Who is in stays in; takes effect with the next request. Those of before.
    LeaseLimits setLimits(const LeaseLimits& limits);
    void drain();
    bool recycle(int slot);
    void recycleAll();
    void retryNow();
    void close();
    // Whether places stay with their threads: for tests and benches, which cannot wait for a crowd.
    enum class Shelving { WhenCrowded, Always, Never };
    void setShelving(Shelving shelving);
    // Everyone who waits looks at the clock again: for clocks that are moved by hand.
    void poke();
    // Nothing is known any more of what was proven before now: all of it must prove itself.
    void doubtAll();
    // Somebody has seen the other side answer.
    void noteAlive(core::SteadyTime now) noexcept
    {
        m_lastAlive.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    }
    // Idle ones whose time is over; the caller closes each and calls closed(). Also fails requests that hope
    // in vain.
    [[nodiscard]] std::vector<Slot*> reap();
    // All that are in that use right now, under the lock; `visit` must be quick.
    void visitAll(SlotUse use, const std::function<void(Slot&)>& visit);
    bool visitSlot(int slot, const std::function<void(Slot&)>& visit);

    // ---- telling
    // Looking takes back what is on shelves, so that all figures are of one moment.
    [[nodiscard]] PoolCounts counts();
    // Slots' `statement`, `activity` and the like are left to `describe`, called under the lock for every
    // open slot. At most `waiters` of the queue are told.
    [[nodiscard]] PoolStats stats(const std::function<void(const Slot&, SlotInfo&)>& describe,
                                  std::size_t waiters = kWaitersTold);
    // Differs from before when anything may have changed: with places on shelves, always.
    [[nodiscard]] std::uint64_t version() const noexcept
    {
        const bool settled = m_shelved.load(std::memory_order_relaxed) == 0;
        const std::uint64_t looks = settled ? m_looks.load(std::memory_order_relaxed) : ++m_looks;
        return m_version.load(std::memory_order_relaxed) + looks;
    }
    [[nodiscard]] Fault fault() const;
    [[nodiscard]] core::Nanos nextTryIn() const;
    [[nodiscard]] const core::Clock& clock() const noexcept { return m_clock; }
    // Empty when every rule of the class holds, else the first broken one.
    [[nodiscard]] std::string brokenRule();

private:
    class Section; // the lock (pool_section.h)
    enum class OnShelves { TakenBack, Left };

    [[nodiscard]] bool wantsOpening(core::SteadyTime now) const REQUIRES(m_mutex);
    [[nodiscard]] bool lives() const REQUIRES(m_mutex);
    [[nodiscard]] Check checkOf(const Slot& slot, core::SteadyTime now) const REQUIRES(m_mutex);
    [[nodiscard]] Outcome refusal() const REQUIRES(m_mutex);
    [[nodiscard]] Slot& nextIdle() REQUIRES(m_mutex);
    [[nodiscard]] PoolCounts countsLocked(core::SteadyTime now, int lookers) const REQUIRES(m_mutex);
    [[nodiscard]] PoolState stateLocked() const REQUIRES(m_mutex);
    // What can be told by numbers alone, whatever is on shelves; empty when it holds.
    [[nodiscard]] std::string_view brokenSum() const REQUIRES(m_mutex);
    void move(Slot& slot, SlotUse to) REQUIRES(m_mutex);
    void touch() const REQUIRES(m_mutex)
    {
        m_version.store(m_version.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    // pool_core_shelf.cpp
    void noteCrowd(const Section& lock, core::SteadyTime now) REQUIRES(m_mutex);
    [[nodiscard]] bool mayShelve(const Slot& slot, core::SteadyTime now) const REQUIRES(m_mutex);
    void shelve(Slot& slot, core::SteadyTime now) REQUIRES(m_mutex);
    void recall(Shelf& shelf) REQUIRES(m_mutex);
    void recallOf(const Slot& slot) REQUIRES(m_mutex);
    void recallAll() REQUIRES(m_mutex);
    [[nodiscard]] int leasedAbout() const REQUIRES(m_mutex);
    void suspect(core::SteadyTime now) REQUIRES(m_mutex);

    void grant(Request& request, Slot& slot, Check check, core::SteadyTime now) REQUIRES(m_mutex);
    void lease(Request& request, core::SteadyTime now) REQUIRES(m_mutex);
    void enqueue(Request& request, core::SteadyTime now) REQUIRES(m_mutex);
    void settle(Request& request, Outcome outcome, core::SteadyTime now) REQUIRES(m_mutex);
    Step proceed(Request& request, core::SteadyTime now) REQUIRES(m_mutex);
    void serveNext(Slot& slot, Check check, core::SteadyTime now) REQUIRES(m_mutex);
    void release(Request& request) REQUIRES(m_mutex);
    void unlease(Slot& slot) REQUIRES(m_mutex);
    [[nodiscard]] std::vector<const Slot*> lookedAt() const REQUIRES(m_mutex);
    [[nodiscard]] Step giveUp(Request& request, Outcome outcome) EXCLUDES(m_mutex);
    void serveQueue(core::SteadyTime now) REQUIRES(m_mutex);
    void failQueue(core::SteadyTime now) REQUIRES(m_mutex);
    [[nodiscard]] Disposal place(Slot& slot, Check check, core::SteadyTime now) REQUIRES(m_mutex);
    [[nodiscard]] Disposal condemn(Slot& slot, CloseReason reason) REQUIRES(m_mutex);
    [[nodiscard]] core::SteadyTime retirement(const Slot& slot) const REQUIRES(m_mutex);
    void noticeNesting(Request& request) REQUIRES(m_mutex);
    void wakeOpeners(core::SteadyTime now) REQUIRES(m_mutex);
    void noteState() REQUIRES(m_mutex);
    void noteDemand() REQUIRES(m_mutex);

    const core::Clock& m_clock;
    const int m_mostOpening;
    const Shelves m_shelves;
    std::atomic<ResetMode> m_resetMode;
    alignas(64) std::atomic<core::Nanos::rep> m_lastAlive{0}; // written by every statement

    alignas(64) mutable BriefMutex m_mutex;          // guards all that follows; nothing slow under it
    mutable std::atomic<std::uint64_t> m_version{1}; // written under it, read by anybody
    std::atomic<int> m_shelved{0};                   // written under it, read by anybody
    mutable std::atomic<std::uint64_t> m_looks{0};   // at a pool with places on shelves
    Signal* m_toWake GUARDED_BY(m_mutex) = nullptr;  // when the lock has been let go; never followed
    core::CondVar m_opening;                         // something may have to be opened
    PoolConfig m_config GUARDED_BY(m_mutex);
    Circuit m_circuit GUARDED_BY(m_mutex);
    Gate m_gate GUARDED_BY(m_mutex) = Gate::Open;
    bool m_closed GUARDED_BY(m_mutex) = false;
    std::uint64_t m_epoch GUARDED_BY(m_mutex) = 0;
    core::SteadyTime m_doubtAt GUARDED_BY(m_mutex) = core::SteadyTime::min(); // proven before: must prove itself
    int m_owed GUARDED_BY(m_mutex) = 0; // to be opened in place of recycled ones
    Places m_places GUARDED_BY(m_mutex);
    Admission m_admission GUARDED_BY(m_mutex);
    RequestQueue m_queue GUARDED_BY(m_mutex);
    IntrusiveList<Request> m_checking GUARDED_BY(m_mutex); // they own a slot and are proving it
    Figures m_figures GUARDED_BY(m_mutex);
    std::uint64_t m_lastNumber GUARDED_BY(m_mutex) = 0; // of a request, or set aside for a shelf
    Shelving m_shelving GUARDED_BY(m_mutex) = Shelving::WhenCrowded;
    core::SteadyTime m_crowdedUntil GUARDED_BY(m_mutex) = core::SteadyTime::min();
    PeakWindow m_peakLeased GUARDED_BY(m_mutex);
    PoolState m_state GUARDED_BY(m_mutex) = PoolState::Up; // as of the last noteState()
    core::WallTime m_stateSince GUARDED_BY(m_mutex) = {};
    core::WallTime m_faultAt GUARDED_BY(m_mutex) = {};
};

} // namespace pool
