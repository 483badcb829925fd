// What a person can ask about the channels by which people are told. Filled in by app/wiring.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/notify_rows.h"
#include "monitor/metrics/secret_place.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace widgets {

// Of this window: when an alert of this severity or a worse one begins to fire, or again until it is acknowledged.
struct SoundChoice {
    enum class When { Never, Once, UntilAcknowledged } when = When::Never;
    metrics::Severity from = metrics::Severity::Info;

    friend bool operator==(const SoundChoice&, const SoundChoice&) = default;
};

using ChannelSecrets = std::map<std::string, std::string>; // setting → value, as it was typed

// Every call returns at once; refusals at once, too, other outcomes as a toast.
struct ChannelCommands {
    std::function<std::vector<metrics::ChannelKind>()> kinds = {};
    std::function<std::vector<metrics::ChannelSetup>()> setups = {};
    std::function<core::Result<void>(const metrics::ChannelSetup&, const ChannelSecrets&)> save = {};
    std::function<void(const std::string& name)> remove = {};
    std::function<void(const metrics::ChannelSetup&, const ChannelSecrets&)> test = {};
    std::function<SoundChoice()> sound = {};
    std::function<void(const SoundChoice&)> setSound = {}; // remembered
    std::function<void(metrics::Severity)> playSound = {};
    std::function<metrics::SecretPlace()> secretPlace = {}; // of what is typed from now on
    std::function<core::Result<metrics::ChannelPreview>(const metrics::ChannelSetup&)> preview = {};
};

} // namespace widgets
