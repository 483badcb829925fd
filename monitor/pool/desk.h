// Where resources are lent and come back: from a request to a grant and to the return, everything told to the
// observer. Knows no database: what a resource is, whoever derives from it knows.
#pragma once

#include "monitor/pool/pool_core.h"
#include "monitor/pool/pool_observer.h"

#include <stop_token>

namespace pool {

// Thread-safe. No call-back runs under the core's lock. The pure virtuals are called by the thread that has
// the slot.
class Desk {
public:
    // Granted or Failed; `request` stays in place until then.
    [[nodiscard]] Step serve(Request& request, const std::stop_token& stop);
    // Of the lease `number`; refused, and told as a double return, when it is not that one's any more.
    void takeBack(Slot& slot, std::uint64_t number) noexcept;

protected:
    // Both must outlive the desk; `observer` may be null.
    Desk(PoolCore& core, PoolObserver* observer) noexcept
        : m_core(core)
        , m_observer(observer)
    {
    }
    virtual ~Desk() = default;
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    // Without a round trip. False: it is closed, and the request goes on.
    [[nodiscard]] virtual bool looksGood(Slot& slot) noexcept = 0;
    // By a round trip, within the request's deadline; `budget` is what proofs of this request may still cost,
    // Nanos::max() before the first.
    [[nodiscard]] virtual bool proves(Request& request, core::Nanos& budget) = 0;
    virtual void lent(Slot& slot, core::SteadyTime now) noexcept = 0;
    // In what state it comes back.
    [[nodiscard]] virtual Returned lookOver(Slot& slot) = 0;
    virtual void clean(Slot& slot) = 0;                  // then resetDone() or resetFailed()
    virtual void closeResource(Slot& slot) noexcept = 0; // then closed()
    [[nodiscard]] virtual int backendOf(const Slot& slot) const noexcept = 0;

    [[nodiscard]] PoolEvent eventOf(EventKind kind, const Slot& slot) const noexcept;
    void tell(const PoolEvent& event) const noexcept
    {
        if (m_observer != nullptr) {
            m_observer->onEvent(event);
        }
    }
    [[nodiscard]] PoolObserver* observer() const noexcept { return m_observer; }

private:
    [[nodiscard]] Step check(Request& request, core::Nanos& budget);
    [[nodiscard]] Step turnDown(Request& request, core::SteadyTime since, std::string_view why);
    void tellOutcome(const Request& request) const noexcept;
    // How a return went.
    struct Back {
        Disposal disposal;
        bool wasLeaked;
        bool wasLong;
    };
    static void tellReturn(PoolObserver& observer, PoolEvent& event, const Back& back) noexcept;
    void tellNesting(PoolEvent event, const Request& request) const noexcept;

    PoolCore& m_core;
    PoolObserver* const m_observer;
};

} // namespace pool
