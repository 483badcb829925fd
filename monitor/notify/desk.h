// All that is to be told and has been: groups and queues of every channel, and what of them must survive.
#pragma once

#include "monitor/notify/lane.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace notify {

struct Job {
    std::string channel;
    Message message;
};

// What is done is in the journal before anybody acts on it: an event when it is taken, a message before it is
// sent. A message whose sending was not noted is sent again with the same id (at least once). Not
// thread-safe: one owner, one thread. Knows no socket.
class Desk {
public:
    Desk(Journal& journal, const core::Clock& clock);

    // Channels that are gone are forgotten; new ones are told of what fires now.
    void configure(const std::vector<metrics::ChannelSetup>& setups);
    // Events known by their id are passed over.
    void take(std::span<const metrics::AlertEvent> events);
    // Incidents the rules remember to have told of, at the start. What fires here and is none of them was told and
    // then forgotten in a crash: an orphan, until the rules tell of it again or settleOrphans() ends it.
    void setKnown(const std::set<std::string>& incidents);
    [[nodiscard]] bool hasOrphans() const noexcept { return !m_orphans.empty(); }
    // Ends orphans whose alert is not among those alive (pending or firing, by fingerprint) a minute after the start:
    // until then what they look at may not have been seen yet.
    void settleOrphans(const std::set<std::uint64_t>& alive);
    // Incidents somebody has acknowledged: they are not repeated.
    void setAcked(std::set<std::string> incidents) { m_acked = std::move(incidents); }
    // What may be sent now, at most one of each channel; on its way until finish().
    [[nodiscard]] std::vector<Job> due();
    void finish(const std::string& channel, const std::string& id, const Delivery& delivery,
                const std::string& error);
    void noteTry(const std::string& channel, bool sent, const std::string& error);
    // Until due() may have something; at most a minute.
    [[nodiscard]] core::Nanos untilNext() const;
    [[nodiscard]] std::vector<metrics::ChannelRow> rows() const;
    // Why the disk does not take the journal; empty when it does.
    [[nodiscard]] const std::string& diskProblem() const noexcept { return m_diskProblem; }
    // For tests: local minutes of a wall time.
    void setMinute(std::function<int(core::WallTime)> minute) { m_minute = std::move(minute); }

private:
    struct Channel {
        Grouper grouper;
        Lane lane;
        Cadence cadence;
    };

    [[nodiscard]] Moment now() const { return {m_clock.steadyNow(), m_clock.wallNow()}; }
    void restoreSeen();
    [[nodiscard]] bool known(const std::string& event, core::WallTime at, Change& change);
    void addChannel(const metrics::ChannelSetup& setup, Change& change);
    void dropChannel(const std::string& name, Change& change);
    void commit(const Change& change, Journal::Durability durability = Journal::Durability::Synced);
    [[nodiscard]] std::string newId(const std::string& channel);

    Journal& m_journal;
    const core::Clock& m_clock;
    std::function<int(core::WallTime)> m_minute;
    std::map<std::string, std::unique_ptr<Channel>> m_channels;
    std::map<std::uint64_t, Alert> m_open;        // what fires, by fingerprint
    std::map<std::string, core::WallTime> m_seen; // events
    std::set<std::string> m_acked;
    std::set<std::uint64_t> m_orphans; // fingerprints; all of them open
    std::string m_diskProblem;
    const core::SteadyTime m_began;
    std::string m_prefix; // of ids: this run's own
    std::uint64_t m_ids = 0;
};

} // namespace notify
