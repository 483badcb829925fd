#include "monitor/record/recorded_diary.h"

#include <algorithm>
#include <iterator>

namespace record {

void RecordedDiary::read(const metrics::DiaryRange& range,
                         std::function<void(std::vector<metrics::DiaryEntry>)> answer) const
{
    std::vector<metrics::DiaryEntry> found;
    std::copy_if(m_entries.begin(), m_entries.end(), std::back_inserter(found),
                 [&range](const metrics::DiaryEntry& entry) {
                     return entry.mark.at <= range.to && std::max(entry.mark.at, entry.mark.until) >= range.from;
                 });
    if (const auto most = std::clamp(range.limit, 1, 10'000); found.size() > static_cast<std::size_t>(most)) {
        found.erase(found.begin(), found.end() - most);
    }
    answer(std::move(found));
}

void RecordedDiary::rewrite(const metrics::DiaryEntry& note, const std::string& text)
{
    static_cast<void>(note);
    static_cast<void>(text);
}

void RecordedDiary::remove(const metrics::DiaryEntry& note)
{
    static_cast<void>(note);
}

} // namespace record
