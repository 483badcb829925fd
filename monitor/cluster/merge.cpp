#include "monitor/cluster/merge.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>

namespace cluster {

using metrics::ClusterAlert;
using metrics::ClusterPeer;
using metrics::ClusterSilence;
using metrics::SilenceRow;

namespace {

bool lists(const PeerNews& peer, const PeerNews& other)
{
    return std::ranges::find(peer.status.members, other.status.name) != peer.status.members.end();
}

bool isSettled(const PeerNews& peer)
{
    return peer.row.state == ClusterPeer::State::Up && peer.status.gossip != "settling";
}

void addOnce(std::vector<std::string>& list, const std::vector<std::string>& more)
{
    for (const std::string& one : more) {
        if (std::ranges::find(list, one) == list.end()) {
            list.push_back(one);
        }
    }
}

// Alertmanager's times are of milliseconds.
auto actOf(const SilenceRow& silence)
{
    std::vector<std::tuple<std::string, std::string, bool, bool>> matchers;
    for (const metrics::SilenceMatcher& one : silence.matchers) {
        matchers.emplace_back(one.name, one.value, one.isRegex, one.isEqual);
    }
    std::ranges::sort(matchers);
    return std::tuple(std::move(matchers), core::epochMillis(silence.endsAt), silence.createdBy,
                      silence.comment);
}

using Act = decltype(actOf(std::declval<const SilenceRow&>()));

std::vector<ClusterAlert> mergedAlerts(std::span<const PeerNews> peers)
{
    std::vector<ClusterAlert> alerts;
    std::map<std::string, std::size_t> places;
    for (const PeerNews& peer : peers) {
        for (const ClusterAlert& alert : peer.alerts) {
            const auto [place, isNew] = places.emplace(alert.fingerprint, alerts.size());
            if (isNew) {
                alerts.push_back(alert);
            }
            ClusterAlert& one = alerts[place->second];
            addOnce(one.peers, {peer.row.name});
            if (isNew) {
                continue;
            }
            one.startsAt = std::min(one.startsAt, alert.startsAt);
            one.state = std::min(one.state, alert.state);
            addOnce(one.silencedBy, alert.silencedBy);
            addOnce(one.inhibitedBy, alert.inhibitedBy);
            addOnce(one.receivers, alert.receivers);
        }
    }
    return alerts;
}

std::vector<ClusterSilence> mergedSilences(std::span<const PeerNews> peers)
{
    std::vector<ClusterSilence> silences;
    std::map<std::string, std::size_t> places;
    std::map<Act, std::size_t> acts;
    for (const PeerNews& peer : peers) {
        for (const SilenceRow& silence : peer.silences) {
            auto place = places.find(silence.id);
            if (place == places.end()) {
                const auto [act, isNew] = acts.emplace(actOf(silence), silences.size());
                place = places.emplace(silence.id, act->second).first;
                if (isNew) {
                    silences.push_back({silence, {}, {}});
                }
            }
            ClusterSilence& one = silences[place->second];
            if (silence.updatedAt > one.silence.updatedAt) { // one peer knows of a change already
                const std::string id = one.silence.id;
                one.silence = silence;
                one.silence.id = id;
            }
            addOnce(one.ids, {silence.id});
            addOnce(one.peers, {peer.row.name});
        }
    }
    return silences;
}

// Who hushes what, in words.
void explain(std::vector<ClusterAlert>& alerts, std::vector<ClusterSilence>& silences)
{
    std::map<std::string, ClusterSilence*> byId;
    for (ClusterSilence& silence : silences) {
        silence.silence.catches = 0;
        for (const std::string& id : silence.ids) {
            byId[id] = &silence;
        }
    }
    for (ClusterAlert& alert : alerts) {
        std::set<ClusterSilence*> hushing;
        for (const std::string& id : alert.silencedBy) {
            if (const auto at = byId.find(id); at != byId.end() && hushing.insert(at->second).second) {
                const SilenceRow& silence = at->second->silence;
                ++at->second->silence.catches;
                if (silence.comment.starts_with(metrics::kAckMark)) {
                    alert.ackedBy = silence.createdBy;
                }
                alert.quiet = silence.createdBy + ": " + silence.comment;
            }
        }
    }
}

} // namespace

void learnBonds(Bonds& bonds, std::span<const PeerNews> peers)
{
    for (std::size_t i = 0; i < peers.size(); ++i) {
        for (std::size_t j = i + 1; j < peers.size(); ++j) {
            const bool both =
                peers[i].row.state == ClusterPeer::State::Up && peers[j].row.state == ClusterPeer::State::Up;
            if (both && (lists(peers[i], peers[j]) || lists(peers[j], peers[i]))) {
                bonds.emplace(i, j);
            } else if (isSettled(peers[i]) && isSettled(peers[j])) {
                bonds.erase({i, j});
            }
        }
    }
}

std::vector<int> groupsOf(const Bonds& bonds, std::size_t peers)
{
    std::vector<int> group(peers);
    std::iota(group.begin(), group.end(), 0);
    for (const auto& [one, other] : bonds) { // few peers: no need for a clever union
        const auto [least, most] = std::minmax(group[one], group[other]);
        std::ranges::replace(group, most, least);
    }
    std::map<int, int> numbers;
    for (int& number : group) {
        number = numbers.emplace(number, static_cast<int>(numbers.size())).first->second;
    }
    return group;
}

bool sameSilence(const SilenceRow& one, const SilenceRow& other)
{
    return actOf(one) == actOf(other);
}

metrics::ClusterView merged(std::span<const PeerNews> peers)
{
    metrics::ClusterView view;
    for (const PeerNews& peer : peers) {
        view.peers.push_back(peer.row);
    }
    view.alerts = mergedAlerts(peers);
    view.silences = mergedSilences(peers);
    explain(view.alerts, view.silences);
    return view;
}

} // namespace cluster
