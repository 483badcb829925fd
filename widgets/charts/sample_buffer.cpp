#include "widgets/charts/sample_buffer.h"

#include <algorithm>
#include <limits>

namespace widgets {

void SampleBuffer::append(std::int64_t at, double value, std::int64_t gapAfter)
{
    if (!m_samples.empty()) {
        const std::int64_t last = m_samples.back().at;
        if (at <= last) {
            return;
        }
        if (at - last > gapAfter) {
            m_samples.push_back({last + 1, std::numeric_limits<double>::quiet_NaN()});
        }
    }
    m_samples.push_back({at, value});
    // In blocks, so that a full buffer does not move all of itself at each tick.
    if (m_samples.size() > m_capacity + m_capacity / 8 + 1) {
        m_samples.erase(m_samples.begin(), m_samples.end() - static_cast<std::ptrdiff_t>(m_capacity));
    }
}

std::span<const metrics::Point> SampleBuffer::within(std::int64_t from, std::int64_t to) const
{
    const auto before = [](const metrics::Point& p, std::int64_t at) { return p.at < at; };
    auto first = std::lower_bound(m_samples.begin(), m_samples.end(), from, before);
    auto last = std::lower_bound(first, m_samples.end(), to + 1, before);
    if (first != m_samples.begin()) {
        --first;
    }
    if (last != m_samples.end()) {
        ++last;
    }
    return {first, last};
}

} // namespace widgets
