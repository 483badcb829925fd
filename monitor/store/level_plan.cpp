#include "monitor/store/level_plan.h"

#include "monitor/store/bucket.h"

#include <algorithm>
#include <array>

namespace store {

namespace {

constexpr std::array kLevels{Level::Raw, Level::Minute, Level::TenMinutes, Level::Hour};

std::int64_t beginOf(const Coverage& coverage, Level level) noexcept
{
    switch (level) {
    case Level::Raw:
        return coverage.raw;
    case Level::Minute:
    case Level::TenMinutes:
        return coverage.minutes;
    case Level::Hour:
        return coverage.hours;
    }
    return 0;
}

} // namespace

std::int64_t widthOf(Level level) noexcept
{
    switch (level) {
    case Level::Raw:
        return 0;
    case Level::Minute:
        return kMinute * 1000;
    case Level::TenMinutes:
        return kCell * 1000;
    case Level::Hour:
        return kHour * 1000;
    }
    return 0;
}

Level coarsestWithin(std::int64_t width) noexcept
{
    Level best = Level::Raw;
    for (const Level level : kLevels) {
        best = widthOf(level) <= width ? level : best;
    }
    return best;
}

std::vector<Segment> planLevels(std::int64_t from, std::int64_t to, Level wanted, const Coverage& coverage)
{
    std::vector<Segment> segments;
    to = std::min(to, coverage.until);
    std::int64_t at = from;
    // Towards the past: what the wanted level has lost already, coarser ones still have.
    for (auto level = kLevels.rbegin(); level != kLevels.rend() && at <= to; ++level) {
        const std::int64_t begin = beginOf(coverage, *level);
        if (begin == 0) {
            continue;
        }
        std::int64_t end = to;
        if (*level > wanted) {
            // Only what is older than anything the next finer level has, in whole buckets.
            const Level finer = kLevels[static_cast<std::size_t>(*level) - 1];
            const std::int64_t kept = beginOf(coverage, finer);
            const std::int64_t width = widthOf(*level);
            if (kept != 0 && kept / width == begin / width) {
                continue; // both begin within one bucket: the finer one has all
            }
            end = kept == 0 ? to : std::min(to, (kept + width - 1) / width * width - 1);
        } else if (*level != Level::Raw) {
            const std::int64_t width = widthOf(*level);
            end = (to + 1) / width * width - 1;
        }
        if (end >= at) {
            segments.push_back({*level, at, end});
            at = end + 1;
        }
    }
    return segments;
}

} // namespace store
