// The engine's diary: marks on disk and those that are not there yet, as one.
#pragma once

#include "monitor/engine/boards.h"
#include "monitor/engine/history_keeper.h"
#include "monitor/metrics/diary.h"

namespace engine {

// Thread-safe. Both outlive it; without a history there are the marks of the last hour.
class EngineDiary final : public metrics::Diary {
public:
    EngineDiary(MarkBook& book, HistoryKeeper* store)
        : m_book(book)
        , m_store(store)
    {
    }

    void read(const metrics::DiaryRange& range,
              std::function<void(std::vector<metrics::DiaryEntry>)> answer) const override;
    void rewrite(const metrics::DiaryEntry& note, const std::string& text) override;
    void remove(const metrics::DiaryEntry& note) override;

private:
    MarkBook& m_book;
    HistoryKeeper* m_store;
};

} // namespace engine
