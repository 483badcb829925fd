// What a person can ask about other people's pools. Filled in by app/wiring.
#pragma once

#include "monitor/metrics/secret_place.h"
#include "monitor/metrics/target_rows.h"

#include <QString>

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace widgets {

// Every call returns at once, but for `probe`.
struct TargetCommands {
    std::function<std::vector<metrics::TargetSetup>()> setups = {};
    // Asks it once, waiting for the answer: never on the main thread. `secret` as it was typed.
    std::function<metrics::TargetFinding(const metrics::TargetSetup& setup, const std::string& secret,
                                         const std::stop_token& stop)>
        probe = {};
    // `done` comes once, on the main thread: why not; empty when it is done. Without it a refusal comes as a
    // toast. What was done comes as a toast with a way back.
    std::function<void(const metrics::TargetEdit& edit, std::function<void(const QString& problem)> done)>
        edit = {};
    std::function<metrics::SecretPlace()> secretPlace = {}; // of what is typed from now on
};

} // namespace widgets
