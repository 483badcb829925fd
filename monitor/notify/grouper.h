// Which alerts make one message of a channel, and when it is due: group_by, group_wait, group_interval and
// repeat_interval as Alertmanager has them (dispatch/dispatch.go and notify/notify.go of 0.25), and quiet
// hours.
#pragma once

#include "monitor/metrics/notify_rows.h"
#include "monitor/notify/journal.h"
#include "monitor/notify/message.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace notify {

// Continuous is what Alertmanager's API wants: all that fires, at once and again each minute, and what
// resolved for 15 minutes more.
enum class Cadence { Grouped, Continuous };

inline constexpr core::Nanos kResend = std::chrono::minutes(1);
inline constexpr core::Nanos kResolvedKept = std::chrono::minutes(15);
inline constexpr std::size_t kStormGroups = 10; // more groups due at once become one digest

// Minutes after local midnight.
[[nodiscard]] int localMinute(core::WallTime now);
// Nothing outside of quiet hours; else when they end.
[[nodiscard]] std::optional<core::WallTime> quietUntil(const metrics::QuietHours& hours, core::WallTime now,
                                                       int localMinute);

// Pure but for what it writes into the changes it is given: no clock, no disk, no thread.
class Grouper {
public:
    Grouper(metrics::ChannelSetup setup, Cadence cadence);

    // `minute` replaces localMinute() in tests.
    void setMinute(std::function<int(core::WallTime)> minute) { m_minute = std::move(minute); }
    void take(const Alert& alert, metrics::AlertTold told, core::WallTime now, Change& change);
    // The messages due, without ids. `acked`: incidents that are not repeated.
    [[nodiscard]] std::vector<Message> flush(core::WallTime now, const std::set<std::string>& acked,
                                             Change& change);
    [[nodiscard]] std::optional<core::WallTime> nextDue() const;
    [[nodiscard]] bool quiet(core::WallTime now) const;

    // A value a change of ours carried ("a|channel|group|fingerprint", "g|channel|group"); broken ones are
    // passed over.
    void restore(const std::string& key, const std::string& value);
    // Everything of this channel forgotten.
    void forget(Change& change) const;
    [[nodiscard]] const metrics::ChannelSetup& setup() const noexcept { return m_setup; }
    // A new setup of the same channel; groups stay where group_by stays.
    void adopt(metrics::ChannelSetup setup) { m_setup = std::move(setup); }

private:
    struct Held {
        Alert alert;
        bool told = false;  // that it fires
        bool fresh = false; // something about it is not told yet
    };
    struct Group {
        metrics::Labels labels;
        std::map<std::uint64_t, Held> alerts;
        std::optional<core::WallTime> due;
        core::WallTime lastSent = {}; // the epoch: never
    };

    [[nodiscard]] metrics::Labels labelsOf(const Alert& alert) const;
    [[nodiscard]] std::string groupKeyOf(const metrics::Labels& labels) const;
    [[nodiscard]] std::optional<core::WallTime> dueOf(const Group& group) const;
    void schedule(Group& group, metrics::AlertTold told, core::WallTime now) const;
    [[nodiscard]] bool held(Group& group, core::WallTime now) const;
    [[nodiscard]] std::optional<Message> flushOne(const std::string& key, Group& group, core::WallTime now,
                                                  const std::set<std::string>& acked);
    void settle(const std::string& key, Group& group, core::WallTime now, Change& change);
    void save(const std::string& key, const Group& group, Change& change) const;
    void saveAlert(const std::string& key, const Held& held, Change& change) const;
    [[nodiscard]] std::string alertKey(const std::string& key, std::uint64_t fingerprint) const;

    metrics::ChannelSetup m_setup;
    Cadence m_cadence;
    std::function<int(core::WallTime)> m_minute = localMinute;
    std::map<std::string, Group> m_groups;
};

} // namespace notify
