// What happened and when, as charts and lists ask for it: marks of the past, and people's own notes.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

// Why samples are missing. A mark of the kind Gap has its name as text.
enum class GapReason {
    NotRunning, // the program
    Suspended,  // the machine slept
    ClockStep,  // the wall clock was set forward, or back
    HeldUp,     // the program got no processor time
    NotWritten, // the history could not be written: a full disk, a folder that is read only
    ServerAway, // the database could not be asked
};

// "not_running" …; nothing for another text.
[[nodiscard]] std::string_view gapReasonName(GapReason reason) noexcept;
[[nodiscard]] std::optional<GapReason> gapReasonFrom(std::string_view name) noexcept;
// "note", "alert_fired" …: in the history and in files.
[[nodiscard]] std::string_view markKindName(Mark::Kind kind) noexcept;
// Nothing for a text that is none of them.
[[nodiscard]] std::optional<Mark::Kind> markKindFrom(std::string_view name) noexcept;

struct DiaryEntry {
    std::int64_t id = 0; // 0: not in the history yet
    Mark mark;
    std::string author;

    friend bool operator==(const DiaryEntry&, const DiaryEntry&) = default;
};

struct DiaryRange {
    core::WallTime from = {}; // both ends included
    core::WallTime to = core::WallTime::max();
    int limit = 2'000; // the newest written; 1 … 10,000
};

// Thread-safe; everything returns at once.
class Diary {
public:
    virtual ~Diary() = default;
    // What lies within the range or reaches into it, by time, the oldest first. The answer comes exactly once, on a thread
    // of the diary's or at once.
    virtual void read(const DiaryRange& range, std::function<void(std::vector<DiaryEntry>)> answer) const = 0;
    // Of notes only; others stay as they are. Seen within a second or two.
    virtual void rewrite(const DiaryEntry& note, const std::string& text) = 0;
    virtual void remove(const DiaryEntry& note) = 0;
    // False: a recording's, in which nothing can be written.
    [[nodiscard]] virtual bool changes() const noexcept { return true; }
};

} // namespace metrics
