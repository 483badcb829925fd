#include "monitor/metrics/alert_event.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/pool_rows.h"
#include "monitor/metrics/scenario_rows.h"
#include "monitor/metrics/silence_rows.h"

namespace metrics {

const char* slotStateName(SlotState state) noexcept
{
    switch (state) {
    case SlotState::NotOpened:
        return "not_opened";
    case SlotState::Connecting:
        return "connecting";
    case SlotState::Validating:
        return "validating";
    case SlotState::Idle:
        return "idle";
    case SlotState::Active:
        return "active";
    case SlotState::IdleInTransaction:
        return "idle_in_tx";
    case SlotState::Held:
        return "idle_held";
    case SlotState::Leaked:
        return "leaked";
    case SlotState::Resetting:
        return "resetting";
    case SlotState::Closing:
        return "closing";
    }
    return "";
}

const char* alertStateName(AlertState state) noexcept
{
    switch (state) {
    case AlertState::Inactive:
        return "inactive";
    case AlertState::Pending:
        return "pending";
    case AlertState::Firing:
        return "firing";
    case AlertState::Recovering:
        return "recovering";
    case AlertState::Resolved:
        return "resolved";
    }
    return "";
}

const char* ruleOwnerName(RuleOwner owner) noexcept
{
    switch (owner) {
    case RuleOwner::Local:
        return "local";
    case RuleOwner::Prometheus:
        return "prometheus";
    case RuleOwner::Shadow:
        return "shadow";
    }
    return "";
}

std::optional<RuleOwner> ruleOwnerNamed(std::string_view name) noexcept
{
    for (const RuleOwner owner : {RuleOwner::Local, RuleOwner::Prometheus, RuleOwner::Shadow}) {
        if (name == ruleOwnerName(owner)) {
            return owner;
        }
    }
    return std::nullopt;
}

const char* prometheusStateName(AlertState state) noexcept
{
    switch (state) {
    case AlertState::Pending:
        return "pending";
    case AlertState::Firing:
    case AlertState::Recovering:
        return "firing";
    case AlertState::Inactive:
    case AlertState::Resolved:
        return "inactive";
    }
    return "";
}

const char* overlayName(Overlay overlay) noexcept
{
    switch (overlay) {
    case Overlay::None:
        return "";
    case Overlay::NoData:
        return "no_data";
    case Overlay::Error:
        return "error";
    }
    return "";
}

const char* severityName(Severity severity) noexcept
{
    switch (severity) {
    case Severity::Info:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::Critical:
        return "critical";
    }
    return "";
}

const char* alertToldName(AlertTold told) noexcept
{
    switch (told) {
    case AlertTold::Fired:
        return "fired";
    case AlertTold::SeverityRose:
        return "severity_rose";
    case AlertTold::Resolved:
        return "resolved";
    case AlertTold::Repeated:
        return "repeated";
    }
    return "";
}

const char* resolveReasonName(ResolveReason reason) noexcept
{
    switch (reason) {
    case ResolveReason::Condition:
        return "condition";
    case ResolveReason::RuleUpdated:
        return "rule_updated";
    case ResolveReason::RuleDisabled:
        return "rule_disabled";
    case ResolveReason::RuleRemoved:
        return "rule_removed";
    }
    return "";
}

const char* silenceStateName(SilenceState state) noexcept
{
    switch (state) {
    case SilenceState::Pending:
        return "pending";
    case SilenceState::Active:
        return "active";
    case SilenceState::Expired:
        return "expired";
    }
    return "";
}

std::string matcherText(const SilenceMatcher& matcher)
{
    std::string text = matcher.name;
    text += matcher.isRegex ? (matcher.isEqual ? "=~\"" : "!~\"") : (matcher.isEqual ? "=\"" : "!=\"");
    for (const char c : matcher.value) {
        if (c == '"' || c == '\\') {
            text += '\\';
        }
        if (c == '\n') {
            text += "\\n";
        } else {
            text += c;
        }
    }
    return text + '"';
}

const char* scenarioStateName(ScenarioState state) noexcept
{
    switch (state) {
    case ScenarioState::Ready:
        return "ready";
    case ScenarioState::Running:
        return "running";
    case ScenarioState::Stopping:
        return "stopping";
    case ScenarioState::Done:
        return "done";
    case ScenarioState::Stopped:
        return "stopped";
    case ScenarioState::Failed:
        return "failed";
    }
    return "";
}

} // namespace metrics
