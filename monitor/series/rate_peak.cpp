#include "monitor/series/rate_peak.h"

#include <cmath>

namespace series {

namespace {

constexpr std::int64_t kJitter = 50; // ms

} // namespace

double RatePeak::add(std::int64_t at, double value)
{
    if (!std::isfinite(value)) {
        return 0;
    }
    if (!m_seen.empty() && at <= m_seen.back().at) {
        m_seen.clear(); // the clock was set back
    }
    const double grown = m_seen.empty() ? 0 : value >= m_last ? value - m_last : value;
    m_seen.push_back({at, (m_seen.empty() ? 0 : m_seen.back().value) + grown});
    m_last = value;
    const std::int64_t begin = at - kPeakSpan + kJitter;
    std::size_t left = 0;
    while (left + 2 < m_seen.size() && m_seen[left + 1].at <= begin) {
        ++left;
    }
    m_seen.erase(m_seen.begin(), m_seen.begin() + static_cast<std::ptrdiff_t>(left));
    const Total& from = m_seen.front();
    return from.at > begin ? 0
                           : (m_seen.back().value - from.value) * 1000 / static_cast<double>(at - from.at);
}

} // namespace series
