#include "monitor/cluster/ack.h"

#include "monitor/alert/silence.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace cluster {

using metrics::ClusterPeer;
using metrics::SilenceRow;

namespace {

// Alertmanager's Expire() gives the end and the change one moment (silence/silence.go); a renewal's end is a
// span ahead of its change.
constexpr auto kOneMoment = std::chrono::milliseconds(500);

auto sorted(std::vector<metrics::SilenceMatcher> matchers)
{
    std::ranges::sort(matchers, {}, [](const metrics::SilenceMatcher& one) {
        return std::tuple(one.name, one.value, one.isRegex, one.isEqual);
    });
    return matchers;
}

std::optional<alert::CompiledSilence> compiled(SilenceRow silence)
{
    silence.endsAt = std::max(silence.endsAt, silence.startsAt + std::chrono::seconds(1));
    auto made = alert::CompiledSilence::make(std::move(silence));
    return made ? std::optional(std::move(*made)) : std::nullopt;
}

} // namespace

bool isOf(const SilenceRow& silence, const SilenceRow& ack)
{
    return silence.createdBy == ack.createdBy && silence.comment == ack.comment &&
           sorted(silence.matchers) == sorted(ack.matchers);
}

bool isAck(const SilenceRow& silence)
{
    return silence.comment.starts_with(metrics::kAckMark);
}

bool hides(const SilenceRow& silence, const metrics::Labels& labels)
{
    const auto matching = compiled(silence);
    return matching && matching->matches(labels);
}

const SilenceRow* standingAt(const PeerNews& peer, const SilenceRow& ack, core::WallTime now)
{
    const auto at = std::ranges::find_if(
        peer.silences, [&](const SilenceRow& one) { return one.endsAt > now && isOf(one, ack); });
    return at == peer.silences.end() ? nullptr : &*at;
}

bool endedByHandAt(const PeerNews& peer, const SilenceRow& ack, core::WallTime now)
{
    const SilenceRow* newest = nullptr;
    for (const SilenceRow& one : peer.silences) {
        if (isOf(one, ack) && (newest == nullptr || one.updatedAt > newest->updatedAt)) {
            newest = &one;
        }
    }
    return newest != nullptr && standingAt(peer, ack, now) == nullptr && newest->endsAt > ack.startsAt &&
           newest->endsAt - newest->updatedAt < kOneMoment;
}

Hidden hiddenBy(const Ack& ack, std::span<const PeerNews> peers, std::span<const int> groups)
{
    const auto matching = compiled(ack.silence); // once: there are thousands of alerts
    bool another = false;
    std::set<int> silent(groups.begin(), groups.end());
    for (std::size_t i = 0; i < peers.size(); ++i) {
        if (peers[i].row.state != ClusterPeer::State::Up) {
            continue;
        }
        if (peers[i].status.gossip != "settling") {
            silent.erase(groups[i]);
        }
        for (const metrics::ClusterAlert& alert : peers[i].alerts) {
            if (!matching || !matching->matches(alert.labels)) {
                continue;
            }
            if (alert.startsAt <= ack.since) {
                return Hidden::Fires;
            }
            another = true;
        }
    }
    return another ? Hidden::Another : silent.empty() ? Hidden::Gone : Hidden::Unknown;
}

} // namespace cluster
