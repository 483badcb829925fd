#include "monitor/pool/autopsy_ring.h"

#include <algorithm>
#include <utility>

namespace pool {

void AutopsyRing::add(Autopsy autopsy)
{
    const auto kept = std::make_shared<Autopsy>(std::move(autopsy));
    AutopsyPtr oldest; // goes when the lock is gone
    const core::MutexLock lock(m_mutex);
    AutopsyPtr& place = m_kept[m_added % kCapacity];
    kept->number = ++m_added;
    oldest = std::exchange(place, kept);
}

std::vector<AutopsyPtr> AutopsyRing::newest(std::size_t atMost) const
{
    std::vector<AutopsyPtr> found;
    const core::MutexLock lock(m_mutex);
    const std::size_t many = std::min<std::uint64_t>({m_added, atMost, kCapacity});
    found.reserve(many);
    for (std::size_t i = 1; i <= many; ++i) {
        found.push_back(m_kept[(m_added - i) % kCapacity]);
    }
    return found;
}

} // namespace pool
