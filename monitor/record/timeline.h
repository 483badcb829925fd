// What alerts did, as a list that can be printed and compared: when which one fired and when it was over.
#pragma once

#include "monitor/alert/rule_engine.h"
#include "monitor/core/result.h"
#include "monitor/metrics/diary.h"
#include "monitor/record/tape.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace record {

struct TimelineEntry {
    enum class What { Fired, Returned, Resolved };
    std::int64_t at = 0; // ms since the epoch
    What what = What::Fired;
    std::string rule;
    metrics::Labels labels;
    double value = 0; // NaN: not known
    std::string summary; // as told then; of replayed ones only

    friend bool operator==(const TimelineEntry&, const TimelineEntry&) = default;
};

// "fired", "returned", "resolved": never translated.
[[nodiscard]] const char* whatName(TimelineEntry::What what) noexcept;

// nullopt: a change that is none of these.
[[nodiscard]] std::optional<TimelineEntry> entryOf(const alert::Transition& transition, std::int64_t at);
// What the recording says happened after its beginning.
[[nodiscard]] core::Result<std::vector<TimelineEntry>> recordedTimeline(Tape& tape);

// Marks and notes that reach into the recording's range, by time: scenarios, settings, restarts, what is missing.
[[nodiscard]] core::Result<std::vector<metrics::DiaryEntry>> recordedMarks(Tape& tape);

struct TimelineDifference {
    enum class Side { RecordedOnly, ReplayedOnly };
    Side side = Side::RecordedOnly;
    TimelineEntry entry;
};

// Entries are the same when they say the same of the same labels within `tolerance` ms. Ascending.
[[nodiscard]] std::vector<TimelineDifference> differencesOf(const std::vector<TimelineEntry>& recorded,
                                                            const std::vector<TimelineEntry>& replayed,
                                                            std::int64_t tolerance);

} // namespace record
