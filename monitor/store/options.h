// What the history is told, and what it tells about itself.
#pragma once

#include "monitor/core/clock.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace store {

struct Retention {
    core::Nanos raw = std::chrono::hours(24 * 7);
    core::Nanos minutes = std::chrono::hours(24 * 90);
    core::Nanos hours = std::chrono::hours(24 * 730); // records (alerts, notes, …) too
    std::uint64_t maxBytes = std::uint64_t{2}
                             << 30; // of the file and its log; the oldest raw samples go first
};

enum class StoreState {
    Off,       // not opened yet, or closed
    Open,      // writing
    Failing,   // cannot write now; tries again
    Locked,    // another process writes this file; tries again
    NewerFile, // made by a newer version: read, never written
};

// A picture of the moment; times are ms since the epoch.
struct StoreStatus {
    StoreState state = StoreState::Off;
    std::string problem;              // one line, in English; empty when well
    std::uint64_t bytes = 0;          // the file and its log on disk
    std::uint64_t samplesWritten = 0; // since the start
    std::uint64_t ticksDropped = 0;   // that did not fit while the disk could not be written
    std::uint64_t recordsDropped = 0;
    std::uint64_t failures = 0; // transactions that did not succeed
    std::size_t waiting = 0;    // ticks and records not yet on disk
    std::int64_t newest = 0;    // last tick on disk
};

struct StoreOptions {
    std::filesystem::path file; // history.db
    Retention retention;
    core::Nanos commitEvery = std::chrono::seconds(1);
    core::Nanos retryEvery = std::chrono::seconds(5);
    std::size_t maxWaiting = 3'600; // ticks held while the disk cannot be written
    // Called on the store's thread after every change of state; must not block.
    std::function<void(const StoreStatus&)> onState = {};
};

} // namespace store
