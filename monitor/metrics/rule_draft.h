// Rules as people write and change them: the texts of a rule file, before anything is made of them.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/units.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/querier.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace metrics {

// A rule as it stands in a file. Durations are texts ("5m"; empty: none).
struct RuleDraft {
    using Entries = std::vector<std::pair<std::string, std::string>>; // in the file's order

    enum class Kind { Alerting, Recording } kind = Kind::Alerting;
    std::string name;
    std::string expr;
    std::string holdFor;
    std::string keepFiringFor;
    Entries labels;      // "severity" among them
    Entries annotations; // poolscope_* among them

    friend bool operator==(const RuleDraft&, const RuleDraft&) = default;
};

// The text of that name; empty when there is none.
[[nodiscard]] std::string entryOf(const RuleDraft::Entries& entries, const std::string& name);
// Replaces it, or adds it as the last; an empty text takes it away.
void setEntry(RuleDraft::Entries& entries, const std::string& name, const std::string& text);

// Which rule is meant.
struct RuleKey {
    std::string file; // of the rules in use
    std::string group;
    std::string name;
    int number = 1; // among those of this name in the group, from 1

    friend bool operator==(const RuleKey&, const RuleKey&) = default;
};

// What somebody does with a rule. The user's own ones are changed themselves; of all others the file stays as
// it is, and what is changed is kept beside it until it is reset.
struct RuleEdit {
    enum class Kind { Add, Change, Threshold, Remove, Reset, Enable, Disable, Owner } kind = Kind::Add;
    RuleKey rule = {};    // of all but Add
    RuleDraft draft = {}; // of Add and Change
    double threshold = 0; // of Threshold: the number in the expression's comparison
    std::string by = {};  // who, for the history
    RuleOwner owner = RuleOwner::Local; // of Owner: whose it is from now on

    friend bool operator==(const RuleEdit&, const RuleEdit&) = default;
};

// What a rule would have done over a stretch of the past.
struct RuleTrial {
    struct Firing {
        std::int64_t from = 0; // ms since the epoch
        std::int64_t to = 0;   // the end of the stretch while it goes on
        bool open = false;     // it fires at the end
        Labels labels;
        friend bool operator==(const Firing&, const Firing&) = default;
    };
    struct Text {
        std::string name; // of the annotation
        std::string text; // filled in
        friend bool operator==(const Text&, const Text&) = default;
    };

    std::string problem;   // why it cannot be; empty when it can. Everything else is empty then
    std::string where;     // of the problem: "name", "expr", "for", "keep_firing_for", "clear", "labels",
                           // "annotations"; empty: none of these
    std::int64_t from = 0; // ms since the epoch
    std::int64_t to = 0;
    std::vector<Firing> firings;      // in the order in which they began
    int pending = 0;                  // how often it began to wait and came to nothing
    std::vector<PointSeries> watched; // of the side that is compared, or of the whole expression; at most
                                      // kMostTried
    std::size_t left = 0;             // further series
    std::optional<double> threshold;  // of a comparison with a number
    std::optional<double> clear;      // its clear level
    std::string op;
    core::Unit unit = core::Unit::None; // of the watched side
    std::vector<Text> texts;            // with the newest value there is; empty without one
    std::vector<std::string> notes;     // poolscope_* that cannot be used, and why
};

inline constexpr std::size_t kMostTried = 20; // series a trial gives back; all of them are tried

} // namespace metrics
