// What happens when in the demo: pure functions of seed and time.
#pragma once

#include <cmath>
#include <cstdint>

namespace demo {

inline constexpr double kGapFrom = 300;
inline constexpr double kGapTo = 336;
inline constexpr double kScenarioFrom = 540;
inline constexpr double kScenarioTo = 1320;
inline constexpr double kDownFrom = 1500;
inline constexpr double kDownTo = 1530;
inline constexpr double kCycle = 1800;

// A repeatable value in 0..1 for a channel and a moment (splitmix64's finaliser).
[[nodiscard]] inline double noise(std::uint64_t seed, std::uint64_t channel, std::uint64_t moment) noexcept {
    std::uint64_t x =
        seed * 0x9E3779B97F4A7C15ULL + channel * 0xBF58476D1CE4E5B9ULL + moment * 0x94D049BB133111EBULL;
    x ^= x >> 30;
    x *= 0xBF58476D1CE4E5B9ULL;
    x ^= x >> 27;
    x *= 0x94D049BB133111EBULL;
    x ^= x >> 31;
    return static_cast<double>(x >> 11) * 0x1.0p-53;
}

// noise() around zero, -1..1.
[[nodiscard]] inline double jitter(std::uint64_t seed, std::uint64_t channel, std::uint64_t moment) noexcept {
    return 2 * noise(seed, channel, moment) - 1;
}

[[nodiscard]] inline double smoothStep(double from, double to, double at) noexcept {
    const double x = std::fmin(std::fmax((at - from) / (to - from), 0), 1);
    return x * x * (3 - 2 * x);
}

struct Story {
    double at = 0;       // seconds into the cycle
    double pressure = 0; // 0 calm … 1 exhausted
    double load = 0;     // share of the pool in use, 0..1
    bool gap = false;
    bool scenario = false;
    bool down = false;
};

[[nodiscard]] inline Story storyAt(std::uint64_t seed, double since) noexcept {
    Story story;
    story.at = std::fmod(since, kCycle);
    const auto moment = static_cast<std::uint64_t>(since);
    story.pressure = smoothStep(kScenarioFrom, kScenarioFrom + 110, story.at) -
                     smoothStep(kScenarioTo, kScenarioTo + 60, story.at);
    const double calm = 0.25 + 0.05 * std::sin(story.at / 23) + 0.03 * std::sin(story.at / 7.3);
    const double full = 0.86 + 0.06 * std::sin(story.at / 31) + 0.03 * std::sin(story.at / 11);
    story.load = calm + (full - calm) * story.pressure + 0.025 * jitter(seed, 1, moment);
    story.load = std::fmin(std::fmax(story.load, 0), 1);
    story.gap = story.at >= kGapFrom && story.at < kGapTo;
    story.scenario = story.at >= kScenarioFrom && story.at < kScenarioTo;
    story.down = story.at >= kDownFrom && story.at < kDownTo;
    if (story.down) {
        story.load = 0;
    }
    return story;
}

} // namespace demo
