// Rules as a file says them: plain values.
#pragma once

#include "monitor/alert/rule_extras.h"
#include "monitor/core/clock.h"
#include "monitor/gotext/template.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/rule_draft.h"
#include "monitor/promql/ast.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace alert {

struct NamedTemplate {
    std::string name;
    gotext::Template text;
};

struct Rule {
    enum class Kind { Alerting, Recording } kind = Kind::Alerting;
    std::string name; // of the alert, or of the series it records
    std::string exprText;
    std::shared_ptr<const promql::Expr> expr;
    core::Nanos holdFor{0};                 // `for`
    core::Nanos keepFiringFor{0};           // `keep_firing_for`
    std::vector<NamedTemplate> labels;      // sorted by name; of recording rules taken as they are
    std::vector<NamedTemplate> annotations; // sorted by name
    metrics::Labels plainLabels;            // the labels unexpanded
    RuleExtras extras;                      // what Poolscope adds, from annotations
    metrics::Severity severity = metrics::Severity::Warning;
    std::shared_ptr<const metrics::RuleDraft> draft; // as it is written
    // As its file writes it, when the user's changes are in force instead; else nullptr.
    std::shared_ptr<const metrics::RuleDraft> shipped;
    int number = 1; // among those of its name in the group, from 1
};

struct RuleGroup {
    std::string name;
    core::Nanos interval{0}; // 0 = the engine's
    int limit = 0;           // most alerts or series of one rule; 0 = any number
    std::vector<Rule> rules;
};

struct RuleFile {
    std::string path;
    std::vector<RuleGroup> groups;
};

} // namespace alert
