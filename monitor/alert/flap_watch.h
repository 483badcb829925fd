// Alerts that come and go: four transitions or more in ten minutes.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/metric_def.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace alert {

inline constexpr std::size_t kFlaps = 4;
inline constexpr core::Nanos kFlapWindow = std::chrono::minutes(10);

// Not thread-safe.
class FlapWatch {
public:
    // One change between firing, recovering and resolved.
    void note(const std::string& group, const metrics::Labels& labels, core::SteadyTime now);
    [[nodiscard]] bool flapping(const std::string& group, const metrics::Labels& labels,
                                core::SteadyTime now) const;
    // Forgets what is older than the window.
    void expire(core::SteadyTime now);

private:
    using Key = std::pair<std::string, metrics::Labels>;
    std::map<Key, std::deque<core::SteadyTime>> m_turns; // at most kFlaps each, oldest first
};

} // namespace alert
