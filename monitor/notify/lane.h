// The messages of one channel on their way: how fast, how often tried, when given up.
#pragma once

#include "monitor/notify/journal.h"
#include "monitor/notify/notifier.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace notify {

// Never more than so many in any 60 seconds: stricter than a bucket of tokens, which lets its burst through
// on top of its rate, because DingTalk shuts out for ten minutes who goes beyond.
class RateWindow {
public:
    explicit RateWindow(int perMinute)
        : m_perMinute(perMinute)
    {
    }
    void setLimit(int perMinute) { m_perMinute = perMinute; }
    void note(core::SteadyTime at);
    // 0: now.
    [[nodiscard]] core::Nanos wait(core::SteadyTime now) const;
    [[nodiscard]] const std::deque<core::SteadyTime>& times() const noexcept { return m_times; }

private:
    int m_perMinute;
    std::deque<core::SteadyTime> m_times; // of the last minute, oldest first
};

// What to wait before try number `attempts` + 1: 1 s, 2 s, 4 s … 5 min, each ± 20 % by the message's id; at
// least what the other side asked for.
[[nodiscard]] core::Nanos backoff(int attempts, const std::string& id, std::optional<core::Nanos> asked);

// Both clocks at one moment.
struct Moment {
    core::SteadyTime steady;
    core::WallTime wall;
};

// Pure but for the changes it writes into: no clock, no disk, no thread.
class Lane {
public:
    Lane(std::string channel, Cadence cadence, int perMinute, core::Nanos deadline);
    void adopt(int perMinute, core::Nanos deadline);

    // A continuous channel keeps only the newest, and nothing on disk: the next minute brings it again.
    void add(Message message, Change& change);
    // The next one that may be tried now, if none is on its way; it is on its way until finish().
    [[nodiscard]] std::optional<Message> take(Moment now, Change& change);
    // `error` without secrets.
    void finish(const std::string& id, const Delivery& delivery, const std::string& error, Moment now,
                Change& change);
    // Given up: too old. Their ids.
    std::vector<std::string> expire(Moment now, Change& change);
    // How long until take() may give something; nothing when nothing waits.
    [[nodiscard]] std::optional<core::Nanos> nextIn(Moment now) const;
    // A try that did not come from here ("send a test").
    void noteTry(Moment now, bool sent, const std::string& error);

    // "m|channel|id" and "r|channel"; broken ones are passed over.
    void restore(const std::string& key, const std::string& value, Moment now);
    void forget(Change& change) const;
    // Figures; the rest of the row is the caller's.
    void fill(metrics::ChannelRow& row, Moment now) const;
    [[nodiscard]] std::size_t queued() const noexcept { return m_pending.size(); }

private:
    struct Pending {
        Message message;
        int attempts = 0;
        core::SteadyTime notBefore = {};
        bool flying = false;
    };
    [[nodiscard]] std::string keyOf(const std::string& id) const { return "m|" + m_channel + "|" + id; }
    [[nodiscard]] bool flying() const;
    void saveTimes(Moment now, Change& change) const;

    std::string m_channel;
    Cadence m_cadence;
    core::Nanos m_deadline;
    RateWindow m_rate;
    std::deque<Pending> m_pending; // oldest first
    metrics::ChannelRow m_figures;
};

} // namespace notify
