// The last requests that got nothing, with what the pool looked like at that moment.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/pool/pool_stats.h"

#include <array>
#include <cstdint>
#include <vector>

namespace pool {

// Thread-safe. Keeps the newest kCapacity; an autopsy once handed out never changes.
class AutopsyRing {
public:
    static constexpr std::size_t kCapacity = 200;

    // Numbers it and keeps it.
    void add(Autopsy autopsy);
    // Newest first.
    [[nodiscard]] std::vector<AutopsyPtr> newest(std::size_t atMost) const;

private:
    mutable core::Mutex m_mutex; // guards what follows; only pointers are moved under it
    std::array<AutopsyPtr, kCapacity> m_kept GUARDED_BY(m_mutex);
    std::uint64_t m_added GUARDED_BY(m_mutex) = 0;
};

} // namespace pool
