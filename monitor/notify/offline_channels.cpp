#include "monitor/notify/offline_channels.h"

#include "monitor/notify/secret_keeper.h"
#include "monitor/notify/setup_check.h"
#include "monitor/notify/setup_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <system_error>
#include <utility>

namespace notify {

core::Result<std::unique_ptr<OfflineChannels>> OfflineChannels::open(std::filesystem::path folder,
                                                                     std::shared_ptr<KeyRing> ring)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    std::unique_ptr<OfflineChannels> made(new OfflineChannels(std::move(folder), std::move(ring)));
    if (const auto held = made->m_journal.open(made->m_folder / "notify.journal"); !held) {
        return core::fail(fmt::format("a Poolscope runs over {}, or it cannot be written: {}",
                                      made->m_folder.string(), held.error().message),
                          "running");
    }
    auto channels = readSetupFile(made->m_folder / "notify.yml");
    if (!channels) {
        return core::Unexpected{channels.error()};
    }
    made->m_channels = std::move(*channels);
    return made;
}

core::Result<void> OfflineChannels::put(metrics::ChannelSetup setup,
                                        std::map<std::string, std::string> secrets)
{
    putReferences(setup, secrets);
    setup.editable = true;
    if (auto checked = checkSetup(setup); !checked) {
        return checked;
    }
    if (!secrets.empty()) {
        std::promise<core::Result<SecretKeeper::References>> promise;
        SecretKeeper keeper(m_folder / "secrets.yml", m_ring);
        std::map<std::string, std::string> byName;
        for (auto& [setting, value] : secrets) {
            byName[secretName(setup.name, setting)] = std::move(value);
        }
        keeper.keep(std::move(byName), [&promise](core::Result<SecretKeeper::References> kept) {
            promise.set_value(std::move(kept));
        });
        auto kept = promise.get_future().get();
        if (!kept) {
            return core::Unexpected{kept.error()};
        }
        putKept(setup, *kept);
    }
    std::vector<metrics::ChannelSetup> next = m_channels;
    std::erase_if(next, [&](const metrics::ChannelSetup& known) { return known.name == setup.name; });
    next.push_back(std::move(setup));
    std::ranges::sort(next, {}, &metrics::ChannelSetup::name);
    if (auto written = writeSetupFile(m_folder / "notify.yml", next); !written) {
        return written;
    }
    m_channels = std::move(next);
    return {};
}

} // namespace notify
