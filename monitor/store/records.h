// What happened, as values: kept beside the samples, each kind in a table of its own.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/metric_def.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace store {

// An alert changed its state, or people what is told of it.
struct AlertTransition {
    core::WallTime at = {};
    std::string name;
    metrics::Labels labels;
    std::string from; // "inactive", "pending", "firing", "resolved" …
    std::string to;
    std::string incident; // its key; empty before it fired
    double value = std::numeric_limits<double>::quiet_NaN();
    std::string reason;

    friend bool operator==(const AlertTransition&, const AlertTransition&) = default;
};

// A trouble from its beginning to its end; written again under the same key whenever it changes.
struct Incident {
    core::WallTime at = {}; // its beginning
    std::string key;        // the same for all versions of it, never again for another one
    std::string name;
    metrics::Labels labels;
    std::string severity;
    std::optional<core::WallTime> ended;
    double peak = std::numeric_limits<double>::quiet_NaN();
    std::string summary;
    std::string details; // JSON: everything that was seen when it began, and what people did

    friend bool operator==(const Incident&, const Incident&) = default;
};

// Something the pool or the program did.
struct Event {
    core::WallTime at = {};
    std::string kind;
    int slot = -1;
    int backendPid = 0;
    std::uint64_t lease = 0;
    double seconds = 0; // that it took, 0 when it took none
    std::string tag;
    std::string site;
    std::string detail;
    std::string sqlstate;

    friend bool operator==(const Event&, const Event&) = default;
};

// Never the statement as it was sent: literals are hidden.
struct SlowStatement {
    core::WallTime at = {};
    std::uint64_t fingerprint = 0;
    std::string text;
    double seconds = 0;
    std::string tag;
    int backendPid = 0;
    std::string sqlstate; // empty: it succeeded

    friend bool operator==(const SlowStatement&, const SlowStatement&) = default;
};

struct ScenarioRun {
    core::WallTime at = {}; // its beginning
    core::WallTime ended = {};
    std::string name;
    std::string state;      // "done", "stopped", "failed"
    std::string parameters; // JSON
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;
    std::string alerts; // seen while it ran, comma between
    std::string message;

    friend bool operator==(const ScenarioRun&, const ScenarioRun&) = default;
};

// A line or a span in the charts, with words.
struct Annotation {
    core::WallTime at = {};
    std::optional<core::WallTime> until;
    std::string kind; // "scenario_started", "alert_fired", "note" …
    std::string text;
    std::string author; // empty: the program

    friend bool operator==(const Annotation&, const Annotation&) = default;
};

struct SettingChange {
    core::WallTime at = {};
    std::string scope; // "pool"
    std::string name;
    std::string before;
    std::string after;
    std::string author;

    friend bool operator==(const SettingChange&, const SettingChange&) = default;
};

// Somebody has changed a note of theirs, the annotation of the kind "note" with this moment and text.
struct NoteChange {
    core::WallTime at = {};
    std::string before;
    std::string after; // empty: it goes

    friend bool operator==(const NoteChange&, const NoteChange&) = default;
};

using Record = std::variant<AlertTransition, Incident, Event, SlowStatement, ScenarioRun, Annotation, SettingChange,
                            NoteChange>;
// In the order of the variant; a change of a note is no kind of its own.
enum class RecordKind {
    AlertTransition,
    Incident,
    Event,
    SlowStatement,
    ScenarioRun,
    Annotation,
    SettingChange
};
inline constexpr std::size_t kRecordKinds = 7; // that can be read back
static_assert(std::variant_size_v<Record> == kRecordKinds + 1);

// Thread-safe; returns at once. False when the record was dropped: the queue is full, or there is no history.
class HistoryWriter {
public:
    virtual ~HistoryWriter() = default;
    virtual bool record(Record record) = 0;
};

// A page of one kind, the newest first.
struct PageRequest {
    RecordKind kind = RecordKind::AlertTransition;
    core::WallTime from = {}; // both ends included; an annotation that reaches into the range is in it
    core::WallTime to = core::WallTime::max();
    std::int64_t before =
        std::numeric_limits<std::int64_t>::max(); // records with a smaller id only: the next page
    int limit = 500;                              // 1 … 10,000
};

struct StoredRecord {
    std::int64_t id = 0;
    Record record;
};

struct Page {
    std::vector<StoredRecord> rows;
    bool more = false; // there are older ones
};

// Thread-safe; returns at once. The answer comes on the reader's thread, exactly once; empty without a
// history.
class HistoryReader {
public:
    virtual ~HistoryReader() = default;
    virtual void fetch(const PageRequest& request, std::function<void(Page)> answer) const = 0;
};

} // namespace store
