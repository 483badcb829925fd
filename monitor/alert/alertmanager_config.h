// An Alertmanager's configuration as far as it maps to ours: receivers to channels, inhibition, time
// intervals.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/notify_rows.h"
#include "monitor/metrics/silence_rows.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace alert {

struct AlertmanagerConfig {
    struct Channel {
        metrics::ChannelSetup setup;
        std::map<std::string, std::string> secrets; // setting → value, for secrets.yml; never shown
    };
    // While an alert that `sources` match fires, those that `targets` match are spoken for.
    struct Inhibition {
        std::vector<metrics::SilenceMatcher> sources;
        std::vector<metrics::SilenceMatcher> targets;
        std::vector<std::string> equal;
    };

    std::vector<Channel> channels;
    std::vector<Inhibition> inhibitions;
    // What was not taken, and why, one sentence each, in English as the file's own words are; no secrets in
    // them.
    std::vector<std::string> left;
};

// Whether a file is meant to be one: it has receivers or a route, and no groups of rules. Any bytes are fine.
[[nodiscard]] bool looksLikeAlertmanagerConfig(std::string_view yaml);
// Reads what `amtool check-config` reads: receivers (e-mail, Slack, webhook), the route tree with its group
// and repeat times, matchers on severity, mute time intervals that say the same hours each day,
// inhibit_rules. Everything else is in `left`. Fails, with the line, when it is no YAML or no such
// configuration. Total: any bytes are fine; at most 1 MiB.
[[nodiscard]] core::Result<AlertmanagerConfig> readAlertmanagerConfig(std::string_view yaml);

} // namespace alert
