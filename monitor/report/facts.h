// Everything a report is made of: what was measured, what happened, how the pool was set. Plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/lang.h"
#include "monitor/core/units.h"
#include "monitor/metrics/incident.h"
#include "monitor/metrics/querier.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace report {

enum class TimeZone { Local, Utc };

struct SlowStatement {
    core::WallTime at = {};
    std::string text; // literals hidden
    double seconds = 0;
    std::string tag;
    std::string sqlstate; // empty: it succeeded
};

struct ScenarioRun {
    core::WallTime at = {};
    core::WallTime ended = {};
    std::string name;
    std::string state;
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;
};

struct Note {
    core::WallTime at = {};
    std::string kind; // "note", "server_down", "setting_changed" …
    std::string text;
    core::WallTime until = {}; // of what lasted
};

struct SettingChange {
    core::WallTime at = {};
    std::string name;
    std::string before; // empty: what it was set to when the program started
    std::string after;
    std::string author;
};

// What is asked and what it is asked of.
struct Request {
    std::int64_t from = 0; // ms since the epoch
    std::int64_t to = 0;
    core::Lang lang = core::Lang::English;
    TimeZone zone = TimeZone::Local;
    core::WallTime made = {}; // when the report is made
    std::string version;      // of Poolscope
    std::string target;       // the server, as shown in the window; empty: not known
    std::string serverVersion;
    std::string host;   // the machine's name
    std::string advice; // on the pool's size, from recorded requests; empty: not to be had
};

// Oldest first.
struct Records {
    std::vector<metrics::Incident> incidents; // that touch the range
    std::vector<SlowStatement> slow;
    std::vector<ScenarioRun> runs;
    std::vector<Note> notes;
    std::vector<SettingChange> changes;
};

// A line of a chart. NaN marks a gap.
struct Line {
    std::string legend;
    std::vector<metrics::Point> points;
};
struct Threshold {
    double value = 0;
    metrics::Severity severity = metrics::Severity::Warning;
};
struct Chart {
    std::string title;
    std::string caption;
    core::Unit unit = core::Unit::None;
    std::vector<Line> lines;
    std::vector<Threshold> thresholds;
};

// Over the whole range; NaN where nothing is known.
struct Figures {
    static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    double peakUsage = kUnknown; // ratio
    double peakTaken = kUnknown;
    double peakWaiters = kUnknown;
    double peakDemand = kUnknown; // taken and waiting at once
    double places = kUnknown;     // the pool may have, at the end
    double size = kUnknown;
    double longestWait = kUnknown; // s, of those still waiting
    double checkouts = kUnknown;
    double timeouts = kUnknown;
    double errors = kUnknown;
    double slow = kUnknown;
    double statements = kUnknown;
    double up = kUnknown; // ratio of the time
    double leaked = kUnknown;
    double cpu = kUnknown; // highest, ratio
    double memory = kUnknown;
    double disk = kUnknown;
    double load = kUnknown;
    double cores = kUnknown;
    double serverMax = kUnknown; // max_connections
};

struct Facts {
    Request request;
    Records records;
    Figures figures;
    std::vector<Chart> charts;
    bool measured = false; // there is at least one sample
};

} // namespace report
