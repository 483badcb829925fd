// Puts what was typed as a secret where it is safest: into the key ring when there is one, else into
// secrets.yml, which only its owner may read.
#pragma once

#include "monitor/core/bounded_queue.h"
#include "monitor/metrics/notify_rows.h"
#include "monitor/metrics/secret_place.h"
#include "monitor/notify/secrets.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace notify {

// Under which name a secret of a channel's setting is kept.
[[nodiscard]] std::string secretName(const std::string& channel, const std::string& setting);
// The settings of these secrets (setting → value) refer to secrets.yml from now on.
void putReferences(metrics::ChannelSetup& setup, const std::map<std::string, std::string>& secrets);
// To where they were kept (name of the secret → reference).
void putKept(metrics::ChannelSetup& setup, const std::map<std::string, std::string>& references);

// Thread-safe. A thread of its own (`secrets`) talks to the key ring, whose owner may have to unlock it
// first: nobody else waits for that.
class SecretKeeper {
public:
    // By the name of each secret where it is found: "keyring:NAME" or "secret:NAME".
    using References = std::map<std::string, std::string>;
    using Kept = std::function<void(core::Result<References>)>; // called on the keeper's thread

    // Without a ring everything goes into the file.
    SecretKeeper(std::filesystem::path file, std::shared_ptr<KeyRing> ring);
    ~SecretKeeper();
    SecretKeeper(const SecretKeeper&) = delete;
    SecretKeeper& operator=(const SecretKeeper&) = delete;

    // All of them or an error; a ring that is there but refuses is an error, not a reason to write a file.
    void keep(std::map<std::string, std::string> values, Kept kept);
    // Removes what these references name; what cannot be removed is logged.
    void forget(std::vector<std::string> references);
    // Where the next one would go; Unknown until the ring was asked for the first time.
    [[nodiscard]] metrics::SecretPlace place() const noexcept
    {
        return m_place.load(std::memory_order_relaxed);
    }
    // To look references up; reads the file now, the ring when asked.
    [[nodiscard]] core::Result<Secrets> secrets() const;

private:
    // Nobody waits at the end for what was to be kept; what was to be forgotten must not stay.
    enum class AtEnd { Dropped, Done };
    struct Task {
        std::function<void()> run;
        AtEnd atEnd = AtEnd::Dropped;
    };

    void look();
    [[nodiscard]] core::Result<References> keepNow(const std::map<std::string, std::string>& values);
    void forgetNow(const std::string& reference);

    static constexpr std::size_t kQueued = 32;

    const std::filesystem::path m_file;
    const std::shared_ptr<KeyRing> m_ring; // may be null
    std::atomic<metrics::SecretPlace> m_place{metrics::SecretPlace::Unknown};
    core::BoundedQueue<Task> m_tasks{kQueued};
    std::jthread m_thread; // last: joins first
};

} // namespace notify
