// Scenarios as people look at them: plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/lang.h"

#include <cstdint>
#include <string>
#include <vector>

namespace metrics {

// A number a scenario takes, with its limits.
struct ScenarioParameter {
    std::string name; // "threads"
    std::string title; // in the chosen language
    std::string unit;  // "s", "ms", "/s", "" …
    double value = 0;  // of the present or last run, else the default
    double fallback = 0;
    double minimum = 0;
    double maximum = 0;
    bool whole = true;

    friend bool operator==(const ScenarioParameter&, const ScenarioParameter&) = default;
};

enum class ScenarioState { Ready, Running, Stopping, Done, Stopped, Failed };

// "ready", "running" … : never translated.
[[nodiscard]] const char* scenarioStateName(ScenarioState state) noexcept;

struct ScenarioRow {
    std::string name;  // "exhaustion"
    std::string title; // in the chosen language
    std::string description;
    std::vector<ScenarioParameter> parameters;
    ScenarioState state = ScenarioState::Ready;
    double progress = 0; // 0..1
    core::Nanos elapsed{0};
    core::Nanos duration{0};
    core::WallTime startedAt = {};
    std::uint64_t requests = 0;
    std::uint64_t failures = 0; // of the pool or the server
    std::string phase;   // what it does just now, in the chosen language
    std::string message; // why it failed or cannot be run; empty when well
    bool available = true;
    bool needsConsent = false; // on a server that is not ours
    std::vector<std::string> expectedAlerts;
    std::vector<std::string> seenAlerts; // fired since it was started

    friend bool operator==(const ScenarioRow&, const ScenarioRow&) = default;
};

} // namespace metrics
