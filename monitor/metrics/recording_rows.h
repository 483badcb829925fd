// Recordings as people look at them: one that is being made, one that is being played. Plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/alert_rows.h"

#include <cstdint>
#include <string>

namespace metrics {

// A recording that goes on, or is being written.
struct RecordingState {
    enum class Phase { Idle, Recording, Writing } phase = Phase::Idle;
    core::WallTime since = {}; // Recording
    double progress = 0;       // Writing, 0..1
    bool stoppedAtCap = false; // the black box was full: it ended by itself, and waits to be saved

    friend bool operator==(const RecordingState&, const RecordingState&) = default;
};

// Where a recording that is played stands. Times are ms since the epoch.
struct PlaybackState {
    std::string title;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t at = 0; // of the tick that is shown
    bool playing = false;
    bool seeking = false;
    double speed = 1;         // 0.1 … 100 times as it happened
    std::uint64_t stage = 0;  // another one when time was jumped: what charts remember is void
    std::string problem;      // why it does not go on; empty when well

    friend bool operator==(const PlaybackState&, const PlaybackState&) = default;
};

// An incident of a recording, for the bar on which one seeks.
struct PlaybackMark {
    std::int64_t from = 0; // ms since the epoch
    std::int64_t to = 0;
    std::string name;
    Severity severity = Severity::Warning;

    friend bool operator==(const PlaybackMark&, const PlaybackMark&) = default;
};

} // namespace metrics
