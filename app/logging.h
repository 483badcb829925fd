// Log lines: one format for terminal and file, the same lines for the window's Log panel, a count by level for rules.
#pragma once

#include "monitor/core/bounded_queue.h"
#include "monitor/core/result.h"
#include "monitor/engine/engine.h"
#include "monitor/metrics/log_entry.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace app {

enum class LogFormat { Text, Json };

struct LogOptions {
    LogFormat format = LogFormat::Text;
    metrics::LogLevel level = metrics::LogLevel::Info;
    std::filesystem::path file; // empty: terminal only; else rotated at 10 MiB, five files kept
};

// What the log leaves behind for others. Thread-safe.
struct LogTap {
    static constexpr std::size_t kWindowLines = 20'000;
    static constexpr std::size_t kWatchedLines = 10'000;
    core::BoundedQueue<metrics::LogEntry> lines{kWindowLines}; // for the window; what it cannot take in is counted
    std::array<std::atomic<std::uint64_t>, 6> byLevel{};
    core::BoundedQueue<metrics::LogEntry> watched{kWatchedLines}; // for the watch over our own log
    std::atomic<bool> isWatched{false};                           // lines are kept for it only then
    std::atomic<bool> windowOpen{false}; // lines are kept for the window only while there is one
};

// Text lines are `TIME - LOGGER - LEVEL - TEXT` with milliseconds (2026-11-20 09:12:07,742), local time. Installs the
// loggers of all rooms and Qt's messages. Call once, first thing. The tap lives until the process ends.
[[nodiscard]] core::Result<std::shared_ptr<LogTap>> startLogging(const LogOptions& options);

[[nodiscard]] engine::LogFigures logFigures(const LogTap& tap);
// Lets the engine watch the log; `tap` lives until the process ends.
void watchLog(engine::Engine& core, const std::shared_ptr<LogTap>& tap);

// "debug", "info", "warning", "error"; nullopt-like failure names the words that are known.
[[nodiscard]] core::Result<metrics::LogLevel> parseLogLevel(std::string_view text);

} // namespace app
