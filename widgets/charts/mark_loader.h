// Asks the diary for the marks of a range, without the window waiting for it.
#pragma once

#include "monitor/metrics/diary.h"

#include <QObject>

#include <memory>
#include <vector>

namespace widgets {

// Main thread only. Of several questions only the last one's answer counts.
class MarkLoader final : public QObject {
    Q_OBJECT
public:
    // `diary` may be null: then nothing ever arrives.
    explicit MarkLoader(const metrics::Diary* diary = nullptr, QObject* parent = nullptr);
    ~MarkLoader() override;

    void setDiary(const metrics::Diary* diary) { m_diary = diary; }
    // Both ends in ms since the epoch, included.
    void load(qint64 from, qint64 to);
    // What arrived last; empty before anything did.
    [[nodiscard]] const std::vector<metrics::DiaryEntry>& entries() const noexcept { return m_entries; }
    void clear();

Q_SIGNALS:
    void arrived();

private:
    struct Inbox;
    void take();

    const metrics::Diary* m_diary;
    std::shared_ptr<Inbox> m_inbox;
    std::vector<metrics::DiaryEntry> m_entries;
};

} // namespace widgets
