#include "monitor/engine/diary.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace engine {

namespace {

using metrics::DiaryEntry;
using metrics::DiaryRange;
using metrics::Mark;

bool touches(const Mark& mark, const DiaryRange& range)
{
    return mark.at <= range.to && std::max(mark.at, mark.until) >= range.from;
}

// The disk keeps milliseconds.
bool same(const Mark& a, const Mark& b)
{
    return a.kind == b.kind && a.text == b.text && core::epochMillis(a.at) == core::epochMillis(b.at);
}

DiaryEntry entryOf(const store::StoredRecord& row)
{
    const auto& annotation = std::get<store::Annotation>(row.record);
    const Mark mark{metrics::markKindFrom(annotation.kind).value_or(Mark::Kind::Note), annotation.at,
                    annotation.text, annotation.until.value_or(core::WallTime{})};
    return {row.id, mark, annotation.author};
}

void sortByTime(std::vector<DiaryEntry>& entries)
{
    std::stable_sort(entries.begin(), entries.end(),
                     [](const DiaryEntry& a, const DiaryEntry& b) { return a.mark.at < b.mark.at; });
}

} // namespace

void EngineDiary::read(const DiaryRange& range, std::function<void(std::vector<DiaryEntry>)> answer) const
{
    std::vector<DiaryEntry> fresh;
    for (const Mark& mark : *m_book.all()) {
        if (touches(mark, range)) {
            fresh.push_back({0, mark, ""});
        }
    }
    if (m_store == nullptr) {
        sortByTime(fresh);
        answer(std::move(fresh));
        return;
    }
    store::PageRequest request{store::RecordKind::Annotation, range.from, range.to};
    request.limit = range.limit;
    m_store->records().fetch(
        request, [fresh = std::move(fresh), answer = std::move(answer)](const store::Page& page) {
            std::vector<DiaryEntry> all;
            for (const store::StoredRecord& row : page.rows) {
                all.push_back(entryOf(row));
            }
            for (const DiaryEntry& one : fresh) {
                const auto known = [&](const DiaryEntry& other) { return same(one.mark, other.mark); };
                if (std::none_of(all.begin(), all.end(), known)) {
                    all.push_back(one);
                }
            }
            sortByTime(all);
            answer(std::move(all));
        });
}

void EngineDiary::rewrite(const DiaryEntry& note, const std::string& text)
{
    const std::string line = core::oneLine(text, 200);
    if (note.mark.kind != Mark::Kind::Note || line.empty()) {
        return;
    }
    m_book.rewrite(note.mark, line);
    if (m_store != nullptr) {
        m_store->keep(store::NoteChange{note.mark.at, note.mark.text, line});
    }
}

void EngineDiary::remove(const DiaryEntry& note)
{
    if (note.mark.kind != Mark::Kind::Note) {
        return;
    }
    m_book.rewrite(note.mark, {});
    if (m_store != nullptr) {
        m_store->keep(store::NoteChange{note.mark.at, note.mark.text, {}});
    }
}

} // namespace engine
