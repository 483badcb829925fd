// Several Alertmanagers' answers as one picture. Pure.
#pragma once

#include "monitor/cluster/peer_reader.h"
#include "monitor/metrics/cluster_rows.h"

#include <set>
#include <span>
#include <utility>
#include <vector>

namespace cluster {

// What is known of one peer. Its lists are of its last answer, and empty while it is away: what it knew then
// may be over.
struct PeerNews {
    metrics::ClusterPeer row;
    PeerStatus status;
    std::vector<metrics::ClusterAlert> alerts;
    std::vector<metrics::SilenceRow> silences;
};

// Who tells whom, by their places, the smaller first. A bond lasts while one of the two is away or is still
// settling.
using Bonds = std::set<std::pair<std::size_t, std::size_t>>;
void learnBonds(Bonds& bonds, std::span<const PeerNews> peers);
// For each peer the number of its group, from 0 in the order in which they are configured.
[[nodiscard]] std::vector<int> groupsOf(const Bonds& bonds, std::size_t peers);

// Made by one act, whatever ids they were given: matchers, end, author and comment are the same.
[[nodiscard]] bool sameSilence(const metrics::SilenceRow& one, const metrics::SilenceRow& other);
// Each alert once by its fingerprint, each silence once by its id or act; who knows them; who acknowledged.
[[nodiscard]] metrics::ClusterView merged(std::span<const PeerNews> peers);

} // namespace cluster
