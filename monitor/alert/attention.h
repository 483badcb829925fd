// What people have said about alerts: acknowledged, snoozed, silenced. Never touches their states.
#pragma once

#include "monitor/alert/silence.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/silence_rows.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace alert {

struct Ack {
    std::string by;
    std::string note;
    core::WallTime at = {};

    friend bool operator==(const Ack&, const Ack&) = default;
};

// How long an expired silence is remembered; Alertmanager's default retention.
inline constexpr core::Nanos kSilenceRetention = std::chrono::hours(120);

// Thread-safe. Acknowledgements and snoozes belong to incidents and end with them; silences belong to labels
// and end with their time.
class Attention {
public:
    static constexpr std::size_t kMaxSilences = 1000;
    static constexpr std::size_t kMaxText = 1000; // of who and note, in bytes

    // Fails when no such incident is open. `by` must not be empty.
    [[nodiscard]] core::Result<void> acknowledge(const std::string& incident, Ack ack);
    [[nodiscard]] core::Result<void> unacknowledge(const std::string& incident);
    // A time that is over already ends the snooze.
    [[nodiscard]] core::Result<void> snooze(const std::string& incident, core::WallTime until);
    // New without an id; with one it changes that silence as Alertmanager does: what is more than its end
    // ends the old one and makes another. Gives the id.
    [[nodiscard]] core::Result<std::string> putSilence(metrics::SilenceRow row, core::WallTime now);
    // Ends it now. The code of the error is "not_found" when there is none or it is over.
    [[nodiscard]] core::Result<void> expireSilence(const std::string& id, core::WallTime now);
    // Active before pending before expired, the soonest to end first; with what each catches of the alerts
    // last marked.
    [[nodiscard]] std::vector<metrics::SilenceRow> silences(core::WallTime now) const;
    // Counts changes, also those by time; for saving.
    [[nodiscard]] std::uint64_t version() const;

    // The evaluating thread: writes the flags into the rows, forgets what belonged to incidents that are
    // over. `rows` are all there are.
    void mark(std::vector<metrics::AlertRow>& rows, core::WallTime now);
    // Only which silences hide this one now, since the last evaluation or not; also of an alert whose rule is gone.
    void markSilenced(metrics::AlertRow& row, core::WallTime now) const;
    // The severity rose: what was acknowledged was less.
    void breakAck(const std::string& incident);

    struct Saved {
        std::map<std::string, Ack> acks; // by incident
        std::map<std::string, core::WallTime> snoozes;
    };
    [[nodiscard]] Saved saved() const;
    void restore(Saved saved);
    // Replaces all silences; what cannot be used is left out.
    void restoreSilences(std::vector<metrics::SilenceRow> rows);

private:
    using Silences = std::vector<CompiledSilence>;

    [[nodiscard]] core::Result<void> checkOpen(const std::string& incident) const REQUIRES(m_mutex);
    void replace(std::shared_ptr<Silences> silences) REQUIRES(m_mutex);

    mutable core::Mutex m_mutex; // guards what follows; no matching under it
    std::map<std::string, Ack> m_acks GUARDED_BY(m_mutex);
    std::map<std::string, core::WallTime> m_snoozes GUARDED_BY(m_mutex);
    std::set<std::string> m_open GUARDED_BY(m_mutex); // incidents
    std::shared_ptr<const Silences> m_silences GUARDED_BY(m_mutex) = std::make_shared<Silences>();
    std::map<std::string, int> m_catches GUARDED_BY(m_mutex); // by silence
    std::uint64_t m_version GUARDED_BY(m_mutex) = 0;
};

// Which of these alerts a silence would hide, as indices; the live preview of an editor. Alerts that are
// resolved do not count. Fails as putSilence() does.
[[nodiscard]] core::Result<std::vector<std::size_t>> caughtBy(const metrics::SilenceRow& silence,
                                                              const std::vector<metrics::AlertRow>& rows);

} // namespace alert
