#include "monitor/collect/self/tag_timings.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <exception>

namespace collect {

void TagTimings::observe(std::string_view tag, core::Nanos span) noexcept
try {
    const std::size_t shard = metrics::threadShard();
    if (shard == metrics::kSharedShard || tag.size() > Last{}.text.size()) {
        of(tag).observe(span);
        return;
    }
    Last& last = m_last[shard]; // this thread's alone
    if (last.histogram == nullptr || std::string_view(last.text.data(), last.size) != tag) {
        last.histogram = &of(tag);
        last.size = tag.size();
        std::copy(tag.begin(), tag.end(), last.text.begin());
    }
    last.histogram->observe(span);
} catch (const std::exception&) { // no memory
}

metrics::Histogram& TagTimings::of(std::string_view tag)
{
    std::string name = core::validUtf8(tag);
    const core::MutexLock lock(m_mutex);
    const auto known = m_byTag.find(name);
    if (known != m_byTag.end()) {
        return *known->second;
    }
    if (name != "other" && m_byTag.size() - m_byTag.count("other") >= kMostTags) {
        name = "other";
    }
    std::unique_ptr<metrics::Histogram>& histogram = m_byTag[std::move(name)];
    if (histogram == nullptr) {
        histogram = std::make_unique<metrics::Histogram>(m_bounds);
    }
    return *histogram;
}

std::vector<std::pair<std::string, metrics::HistogramValue>> TagTimings::values() const
{
    std::vector<std::pair<std::string, metrics::HistogramValue>> values;
    const core::MutexLock lock(m_mutex);
    values.reserve(m_byTag.size());
    for (const auto& [tag, histogram] : m_byTag) {
        values.emplace_back(tag, histogram->value());
    }
    return values;
}

} // namespace collect
