// Acknowledgements at Alertmanagers: silences that last as long as what they hide. Pure.
//
// An Alertmanager knows silences only, and those end by the clock (acknowledging is declared out of its
// scope, github.com/prometheus/alertmanager#1860): so each is short, renewed while the alert fires, and ended
// when it is over.
#pragma once

#include "monitor/cluster/merge.h"
#include "monitor/core/clock.h"
#include "monitor/metrics/silence_rows.h"

#include <span>
#include <string>
#include <vector>

namespace cluster {

struct Ack {
    metrics::SilenceRow silence; // as it is to stand everywhere; ids are each cluster's own
    core::WallTime since = {};   // an alert that began later is another incident
    // Of this run only.
    core::SteadyTime goneSince = {}; // nobody shows the alert any more; the epoch: it fires, or nobody knows
    std::string problem = {};        // why it could not be renewed; empty: it is well
};

inline constexpr std::size_t kMostAcks = 200;

// The same acknowledgement: matchers, author and comment, whatever its end.
[[nodiscard]] bool isOf(const metrics::SilenceRow& silence, const metrics::SilenceRow& ack);
// An acknowledgement by its comment, whoever made it.
[[nodiscard]] bool isAck(const metrics::SilenceRow& silence);
// Whether the silence hides what has these labels; false of matchers that are none.
[[nodiscard]] bool hides(const metrics::SilenceRow& silence, const metrics::Labels& labels);
// The peer's one that is not over; null: none.
[[nodiscard]] const metrics::SilenceRow* standingAt(const PeerNews& peer, const metrics::SilenceRow& ack,
                                                    core::WallTime now);
// Somebody has ended it there: an end by hand is the moment of the last change, one by the clock is not.
[[nodiscard]] bool endedByHandAt(const PeerNews& peer, const metrics::SilenceRow& ack, core::WallTime now);

// What an acknowledgement hides: it fires; only a later incident does; nothing at all; nobody can say.
enum class Hidden { Fires, Another, Gone, Unknown };
// `groups` as groupsOf(): of each somebody must answer before it is Gone.
[[nodiscard]] Hidden hiddenBy(const Ack& ack, std::span<const PeerNews> peers, std::span<const int> groups);

} // namespace cluster
