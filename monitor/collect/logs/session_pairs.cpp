#include "monitor/collect/logs/session_pairs.h"

#include <algorithm>

namespace collect {

SessionPairs::Session* SessionPairs::find(const std::string& key, std::uint64_t number)
{
    const auto line = m_open.find(key);
    if (line == m_open.end()) {
        return nullptr;
    }
    const auto at =
        std::lower_bound(line->second.begin(), line->second.end(), number,
                         [](const Session& session, std::uint64_t n) { return session.number < n; });
    return at != line->second.end() && at->number == number ? &*at : nullptr;
}

void SessionPairs::add(const std::string& key, core::SteadyTime now)
{
    m_open[key].push_back({++m_number, now, false});
    m_order.emplace_back(m_number, key);
    m_due.emplace_back(m_number, key);
    if (++m_figures.open > static_cast<int>(kMost)) {
        suspect(now);
        forgetOldest();
    }
    // Closed ones leave their traces in the orders: swept up when they are most of them.
    const auto sweep = [this](auto& order) {
        if (order.size() > 2 * kMost) {
            std::erase_if(order,
                          [this](const auto& entry) { return find(entry.second, entry.first) == nullptr; });
        }
    };
    sweep(m_order);
    sweep(m_due);
}

void SessionPairs::created(const std::string& key, core::SteadyTime now)
{
    ++m_figures.created;
    add(key, now);
}

void SessionPairs::closed(const std::string& key, core::SteadyTime now)
{
    ++m_figures.closed;
    suspect(now); // what comes too late was suspected before it came
    const auto line = m_open.find(key);
    if (line == m_open.end()) {
        return;
    }
    const bool named = !key.empty();
    const Session session = named ? line->second.back() : line->second.front();
    if (named) {
        line->second.pop_back();
    } else {
        line->second.pop_front();
    }
    if (line->second.empty()) {
        m_open.erase(line);
    }
    --m_figures.open;
    m_figures.suspectedNow -= session.suspected ? 1 : 0;
}

void SessionPairs::failed(const std::string& key, core::SteadyTime now)
{
    ++m_figures.failed;
    if (!m_open.contains(key)) {
        add(key, now);
    }
}

void SessionPairs::suspect(core::SteadyTime now)
{
    while (!m_due.empty()) {
        if (Session* const due = find(m_due.front().second, m_due.front().first)) {
            if (now - due->since <= m_leakAfter) {
                return;
            }
            due->suspected = true;
            ++m_figures.suspected;
            ++m_figures.suspectedNow;
        }
        m_due.pop_front();
    }
}

void SessionPairs::forgetOldest()
{
    while (!m_order.empty()) {
        const auto [number, key] = m_order.front();
        m_order.pop_front();
        const auto line = m_open.find(key);
        if (line == m_open.end() || line->second.front().number != number) {
            continue;
        }
        m_figures.suspectedNow -= line->second.front().suspected ? 1 : 0;
        --m_figures.open;
        line->second.pop_front();
        if (line->second.empty()) {
            m_open.erase(line);
        }
        return;
    }
}

SessionFigures SessionPairs::figures(core::SteadyTime now)
{
    suspect(now);
    return m_figures;
}

} // namespace collect
