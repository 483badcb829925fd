// Marks and notes of a recording, to be read only.
#pragma once

#include "monitor/metrics/diary.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace record {

// Thread-safe, for it never changes; answers at once.
class RecordedDiary final : public metrics::Diary {
public:
    // Ascending.
    explicit RecordedDiary(std::vector<metrics::DiaryEntry> entries)
        : m_entries(std::move(entries))
    {
    }
    void read(const metrics::DiaryRange& range,
              std::function<void(std::vector<metrics::DiaryEntry>)> answer) const override;
    void rewrite(const metrics::DiaryEntry& note, const std::string& text) override;
    void remove(const metrics::DiaryEntry& note) override;
    [[nodiscard]] bool changes() const noexcept override { return false; }

private:
    const std::vector<metrics::DiaryEntry> m_entries;
};

} // namespace record
