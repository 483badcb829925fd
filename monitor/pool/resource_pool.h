// PoolCore with something in its places.
#pragma once

#include "monitor/pool/pool_core.h"

#include <memory>
#include <utility>

namespace pool {

// T is default-constructible and belongs, between grant and return, to the holder alone; while connecting,
// validating, resetting or closing to the thread that does it. T outlives the resource: clear it in closing.
template <class T>
class ResourcePool final : public PoolCore {
public:
    struct Place final : Slot {
        T value{};
    };

    explicit ResourcePool(const PoolConfig& config, const core::Clock& clock = core::SystemClock::instance(),
                          int mostOpening = 2)
        : PoolCore(
              config, clock, [] { return std::make_unique<Place>(); }, mostOpening)
    {
    }

    [[nodiscard]] static T& valueOf(Slot& slot) noexcept { return static_cast<Place&>(slot).value; }
    [[nodiscard]] static const T& valueOf(const Slot& slot) noexcept
    {
        return static_cast<const Place&>(slot).value;
    }
};

} // namespace pool
