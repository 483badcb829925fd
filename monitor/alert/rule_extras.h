// What Poolscope's rules say beyond Prometheus': read from annotations, so that a Prometheus loads the same
// file.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/promql/token.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert {

// A level of the watched side of a rule's comparison: "< 0.7".
struct Level {
    promql::TokenType op = promql::TokenType::Less;
    double value = 0;

    [[nodiscard]] bool holds(double watched) const noexcept;
};

// What becomes of an alert while its series are missing. Prometheus: missing means that the condition does
// not hold, at once. Keep: the alert stays as it is. Alert: as Keep, and an alert of its own says so. Ok: as
// Prometheus, but only after the ticks and `for`.
enum class NoDataPolicy { Prometheus, Keep, Alert, Ok };
// While the expression cannot be evaluated the alert stays as it is, as in Prometheus. Alert: one of its own
// says so.
enum class ErrorPolicy { Keep, Alert };

struct RuleExtras {
    std::optional<Level> clear;    // poolscope_clear: firing ends only when this holds
    std::optional<Level> critical; // poolscope_critical: the severity rises to critical
    std::optional<Level>
        criticalClear; // poolscope_critical_clear: it falls back; none: when critical does not hold
    NoDataPolicy noData = NoDataPolicy::Prometheus; // poolscope_no_data
    int noDataTicks = 3; // poolscope_no_data_ticks: evaluations without data before it counts
    ErrorPolicy error = ErrorPolicy::Keep;           // poolscope_error
    core::Nanos repeatEvery = std::chrono::hours(4); // poolscope_repeat; 0 = never
    std::string response;                            // poolscope_response: name of a response
    std::vector<std::string> inhibitedBy;            // poolscope_inhibited_by: names of alerts
    metrics::RuleOwner owner = metrics::RuleOwner::Local; // poolscope_owner: whose word counts
    std::string overrides; // poolscope_overrides: the rule this one stands for, see rule_overrides.h
    bool disabled = false; // poolscope_disabled: it is shown and not evaluated
    // What is written there and cannot be used, and why; the rule works without it.
    std::vector<std::string> notes;
};

// What stands left of a rule's number, as far as the levels need it.
struct ComparedSide {
    promql::TokenType op = promql::TokenType::Greater;
    double threshold = 0;
};

// "< 0.7"; nullopt when it is no comparison with a number (==, !=, <, <=, >, >=).
[[nodiscard]] std::optional<Level> parseLevel(std::string_view text);
// From the annotations as they stand in the file. `compared` is nullopt for rules that are no comparison with
// a number: those have no levels. Total: any texts are fine.
[[nodiscard]] RuleExtras readExtras(const std::map<std::string, std::string>& annotations,
                                    const std::optional<ComparedSide>& compared);

} // namespace alert
