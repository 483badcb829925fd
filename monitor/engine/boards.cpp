#include "monitor/engine/boards.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace engine {

namespace {

constexpr std::size_t kMaxNotes = 200;
constexpr std::size_t kMaxMarks = 1000;
constexpr auto kMarkLife = std::chrono::hours(1);

} // namespace

void BannerBoard::raise(metrics::Banner banner)
{
    const core::WallTime now = m_clock.wallNow();
    const core::MutexLock lock(m_mutex);
    const auto old = m_banners.find(banner.id);
    banner.since = old == m_banners.end() ? now : old->second.since;
    m_banners.insert_or_assign(banner.id, std::move(banner));
}

void BannerBoard::clear(const std::string& id)
{
    const core::MutexLock lock(m_mutex);
    m_banners.erase(id);
}

std::vector<metrics::Banner> BannerBoard::all() const
{
    std::vector<metrics::Banner> banners;
    {
        const core::MutexLock lock(m_mutex);
        for (const auto& [id, banner] : m_banners) {
            banners.push_back(banner);
        }
    }
    std::stable_sort(banners.begin(), banners.end(),
                     [](const auto& a, const auto& b) { return a.critical && !b.critical; });
    return banners;
}

void MarkBook::add(metrics::Mark::Kind kind, std::string text)
{
    const core::WallTime now = m_clock.wallNow();
    if (m_observer) {
        m_observer({kind, now, text});
    }
    const core::MutexLock lock(m_mutex);
    m_marks.push_back({kind, now, std::move(text)});
    forget(now);
}

void MarkBook::note(core::WallTime at, std::string text)
{
    put({metrics::Mark::Kind::Note, at, std::move(text)});
}

void MarkBook::put(const metrics::Mark& mark)
{
    const core::WallTime now = m_clock.wallNow();
    if (m_observer) {
        m_observer(mark);
    }
    const core::MutexLock lock(m_mutex);
    const auto place = std::upper_bound(m_marks.begin(), m_marks.end(), mark.at,
                                        [](core::WallTime when, const metrics::Mark& one) { return when < one.at; });
    m_marks.insert(place, mark);
    forget(now);
}

void MarkBook::rewrite(const metrics::Mark& note, const std::string& text)
{
    const core::MutexLock lock(m_mutex);
    const auto found = std::find_if(m_marks.begin(), m_marks.end(), [&](const metrics::Mark& mark) {
        return mark.kind == metrics::Mark::Kind::Note && mark.text == note.text &&
               core::epochMillis(mark.at) == core::epochMillis(note.at);
    });
    if (found == m_marks.end()) {
        return;
    }
    if (text.empty()) {
        m_marks.erase(found);
    } else {
        found->text = text;
    }
    m_frozen.reset();
}

void MarkBook::forget(core::WallTime now)
{
    const auto isNote = [](const metrics::Mark& mark) { return mark.kind == metrics::Mark::Kind::Note; };
    auto notes = static_cast<std::size_t>(std::count_if(m_marks.begin(), m_marks.end(), isNote));
    std::size_t others = m_marks.size() - notes;
    std::erase_if(m_marks, [&](const metrics::Mark& mark) { // in order: the oldest are asked first
        std::size_t& left = isNote(mark) ? notes : others;
        const bool old = !isNote(mark) && std::max(mark.at, mark.until) < now - kMarkLife;
        const bool goes = old || left > (isNote(mark) ? kMaxNotes : kMaxMarks);
        left -= goes ? 1 : 0;
        return goes;
    });
    m_frozen.reset();
}

std::shared_ptr<const std::vector<metrics::Mark>> MarkBook::all() const
{
    const core::MutexLock lock(m_mutex);
    if (!m_frozen) {
        m_frozen = std::make_shared<const std::vector<metrics::Mark>>(m_marks.begin(), m_marks.end());
    }
    return m_frozen;
}

} // namespace engine
