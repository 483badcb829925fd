// Finds out why there was no sample for a while, from three clocks.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/diary.h"

#include <optional>

namespace engine {

// What the kernel's clocks say at one moment: `steady` stands still while the machine sleeps, `boot` does not
// (clock_gettime(2): CLOCK_MONOTONIC, CLOCK_BOOTTIME), `wall` goes wherever it is set.
struct ClockReading {
    core::WallTime wall = {};
    core::Nanos steady{0};
    core::Nanos boot{0};
};

[[nodiscard]] ClockReading readClocks() noexcept;

// Belongs to the sampler's thread.
class GapWatch {
public:
    explicit GapWatch(core::Nanos interval)
        : m_interval(interval)
    {
    }

    // At each tick: the gap since the one before, if there is one. A clock that was set back leaves none, but a moment.
    [[nodiscard]] std::optional<metrics::Mark> tick(const ClockReading& now);

private:
    const core::Nanos m_interval;
    std::optional<ClockReading> m_before;
};

} // namespace engine
