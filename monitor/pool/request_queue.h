// Those who wait, in the order of their requests.
#pragma once

#include "monitor/pool/intrusive_list.h"
#include "monitor/pool/peak_window.h"
#include "monitor/pool/slot.h"

namespace pool {

// Remembers how long it was in the last minute. Not thread-safe: lives under the lock of the core.
class RequestQueue {
public:
    [[nodiscard]] Request* front() const noexcept { return m_waiting.front(); }
    [[nodiscard]] bool empty() const noexcept { return m_waiting.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return m_waiting.size(); }
    [[nodiscard]] const IntrusiveList<Request>& list() const noexcept { return m_waiting; }

    // Where its number belongs: at the end, but for one that comes back from a failed check, which stands
    // where it stood, nearly always in front.
    void insert(Request& request, core::SteadyTime now) noexcept
    {
        Request* place = m_waiting.front();
        if (place != nullptr && request.number > m_waiting.back()->number) {
            place = nullptr;
        }
        while (place != nullptr && place->number < request.number) {
            place = place->next;
        }
        m_waiting.insertBefore(request, place);
        note(now);
    }
    void remove(Request& request, core::SteadyTime now) noexcept
    {
        m_waiting.remove(request);
        note(now);
    }
    [[nodiscard]] int peak(core::SteadyTime now) const noexcept { return m_peak.peak(now); }
    [[nodiscard]] bool inOrder() const noexcept
    {
        for (const Request* one = m_waiting.front(); one != nullptr && one->next != nullptr;
             one = one->next) {
            if (one->number >= one->next->number) {
                return false;
            }
        }
        return true;
    }

private:
    void note(core::SteadyTime now) noexcept { m_peak.note(static_cast<int>(m_waiting.size()), now); }

    IntrusiveList<Request> m_waiting; // front = served next
    PeakWindow m_peak;
};

} // namespace pool
