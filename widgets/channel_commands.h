// What a person can ask about the channels by which people are told. Filled in by app/wiring.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/notify_rows.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace widgets {

using ChannelSecrets = std::map<std::string, std::string>; // setting → value, as it was typed

// Every call returns at once; refusals at once, too, other outcomes as a toast.
struct ChannelCommands {
    std::function<std::vector<metrics::ChannelKind>()> kinds = {};
    std::function<std::vector<metrics::ChannelSetup>()> setups = {};
    std::function<core::Result<void>(const metrics::ChannelSetup&, const ChannelSecrets&)> save = {};
    std::function<void(const std::string& name)> remove = {};
    std::function<void(const metrics::ChannelSetup&, const ChannelSecrets&)> test = {};
    std::function<core::Result<metrics::ChannelPreview>(const metrics::ChannelSetup&)> preview = {};
};

} // namespace widgets
