// Other people's Alertmanagers as the window shows them: peers, alerts, silences. Plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/metric_def.h"
#include "monitor/metrics/silence_rows.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace metrics {

// How acknowledgements are told from other silences, everywhere: karma and kthxbye look for this at the
// beginning of a silence's comment (https://github.com/prymitive/karma, "alertAcknowledgement").
inline constexpr const char* kAckMark = "ACK!";

struct ClusterAlert {
    // Alertmanager's words: it notifies, somebody or something hushes it, it has not looked yet.
    enum class State { Active, Suppressed, Unprocessed };

    std::string fingerprint; // the same alert has the same at every peer
    std::string name;        // alertname
    Labels labels;           // all of them, sorted
    std::map<std::string, std::string> annotations;
    Severity severity = Severity::Warning; // of the label; Warning without one
    State state = State::Active;           // active when any peer says so
    core::WallTime startsAt = {};
    std::vector<std::string> silencedBy;  // ids
    std::vector<std::string> inhibitedBy; // fingerprints
    std::vector<std::string> receivers;
    std::vector<std::string> peers; // names of those that know it
    std::string ackedBy;            // who wrote a silence of it that begins with kAckMark; empty: nobody
    std::string quiet;              // "ann: on it", of the silence that hides it; empty: none

    friend bool operator==(const ClusterAlert&, const ClusterAlert&) = default;
};

// What stands at several clusters, made by one act, is one row.
struct ClusterSilence {
    SilenceRow silence;             // `catches` counts alerts of all peers
    std::vector<std::string> ids;   // one for each cluster
    std::vector<std::string> peers; // names of those that know it
    bool renewed = false;           // an acknowledgement kept up from here while what it hides fires

    friend bool operator==(const ClusterSilence&, const ClusterSilence&) = default;
};

struct ClusterPeer {
    enum class State { Unknown, Up, Away };

    std::string name; // host:port
    std::string url;
    State state = State::Unknown;
    std::string error;   // why it is away; one line without credentials
    std::string version; // "0.25.0"
    std::string gossip;  // its own word on its cluster: "ready", "settling", "disabled"
    int members = 0;     // of its cluster, itself among them; 0: not known, or it has none
    int group = 0;       // peers of one number tell each other
    int alerts = 0;
    int silences = 0;          // that are not over
    core::WallTime since = {}; // of the state
    core::WallTime heard = {}; // its last answer; the epoch: never
    core::Nanos latency{0};    // of that answer
    int owed = 0;              // silences it is still to be told

    friend bool operator==(const ClusterPeer&, const ClusterPeer&) = default;
};

struct ClusterView {
    std::vector<ClusterPeer> peers; // as configured
    std::vector<ClusterAlert> alerts;
    std::vector<ClusterSilence> silences;
    core::Nanos ackSpan{0};            // how long an acknowledgement lasts without this program
    std::vector<std::string> troubles; // what cannot be kept or renewed, one line each, without credentials

    [[nodiscard]] int away() const noexcept
    {
        int count = 0;
        for (const ClusterPeer& peer : peers) {
            count += peer.state == ClusterPeer::State::Away ? 1 : 0;
        }
        return count;
    }
};

using ClusterViewPtr = std::shared_ptr<const ClusterView>;

} // namespace metrics
