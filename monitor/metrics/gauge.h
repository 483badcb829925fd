// A number that goes up and down and is set by whoever knows it. Do not build one from increments and
// decrements where the truth can be asked for: it drifts.
#pragma once

#include <atomic>
#include <limits>

namespace metrics {

// Thread-safe. NaN until set: absent, not zero.
class Gauge {
public:
    void set(double value) noexcept { m_value.store(value, std::memory_order_relaxed); }
    void add(double by) noexcept { m_value.fetch_add(by, std::memory_order_relaxed); }
    [[nodiscard]] double value() const noexcept { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<double> m_value{std::numeric_limits<double>::quiet_NaN()};
};

} // namespace metrics
