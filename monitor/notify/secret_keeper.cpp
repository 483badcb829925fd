#include "monitor/notify/secret_keeper.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

namespace notify {

using metrics::SecretPlace;

std::string secretName(const std::string& channel, const std::string& setting)
{
    return channel + "." + setting;
}

void putReferences(metrics::ChannelSetup& setup, const std::map<std::string, std::string>& secrets)
{
    for (const auto& [setting, value] : secrets) {
        setup.settings[setting] = {"secret:" + secretName(setup.name, setting)};
    }
}

void putKept(metrics::ChannelSetup& setup, const std::map<std::string, std::string>& references)
{
    for (auto& [setting, values] : setup.settings) {
        if (const auto at = references.find(secretName(setup.name, setting)); at != references.end()) {
            values = {at->second};
        }
    }
}

SecretKeeper::SecretKeeper(std::filesystem::path file, std::shared_ptr<KeyRing> ring)
    : m_file(std::move(file))
    , m_ring(std::move(ring))
    , m_thread([this](const std::stop_token& stop) {
        look();
        while (!stop.stop_requested()) {
            for (const Task& task : m_tasks.waitAndDrain(stop, std::chrono::seconds(10))) {
                task.run();
            }
        }
        for (const Task& task : m_tasks.drain()) {
            if (task.atEnd == AtEnd::Done) {
                task.run();
            }
        }
    })
{
}

SecretKeeper::~SecretKeeper()
{
    m_thread.request_stop();
    m_thread.join();
}

void SecretKeeper::look()
{
    m_place.store(m_ring && m_ring->reachable() ? SecretPlace::KeyRing : SecretPlace::File,
                  std::memory_order_relaxed);
}

void SecretKeeper::keep(std::map<std::string, std::string> values, Kept kept)
{
    if (!m_tasks.push({[this, values = std::move(values), kept] { kept(keepNow(values)); }, AtEnd::Dropped})) {
        kept(core::fail("other secrets are being kept", "busy"));
    }
}

core::Result<SecretKeeper::References> SecretKeeper::keepNow(const std::map<std::string, std::string>& values)
{
    look(); // it may have come or gone since
    References references;
    for (const auto& [name, value] : values) {
        const bool ring = place() == SecretPlace::KeyRing;
        auto stored = ring ? m_ring->store(name, value) : Secrets::store(m_file, name, value);
        if (!stored) {
            return core::Unexpected<core::Error>{stored.error()};
        }
        references[name] = (ring ? "keyring:" : "secret:") + name;
    }
    return references;
}

void SecretKeeper::forget(std::vector<std::string> references)
{
    const auto forgetAll = [this, references = std::move(references)] {
        for (const std::string& reference : references) {
            forgetNow(reference);
        }
    };
    const bool queued = m_tasks.push({forgetAll, AtEnd::Done});
    if (!queued) {
        spdlog::warn("notify: secrets of a removed channel were not removed: too much is waiting");
    }
}

void SecretKeeper::forgetNow(const std::string& reference)
{
    const std::size_t colon = reference.find(':');
    const std::string name = reference.substr(colon + 1);
    core::Result<void> removed;
    if (reference.starts_with("keyring:")) {
        removed = m_ring ? m_ring->remove(name) : core::Result<void>();
    } else if (reference.starts_with("secret:")) {
        removed = Secrets::erase(m_file, name);
    }
    if (!removed) {
        spdlog::warn("notify: the secret {} was not removed: {}", name, removed.error().message);
    }
}

core::Result<Secrets> SecretKeeper::secrets() const
{
    auto read = Secrets::load(m_file);
    if (read) {
        read->use(m_ring);
    }
    return read;
}

} // namespace notify
