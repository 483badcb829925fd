// Channels as YAML: the `notify:` section of the configuration file, and notify.yml, which the window writes.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/notify_rows.h"

#include <filesystem>
#include <string>
#include <vector>

namespace YAML {
class Node;
}

namespace notify {

// Of the window: when an alert begins to fire, or again until it is acknowledged.
enum class Sound { Off, Once, Repeat };

struct NotifyConfig {
    std::vector<metrics::ChannelSetup> channels;
    Sound sound = Sound::Off;
    std::string externalUrl; // for links in messages; empty: the endpoint's own address
    bool useKeyRing = true;  // for secrets typed into the window, when there is one
};

struct SetupProblem {
    int line = 0; // from 0, as YAML counts
    std::string reason;
};

// A map with `channels`, `sound`, `secrets` and `external_url`. Everything is checked but secrets.
[[nodiscard]] core::Result<NotifyConfig, SetupProblem> readNotify(const YAML::Node& node);
// notify.yml; a file that is not there holds no channels. Errors name file, line and reason.
[[nodiscard]] core::Result<std::vector<metrics::ChannelSetup>>
readSetupFile(const std::filesystem::path& file);
// Written whole or not at all, mode 0600.
[[nodiscard]] core::Result<void> writeSetupFile(const std::filesystem::path& file,
                                                const std::vector<metrics::ChannelSetup>& setups);
// The section with every setting and its default, commented out, for --print-config.
[[nodiscard]] std::string notifyConfigText();

} // namespace notify
