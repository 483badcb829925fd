// Other people's Alertmanagers, as part of the program.
#pragma once

#include "monitor/cluster/client.h"
#include "monitor/core/lang.h"
#include "monitor/core/mutex.h"
#include "monitor/engine/boards.h"
#include "monitor/metrics/cluster_rows.h"

#include <filesystem>
#include <memory>
#include <string>

namespace engine {

// Thread-safe; nothing here waits for a network, but watch() and the end wait for an answer that is under way
// (0.1 s).
class ClusterKeeper {
public:
    enum class Ring { Used, NotUsed };

    // `folder` holds secrets.yml, and owed_silences.json over a restart.
    ClusterKeeper(std::filesystem::path folder, Ring ring);
    // From now on; without peers nobody is.
    void watch(const cluster::Spec& spec);
    // Of the last round; null: no Alertmanager is configured.
    [[nodiscard]] metrics::ClusterViewPtr view() const;
    // A banner while one of them is away, and one while what they are owed cannot be kept or told.
    void tell(BannerBoard& banners, core::Lang lang) const;
    // As cluster::Client's; refused when no Alertmanager is configured.
    void silence(metrics::SilenceRow silence, cluster::Client::Done done) const;
    void expire(const std::string& id, cluster::Client::Done done) const;
    void acknowledge(cluster::AckWish wish, cluster::Client::Done done) const;
    void withdraw(metrics::Labels labels, cluster::Client::Done done) const;
    void refresh() const;

private:
    [[nodiscard]] std::shared_ptr<cluster::Client> client() const;
    template <class Act>
    void ask(Act act, const cluster::Client::Done& done) const; // says so when there is no client

    const std::filesystem::path m_folder;
    const Ring m_ring;
    mutable core::Mutex m_mutex; // guards m_client
    std::shared_ptr<cluster::Client> m_client GUARDED_BY(m_mutex);
};

} // namespace engine
