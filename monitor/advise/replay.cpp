#include "monitor/advise/replay.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <queue>
#include <utility>

namespace advise {

namespace {

using core::Nanos;

template <class T>
using Soonest = std::priority_queue<T, std::vector<T>, std::greater<>>;

constexpr std::size_t kLookAtStop = 4096; // claims
constexpr Nanos kTurnedAway{-1};          // did not wait at all

class Replay {
public:
    Replay(const std::vector<Claim>& claims, const ReplayPool& pool)
        : m_claims(claims)
        , m_pool(pool)
        , m_waits(claims.size(), Nanos(0))
        , m_ended(claims.size(), false)
    {
        m_told.places = pool.places;
        const int open = std::clamp(pool.openAtStart, 0, pool.places);
        m_idle.assign(static_cast<std::size_t>(open), Nanos(0));
        m_open = m_told.peakOpen = open;
    }

    // False when it was stopped.
    bool run(const std::stop_token& stop)
    {
        for (std::size_t next = 0; next < m_claims.size(); ++next) {
            if (next % kLookAtStop == 0 && stop.stop_requested()) {
                return false;
            }
            const Claim& claim = m_claims[next];
            while (happensBefore(claim.arrival)) {
            }
            arrive(next, claim.arrival);
        }
        while (m_waiting > 0 && happensBefore(kForever)) { // the last ones end after the trace
        }
        return true;
    }
    metrics::SizeForecast result()
    {
        std::erase(m_waits, kTurnedAway);
        m_told.wait = figuresOf(m_waits);
        return m_told;
    }

private:
    // The next return, opened connection or end of patience, when it is not after `until`.
    bool happensBefore(Nanos until)
    {
        dropEnded();
        const Nanos back = m_returns.empty() ? kForever * 2 : m_returns.top();
        const Nanos opened = m_openings.empty() ? kForever * 2 : m_openings.top();
        const Nanos end = m_ends.empty() ? kForever * 2 : m_ends.top().first;
        const Nanos now = std::min({back, opened, end});
        if (now > until) {
            return false;
        }
        if (back == now) {
            m_returns.pop();
            place(now);
        } else if (opened == now) {
            m_openings.pop();
            place(now);
        } else {
            const std::size_t who = m_ends.top().second;
            m_ends.pop();
            leave(who);
        }
        openMore(now);
        return true;
    }
    // Those served before their patience ended.
    void dropEnded()
    {
        while (!m_ends.empty() && m_ended[m_ends.top().second]) {
            m_ends.pop();
        }
    }
    void arrive(std::size_t who, Nanos now)
    {
        closeLingering(now);
        if (!m_idle.empty()) {
            m_idle.pop_front();
            serve(who, now);
        } else if (m_pool.maxWaiters > 0 && m_waiting >= m_pool.maxWaiters) {
            m_ended[who] = true;
            m_waits[who] = kTurnedAway;
            ++m_told.queueFull;
        } else {
            m_queue.push_back(who);
            m_told.peakWaiting = std::max(m_told.peakWaiting, ++m_waiting);
            m_ends.emplace(now + m_claims[who].patience, who);
        }
        openMore(now);
    }
    void serve(std::size_t who, Nanos now)
    {
        m_ended[who] = true;
        m_waits[who] = now - m_claims[who].arrival;
        if (m_claims[who].hold < kForever) {
            m_returns.push(now + m_claims[who].hold);
        } // else its place stays taken
    }
    void leave(std::size_t who)
    {
        m_ended[who] = true;
        m_waits[who] = m_claims[who].patience;
        --m_waiting;
        ++(m_claims[who].then == Claim::Then::GivesUp ? m_told.cancelled : m_told.timeouts);
    }
    // A connection without an owner.
    void place(Nanos now)
    {
        closeLingering(now);
        while (!m_queue.empty()) {
            const std::size_t who = m_queue.front();
            m_queue.pop_front();
            if (!m_ended[who]) {
                --m_waiting;
                serve(who, now);
                return;
            }
        }
        if (static_cast<int>(m_idle.size()) >= m_pool.kept && m_pool.linger <= Nanos(0)) {
            --m_open;
        } else {
            m_idle.push_back(now);
        }
    }
    void closeLingering(Nanos now)
    {
        while (static_cast<int>(m_idle.size()) > m_pool.kept && now - m_idle.front() >= m_pool.linger) {
            m_idle.pop_front();
            --m_open;
        }
    }
    void openMore(Nanos now)
    {
        for (;;) {
            const int opening = static_cast<int>(m_openings.size());
            const bool ahead = static_cast<int>(m_idle.size()) + opening < m_pool.minIdle;
            if (m_open >= m_pool.places || opening >= m_pool.mostOpening ||
                (m_waiting <= opening && !ahead)) {
                return;
            }
            const Nanos takes =
                m_pool.connects.empty() ? Nanos(0) : m_pool.connects[m_told.opened % m_pool.connects.size()];
            m_openings.push(now + std::max(Nanos(0), takes));
            ++m_told.opened;
            m_told.peakOpen = std::max(m_told.peakOpen, ++m_open);
        }
    }

    const std::vector<Claim>& m_claims;
    const ReplayPool& m_pool;
    std::vector<Nanos> m_waits;
    std::vector<bool> m_ended; // served, or left
    std::deque<Nanos> m_idle;  // since when, longest first
    std::deque<std::size_t> m_queue;
    Soonest<Nanos> m_returns;
    Soonest<Nanos> m_openings;
    Soonest<std::pair<Nanos, std::size_t>> m_ends; // of patience
    int m_open = 0;                                // opening ones included
    int m_waiting = 0;
    metrics::SizeForecast m_told;
};

} // namespace

metrics::WaitFigures figuresOf(std::vector<Nanos>& waits)
{
    if (waits.empty()) {
        return {};
    }
    const auto rank = [&waits](double share) {
        const auto place = static_cast<std::ptrdiff_t>(
            std::max(0.0, std::ceil(share * static_cast<double>(waits.size())) - 1));
        std::nth_element(waits.begin(), waits.begin() + place, waits.end());
        return waits[static_cast<std::size_t>(place)];
    };
    return {rank(0.50), rank(0.95), rank(0.99), *std::max_element(waits.begin(), waits.end())};
}

std::optional<metrics::SizeForecast> replay(const std::vector<Claim>& claims, const ReplayPool& pool,
                                            const std::stop_token& stop)
{
    Replay play(claims, pool);
    if (!play.run(stop)) {
        return std::nullopt;
    }
    return play.result();
}

} // namespace advise
