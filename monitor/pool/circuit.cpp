#include "monitor/pool/circuit.h"

#include <algorithm>

namespace pool {

namespace {

constexpr int kFailuresToDown = 3;
constexpr int kSuccessesToUp = 4;

} // namespace

Circuit::Turn Circuit::failed(const Fault& fault, core::SteadyTime now, Others others)
{
    m_fault = fault;
    if (m_failures++ == 0 && (m_state == State::Up || m_state == State::Ramp)) {
        m_doubtSince = now;
    }
    m_nextTry = now + m_pause;
    m_pause = std::min(m_pause * 2, kLongestPause);
    m_successes = 0;
    if (fault.kind == FaultKind::NeedsPerson) {
        const bool news = m_state != State::Blocked;
        m_state = State::Blocked;
        return news ? Turn::Blocked : Turn::None;
    }
    if (m_state == State::Down) {
        return Turn::None;
    }
    // A full server is no reason to give up what is there, however long it stays full. With nothing left that
    // could live there is nothing to hope for.
    const bool down = others == Others::None || (others == Others::Silent && m_failures >= kFailuresToDown &&
                                                 fault.kind != FaultKind::Saturated);
    const bool news = m_state == State::Up || m_state == State::Ramp;
    m_state = down ? State::Down : State::Suspect;
    return down ? Turn::WentDown : (news ? Turn::Suspected : Turn::None);
}

Circuit::Turn Circuit::succeeded(core::SteadyTime now)
{
    m_failures = 0;
    m_pause = kFirstPause;
    m_nextTry = now;
    switch (m_state) {
    case State::Up:
        return Turn::None;
    case State::Suspect:
        m_state = State::Up;
        return Turn::Recovered;
    case State::Down:
    case State::Blocked:
        m_state = State::Ramp;
        m_successes = 1;
        return Turn::Recovered;
    case State::Ramp:
        if (++m_successes >= kSuccessesToUp) {
            m_state = State::Up;
        }
        return Turn::None;
    }
    return Turn::None;
}

void Circuit::demandMet() noexcept
{
    if (m_state == State::Ramp) {
        m_state = State::Up;
    }
}

Circuit::Turn Circuit::doubted(core::SteadyTime since)
{
    if (m_state != State::Up && m_state != State::Ramp) {
        return Turn::None;
    }
    m_state = State::Suspect;
    m_doubtSince = since;
    m_nextTry = since;
    m_failures = 0;
    m_fault = {FaultKind::Unreachable, "a connection did not answer", "08006"};
    return Turn::Suspected;
}

void Circuit::retryNow(core::SteadyTime now)
{
    m_nextTry = now;
    m_pause = kFirstPause;
    if (m_state == State::Blocked) {
        m_state = State::Suspect;
        m_doubtSince = now;
        m_failures = 0;
    }
}

int Circuit::attempts(int most, core::SteadyTime now) const noexcept
{
    switch (m_state) {
    case State::Up:
        return now >= m_nextTry ? most : std::min(most, 1);
    case State::Suspect:
    case State::Down:
        return now >= m_nextTry ? 1 : 0;
    case State::Ramp:
        return std::min(most, std::max(1, m_successes));
    case State::Blocked:
        return 0;
    }
    return 0;
}

bool Circuit::refuses(core::SteadyTime now) const noexcept
{
    return away() || (m_state == State::Suspect && now >= m_doubtSince + kGrace);
}

} // namespace pool
