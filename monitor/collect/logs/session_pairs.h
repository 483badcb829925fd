// Sessions as a log tells of them: created, failed, closed. What is created and not closed in time is
// suspected to leak.
#pragma once

#include "monitor/core/clock.h"

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

namespace collect {

struct SessionFigures {
    std::uint64_t created = 0;
    std::uint64_t closed = 0;
    std::uint64_t failed = 0;    // "Database session error"
    std::uint64_t suspected = 0; // ever
    int open = 0;
    int suspectedNow = 0; // open or failed for longer than allowed
};

// Not thread-safe. Sessions with a name (of a session or thread) are paired by it, the newest of a name
// first, as nested ones close. Those without are counted: the oldest counts as closed first, so that what is
// suspected among them is a lower bound and never a false alarm. Times are those of reading, from a steady
// clock.
class SessionPairs {
public:
    // Sessions kept at once; beyond, the oldest is let go (and was suspected, if it was due).
    static constexpr std::size_t kMost = 20'000;

    explicit SessionPairs(core::Nanos leakAfter)
        : m_leakAfter(leakAfter)
    {
    }

    void created(const std::string& key, core::SteadyTime now);
    // One that no creation is known of is counted and changes nothing else.
    void closed(const std::string& key, core::SteadyTime now);
    // Must be followed by a closing. Without a known creation it is remembered as a session of its own.
    void failed(const std::string& key, core::SteadyTime now);
    [[nodiscard]] SessionFigures figures(core::SteadyTime now);

private:
    struct Session {
        std::uint64_t number = 0;
        core::SteadyTime since = {};
        bool suspected = false;
    };
    using Line = std::deque<Session>; // of one key, oldest first

    [[nodiscard]] Session* find(const std::string& key, std::uint64_t number);
    void add(const std::string& key, core::SteadyTime now);
    void forgetOldest();
    void suspect(core::SteadyTime now);

    const core::Nanos m_leakAfter;
    SessionFigures m_figures;
    std::uint64_t m_number = 0;
    std::unordered_map<std::string, Line> m_open;
    std::deque<std::pair<std::uint64_t, std::string>> m_order; // by age; closed ones are passed over
    std::deque<std::pair<std::uint64_t, std::string>> m_due;   // not suspected yet, by age
};

} // namespace collect
