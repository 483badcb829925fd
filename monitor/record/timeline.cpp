#include "monitor/record/timeline.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace record {

namespace {

using What = TimelineEntry::What;
using metrics::AlertState;

bool same(const TimelineEntry& a, const TimelineEntry& b, std::int64_t tolerance)
{
    return a.what == b.what && a.rule == b.rule && a.labels == b.labels && std::llabs(a.at - b.at) <= tolerance;
}

std::optional<What> whatOf(std::string_view from, std::string_view to)
{
    if (to == "firing" && from != "firing") {
        return from == "recovering" ? What::Returned : What::Fired;
    }
    return to == "resolved" && (from == "firing" || from == "recovering") ? std::optional(What::Resolved)
                                                                          : std::nullopt;
}

// Alerts that ended because a person changed or removed their rule are nobody's forecast.
bool byHand(const std::string& reason)
{
    return reason == "rule_updated" || reason == "rule_removed";
}

} // namespace

const char* whatName(What what) noexcept
{
    switch (what) {
    case What::Fired:
        return "fired";
    case What::Returned:
        return "returned";
    case What::Resolved:
        break;
    }
    return "resolved";
}

std::optional<TimelineEntry> entryOf(const alert::Transition& transition, std::int64_t at)
{
    const bool natural = transition.cause == alert::Cause::Condition || transition.cause == alert::Cause::Returned;
    const auto what = natural ? whatOf(metrics::alertStateName(transition.from), metrics::alertStateName(transition.to))
                              : std::nullopt;
    if (!what) {
        return std::nullopt;
    }
    const metrics::AlertRow& row = transition.row;
    return TimelineEntry{at, *what, row.name, row.labels, row.value, row.summary};
}

core::Result<std::vector<TimelineEntry>> recordedTimeline(Tape& tape)
{
    const auto records = tape.records(store::RecordKind::AlertTransition);
    if (!records) {
        return core::Unexpected<core::Error>{records.error()};
    }
    std::vector<TimelineEntry> entries;
    for (const store::Record& record : *records) {
        const auto& change = std::get<store::AlertTransition>(record);
        const std::int64_t at = core::epochMillis(change.at);
        const auto what = byHand(change.reason) ? std::nullopt : whatOf(change.from, change.to);
        if (what && at >= tape.info().from && at <= tape.info().to) {
            metrics::Labels labels = change.labels;
            std::erase_if(labels, [](const auto& label) { return label.first == "__name__"; });
            entries.push_back({at, *what, change.name, std::move(labels), change.value, {}});
        }
    }
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return entries;
}

core::Result<std::vector<metrics::DiaryEntry>> recordedMarks(Tape& tape)
{
    const auto records = tape.records(store::RecordKind::Annotation);
    if (!records) {
        return core::Unexpected<core::Error>{records.error()};
    }
    const auto from = core::WallTime(core::Millis(tape.info().from));
    const auto to = core::WallTime(core::Millis(tape.info().to));
    std::vector<metrics::DiaryEntry> marks;
    for (const store::Record& record : *records) {
        const auto& note = std::get<store::Annotation>(record);
        const auto kind = metrics::markKindFrom(note.kind);
        const core::WallTime until = note.until.value_or(core::WallTime{});
        if (kind && note.at <= to && std::max(note.at, until) >= from) {
            marks.push_back({0, {*kind, note.at, note.text, until}, note.author});
        }
    }
    std::stable_sort(marks.begin(), marks.end(), [](const auto& a, const auto& b) { return a.mark.at < b.mark.at; });
    return marks;
}

std::vector<TimelineDifference> differencesOf(const std::vector<TimelineEntry>& recorded,
                                              const std::vector<TimelineEntry>& replayed, std::int64_t tolerance)
{
    std::vector<TimelineDifference> differences;
    std::vector<bool> used(replayed.size(), false);
    for (const TimelineEntry& entry : recorded) {
        std::size_t best = replayed.size(); // the nearest one that nothing has taken yet
        for (std::size_t i = 0; i < replayed.size(); ++i) {
            if (!used[i] && same(entry, replayed[i], tolerance) &&
                (best == replayed.size() ||
                 std::llabs(replayed[i].at - entry.at) < std::llabs(replayed[best].at - entry.at))) {
                best = i;
            }
        }
        if (best == replayed.size()) {
            differences.push_back({TimelineDifference::Side::RecordedOnly, entry});
        } else {
            used[best] = true;
        }
    }
    for (std::size_t i = 0; i < replayed.size(); ++i) {
        if (!used[i]) {
            differences.push_back({TimelineDifference::Side::ReplayedOnly, replayed[i]});
        }
    }
    std::stable_sort(differences.begin(), differences.end(),
                     [](const auto& a, const auto& b) { return a.entry.at < b.entry.at; });
    return differences;
}

} // namespace record
