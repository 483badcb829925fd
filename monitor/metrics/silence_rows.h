// Silences as Alertmanager knows them, and what people say about incidents: plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/metric_def.h"

#include <string>
#include <vector>

namespace metrics {

struct SilenceMatcher {
    std::string name;
    std::string value;
    bool isRegex = false;
    bool isEqual = true;

    friend bool operator==(const SilenceMatcher&, const SilenceMatcher&) = default;
};

enum class SilenceState { Pending, Active, Expired };

// "pending", "active", "expired": Alertmanager's words, never translated.
[[nodiscard]] const char* silenceStateName(SilenceState state) noexcept;
// name="value", name=~"a|b": as amtool writes and reads it.
[[nodiscard]] std::string matcherText(const SilenceMatcher& matcher);

struct SilenceRow {
    std::string id; // empty: a new one
    std::vector<SilenceMatcher> matchers;
    core::WallTime startsAt = {};
    core::WallTime endsAt = {};
    core::WallTime updatedAt = {};
    std::string createdBy;
    std::string comment;
    int catches = 0; // alerts it hides now; of those shown only

    [[nodiscard]] SilenceState stateAt(core::WallTime now) const noexcept
    {
        return now < startsAt ? SilenceState::Pending
               : now < endsAt ? SilenceState::Active
                              : SilenceState::Expired;
    }
    friend bool operator==(const SilenceRow&, const SilenceRow&) = default;
};

} // namespace metrics
