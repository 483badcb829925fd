#include "monitor/alert/flap_watch.h"

#include <iterator>

namespace alert {

void FlapWatch::note(const std::string& group, const metrics::Labels& labels, core::SteadyTime now)
{
    auto& turns = m_turns[{group, labels}];
    turns.push_back(now);
    if (turns.size() > kFlaps) {
        turns.pop_front();
    }
}

bool FlapWatch::flapping(const std::string& group, const metrics::Labels& labels, core::SteadyTime now) const
{
    const auto at = m_turns.find({group, labels});
    return at != m_turns.end() && at->second.size() >= kFlaps && now - at->second.front() <= kFlapWindow;
}

void FlapWatch::expire(core::SteadyTime now)
{
    for (auto at = m_turns.begin(); at != m_turns.end();) {
        at = now - at->second.back() > kFlapWindow ? m_turns.erase(at) : std::next(at);
    }
}

} // namespace alert
