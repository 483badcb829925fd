#include "widgets/charts/mark_loader.h"

#include <cstdint>
#include <mutex>
#include <utility>

namespace widgets {

// Outlives the loader while an answer is under way.
struct MarkLoader::Inbox {
    std::mutex mutex; // guards all of it; nothing slow runs under it
    MarkLoader* owner = nullptr;
    std::uint64_t question = 0;
    std::vector<metrics::DiaryEntry> entries;
};

MarkLoader::MarkLoader(const metrics::Diary* diary, QObject* parent)
    : QObject(parent)
    , m_diary(diary)
    , m_inbox(std::make_shared<Inbox>())
{
    m_inbox->owner = this;
}

MarkLoader::~MarkLoader()
{
    const std::lock_guard lock(m_inbox->mutex);
    m_inbox->owner = nullptr;
}

void MarkLoader::load(qint64 from, qint64 to)
{
    if (m_diary == nullptr) {
        return;
    }
    std::uint64_t question = 0;
    {
        const std::lock_guard lock(m_inbox->mutex);
        question = ++m_inbox->question;
    }
    const metrics::DiaryRange range{core::WallTime(core::Millis(from)), core::WallTime(core::Millis(to))};
    m_diary->read(range, [inbox = m_inbox, question](std::vector<metrics::DiaryEntry> entries) {
        const std::lock_guard lock(inbox->mutex);
        if (inbox->owner != nullptr && inbox->question == question) {
            inbox->entries = std::move(entries);
            QMetaObject::invokeMethod(inbox->owner, &MarkLoader::take, Qt::QueuedConnection);
        }
    });
}

void MarkLoader::clear()
{
    {
        const std::lock_guard lock(m_inbox->mutex);
        ++m_inbox->question;
        m_inbox->entries.clear();
    }
    m_entries.clear();
}

void MarkLoader::take()
{
    {
        const std::lock_guard lock(m_inbox->mutex);
        m_entries = m_inbox->entries;
    }
    Q_EMIT arrived();
}

} // namespace widgets
