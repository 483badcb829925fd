// The folder where recordings are kept that the program makes by itself: so many, so large, the oldest go.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace record {

struct ShelfLimits {
    std::size_t recordings = 20;
    std::uint64_t bytes = std::uint64_t{512} << 20;
};

struct ShelfEntry {
    std::filesystem::path file;
    std::uint64_t bytes = 0;
    std::int64_t from = 0; // ms since the epoch, as the recording says; 0 when it cannot be read
    std::int64_t to = 0;
    std::string title;
};

// incident-20261126T212500Z-HighPoolUsage.poolscope; names of people's alerts become harmless.
[[nodiscard]] std::string shelfName(std::int64_t at, const std::string& title);
// An incident is saved so long after it fired, together with what fires meanwhile.
inline constexpr core::Nanos kSavedAfter = std::chrono::minutes(3);
// The recording in which the incident is that fired at `at` (ms since the epoch); empty when there is none. By names only:
// at once.
[[nodiscard]] std::filesystem::path shelfRecording(const std::filesystem::path& folder, std::int64_t at,
                                                   const std::string& title);
// Recordings of incidents, the newest first; reads each one's facts. May take a moment: not on the window's thread.
[[nodiscard]] std::vector<ShelfEntry> shelfEntries(const std::filesystem::path& folder);
// Removes the oldest beyond the limits; only recordings of incidents are touched.
void tidyShelf(const std::filesystem::path& folder, const ShelfLimits& limits);

} // namespace record
