// What a person can ask of recordings. Filled in by app/wiring; every call returns at once, refusals come as a toast.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/comparison_rows.h"
#include "monitor/metrics/recording_rows.h"

#include <QString>

#include <chrono>
#include <functional>
#include <stop_token>

namespace widgets {

struct RecordCommands {
    std::function<void()> start;
    std::function<void(const QString& path)> save; // what was recorded since start
    std::function<void(std::chrono::minutes span, const QString& path)> saveLast;
    std::function<void()> cancel;
    std::function<metrics::RecordingState()> state;
    std::function<void(const QString& path)> open;
    // Reads two recordings: takes seconds, so never on the main thread.
    std::function<core::Result<metrics::Comparison>(const QString& before, const QString& after, const std::stop_token& stop)>
        compare;
    std::function<QString()> folder; // where the program keeps those of incidents; empty: nowhere
};

} // namespace widgets
