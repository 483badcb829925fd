// A clock that stands still until a test moves it.
#pragma once

#include "monitor/core/clock.h"

#include <atomic>

namespace support {

// Both hands move together with advance(); setWall() moves the wall clock alone, as people and NTP do.
// Thread-safe.
class FakeClock final : public core::Clock {
public:
    [[nodiscard]] core::SteadyTime steadyNow() const noexcept override {
        return core::SteadyTime(core::Nanos(m_steady.load()));
    }
    [[nodiscard]] core::WallTime wallNow() const noexcept override {
        return core::WallTime(std::chrono::microseconds(m_wall.load()));
    }
    void advance(core::Nanos span) noexcept {
        m_steady.fetch_add(span.count());
        m_wall.fetch_add(std::chrono::duration_cast<std::chrono::microseconds>(span).count());
    }
    void setWall(core::WallTime wall) noexcept { m_wall.store(wall.time_since_epoch().count()); }

private:
    std::atomic<core::Nanos::rep> m_steady{1'000'000'000'000};                 // 1000 s after boot
    std::atomic<std::chrono::microseconds::rep> m_wall{1'795'165'927'000'000}; // 2026-11-20
};

} // namespace support
