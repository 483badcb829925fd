// Channels put into a data folder over which no program runs.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/notify_rows.h"
#include "monitor/notify/journal.h"
#include "monitor/notify/key_ring.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace notify {

// Holds the folder as long as it lives, as a running program does. Not thread-safe.
class OfflineChannels {
public:
    // The code of the error is "running" when a program runs over the folder: that one must be asked then.
    // `ring`: where secrets go; null: into secrets.yml (0600).
    [[nodiscard]] static core::Result<std::unique_ptr<OfflineChannels>> open(std::filesystem::path folder,
                                                                             std::shared_ptr<KeyRing> ring);

    // New, or instead of the one of that name; its secrets first. May wait for the key ring.
    [[nodiscard]] core::Result<void> put(metrics::ChannelSetup setup,
                                         std::map<std::string, std::string> secrets);

private:
    OfflineChannels(std::filesystem::path folder, std::shared_ptr<KeyRing> ring)
        : m_folder(std::move(folder))
        , m_ring(std::move(ring))
    {
    }

    const std::filesystem::path m_folder;
    const std::shared_ptr<KeyRing> m_ring;
    Journal m_journal; // for its lock
    std::vector<metrics::ChannelSetup> m_channels;
};

} // namespace notify
