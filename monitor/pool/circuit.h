// Whether resources can be had at all: up, in doubt, away, coming back, or waiting for a person.
#pragma once

#include "monitor/core/clock.h"

#include <string>

namespace pool {

// Why opening a resource failed.
enum class FaultKind {
    Unreachable, // may heal by itself
    Saturated,   // the other side lives but is full
    NeedsPerson  // credentials or grants: trying again changes nothing and may lock the account
};

struct Fault {
    FaultKind kind = FaultKind::Unreachable;
    std::string message; // one line, no credentials
    std::string sqlstate;
};

// A pure state machine; time is handed in. Not thread-safe: lives under the lock of the core.
//
// up --failure--> suspect --third failure, or nothing left that lives--> down --success--> ramp
// ramp --4 successes, or a success and nobody waits--> up
// any --NeedsPerson--> blocked --retryNow()--> suspect
// While suspect or down exactly one attempt is in flight, with pauses of 0.1 s doubling to 2 s.
class Circuit {
public:
    enum class State { Up, Suspect, Down, Ramp, Blocked };
    enum class Turn { None, Suspected, WentDown, Blocked, Recovered };

    static constexpr core::Nanos kFirstPause = std::chrono::milliseconds(100);
    static constexpr core::Nanos kLongestPause = std::chrono::seconds(2);
    // How long a request may hang on hope while the circuit is suspect.
    static constexpr core::Nanos kGrace = std::chrono::seconds(2);

    // `others`: what was opened earlier and is still open: nothing, or whether any has answered since the
    // doubt began.
    enum class Others { None, Silent, Alive };
    Turn failed(const Fault& fault, core::SteadyTime now, Others others);
    Turn succeeded(core::SteadyTime now);
    // Nobody waits: there is nothing to ramp up for any more.
    void demandMet() noexcept;
    // A resource that should have lived did not: older ones must prove themselves. `since` = when the failed
    // check began.
    Turn doubted(core::SteadyTime since);
    void retryNow(core::SteadyTime now);

    [[nodiscard]] State state() const noexcept { return m_state; }
    [[nodiscard]] const Fault& fault() const noexcept { return m_fault; }
    [[nodiscard]] core::SteadyTime doubtSince() const noexcept { return m_doubtSince; }
    [[nodiscard]] core::SteadyTime nextTry() const noexcept { return m_nextTry; }
    // Attempts that may be in flight, of at most `most`.
    [[nodiscard]] int attempts(int most, core::SteadyTime now) const noexcept;
    // Requests that cannot be served from what is there must fail now.
    [[nodiscard]] bool refuses(core::SteadyTime now) const noexcept;
    [[nodiscard]] bool away() const noexcept { return m_state == State::Down || m_state == State::Blocked; }

private:
    State m_state = State::Up;
    Fault m_fault;
    core::SteadyTime m_doubtSince = {};
    core::SteadyTime m_nextTry = {};
    core::Nanos m_pause = kFirstPause;
    int m_failures = 0;  // in a row
    int m_successes = 0; // of the ramp
};

} // namespace pool
