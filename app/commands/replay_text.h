// The timeline of a replayed recording as text and JSON.
#pragma once

#include "monitor/record/tape.h"
#include "monitor/record/timeline.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace app {

// How far apart (ms) a recorded and a replayed change may lie: a tick and a half.
[[nodiscard]] std::int64_t toleranceOf(const record::TapeInfo& info);

[[nodiscard]] QString headText(const record::TapeInfo& info);
[[nodiscard]] QString entryText(const record::TimelineEntry& entry);
// A time of which there is no sample, and why.
[[nodiscard]] QString gapText(const metrics::Mark& gap);
[[nodiscard]] QString footText(const std::vector<record::TimelineEntry>& entries);
[[nodiscard]] QString differencesText(const std::vector<record::TimelineEntry>& recorded,
                                      const std::vector<record::TimelineDifference>& differences);
// One document: recording, timeline, and how it compares.
[[nodiscard]] QString replayJson(const record::TapeInfo& info, const std::vector<metrics::Mark>& gaps,
                                 const std::vector<record::TimelineEntry>& entries,
                                 const std::vector<record::TimelineEntry>& recorded,
                                 const std::vector<record::TimelineDifference>& differences);

} // namespace app
