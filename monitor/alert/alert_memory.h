// What alerts must remember over a restart, as one versioned JSON document.
#pragma once

#include "monitor/alert/attention.h"
#include "monitor/alert/rule_rows.h"
#include "monitor/alert/teller.h"
#include "monitor/core/result.h"
#include "monitor/metrics/incident.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace alert {

// Prometheus' rules.ForOutageTolerance and ForGracePeriod.
inline constexpr core::Nanos kOutageTolerance = std::chrono::hours(1);
inline constexpr core::Nanos kForGrace = std::chrono::minutes(10);

struct SavedInstance {
    std::string rule; // identity of the rule
    bool overlay = false;
    metrics::Labels labels;
    metrics::AlertState state = metrics::AlertState::Pending;
    metrics::Severity severity = metrics::Severity::Warning;
    double value = 0;
    double peak = 0;
    std::map<std::string, std::string> annotations;
    core::WallTime active = {};
    core::WallTime fired = {};    // the epoch: not yet
    core::WallTime resolved = {}; // the epoch: not yet
    core::WallTime quiet = {};    // the epoch: not recovering
    core::WallTime critical = {}; // the epoch: poolscope_critical is not reached
    int returns = 0;
    std::string incident;

    friend bool operator==(const SavedInstance&, const SavedInstance&) = default;
};

// One telling, without what the rule says again.
struct SavedTelling {
    metrics::AlertRow row; // name, group, labels, state, severity, texts, times, incidentId
    bool told = false;
    bool owed = false;
    metrics::Severity severity = metrics::Severity::Info;
    int count = 0;
    core::WallTime at = {};

    friend bool operator==(const SavedTelling&, const SavedTelling&) = default;
};

// When a group of rules was evaluated last; it is known by its first rule.
struct SavedPace {
    std::string rule; // identity
    core::WallTime at = {};

    friend bool operator==(const SavedPace&, const SavedPace&) = default;
};

// How time went on between what is remembered and the next evaluation: the program was away, or (a recording that is
// played from a moment on) nothing was missed.
enum class Continuity { AfterOutage, Seamless };

struct AlertMemory {
    core::WallTime savedAt = {};
    Continuity continuity = Continuity::AfterOutage; // not part of the document
    std::vector<SavedInstance> instances;
    std::vector<SavedTelling> tellings;
    std::vector<SavedPace> paces; // taken up where nothing was missed: groups go on in step
    Attention::Saved attention;
    std::vector<metrics::Incident> open;
};

[[nodiscard]] std::string memoryJson(const AlertMemory& memory);
// Total: any bytes are fine, at most 64 MiB. Entries that are broken are left out, the others hold; a
// document that is no JSON, or of a version that is not known, fails.
[[nodiscard]] core::Result<AlertMemory> readMemory(std::string_view json);

// What people said alone, as a document of its own: it must not wait for the states.
[[nodiscard]] std::string saidJson(const Attention::Saved& said);
// As readMemory(), at most 4 MiB.
[[nodiscard]] core::Result<Attention::Saved> readSaid(std::string_view json);

[[nodiscard]] SavedInstance savedInstance(std::string rule, const metrics::Labels& labels,
                                          const Instance& instance);
// The instance on the clocks of now, as Prometheus restores `for`: time pending before the outage counts, the
// outage does not, and with a `for` of ten minutes or more nothing fires within ten minutes. nullopt:
// forgotten (it was pending and the outage was longer than an hour). What fired and was away for longer comes
// back as resolved.
[[nodiscard]] std::optional<Instance> restored(const SavedInstance& saved, core::WallTime savedAt,
                                               const Rule& rule, const Moment& now);
// The same when nothing was missed: exactly what it was.
[[nodiscard]] Instance resumed(const SavedInstance& saved, const Moment& now);

} // namespace alert
