#include "widgets/charts/chart_marks.h"

#include "models/text.h"
#include "widgets/charts/feed.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace widgets {

namespace {

using metrics::Mark;
using Kind = metrics::Mark::Kind;

ChartMark lineOf(const Mark& mark)
{
    const QString text = models::text(mark);
    const qint64 at = core::epochMillis(mark.at);
    switch (mark.kind) {
    case Kind::ScenarioStarted:
        return {at, QStringLiteral("▶ ") + text, StatusLevel::NoData};
    case Kind::ScenarioEnded:
        return {at, QStringLiteral("■ ") + text, StatusLevel::NoData};
    case Kind::AlertFired:
        return {at, QStringLiteral("▲ ") + text, StatusLevel::Warning};
    case Kind::AlertResolved:
        return {at, QStringLiteral("● ") + text, StatusLevel::Ok};
    case Kind::ServerDown:
        return {at, QStringLiteral("■ ") + text, StatusLevel::Critical};
    case Kind::ServerUp:
        return {at, QStringLiteral("● ") + text, StatusLevel::Ok};
    case Kind::SettingChanged:
    case Kind::Note:
    case Kind::Restarted:
    case Kind::Gap:
        break;
    }
    return {at, text, StatusLevel::NoData};
}

std::vector<Mark> united(std::span<const metrics::DiaryEntry> past, std::span<const Mark> live)
{
    std::vector<Mark> all;
    for (const metrics::DiaryEntry& entry : past) {
        all.push_back(entry.mark);
    }
    for (const Mark& mark : live) {
        // The history keeps whole milliseconds.
        const bool known = std::any_of(past.begin(), past.end(), [&](const metrics::DiaryEntry& entry) {
            return entry.mark.kind == mark.kind && entry.mark.text == mark.text &&
                   core::epochMillis(entry.mark.at) == core::epochMillis(mark.at);
        });
        if (!known) {
            all.push_back(mark);
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const Mark& a, const Mark& b) { return a.at < b.at; });
    return all;
}

bool isOfEveryone(metrics::Mark::Kind kind) noexcept
{
    using Kind = metrics::Mark::Kind;
    switch (kind) {
    case Kind::Note:
    case Kind::Restarted:
    case Kind::Gap:
        return true;
    case Kind::ScenarioStarted:
    case Kind::ScenarioEnded:
    case Kind::AlertFired:
    case Kind::AlertResolved:
    case Kind::SettingChanged:
    case Kind::ServerDown:
    case Kind::ServerUp:
        break;
    }
    return false;
}

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ChartMarks)
};

} // namespace

void addResets(const std::vector<Reset>& resets, ChartMarks& marks)
{
    constexpr std::int64_t kReach = static_cast<std::int64_t>(kRateSpan) * 1000 + 1000; // of a rate across it
    const QString text = Words::tr("counter reset");
    for (const Reset& reset : resets) {
        marks.reasons.push_back({reset.from, reset.to + kReach, text});
        marks.lines.push_back({reset.to, QStringLiteral("↺ ") + text, StatusLevel::NoData});
    }
    std::stable_sort(marks.lines.begin(), marks.lines.end(),
                     [](const ChartMark& a, const ChartMark& b) { return a.at < b.at; });
}

ChartMarks chartMarks(std::span<const metrics::DiaryEntry> past, std::span<const Mark> live, MarksOf whose)
{
    ChartMarks marks;
    constexpr qint64 kHere = -1;
    qint64 away = kHere; // since when
    const auto serverAway = [&](qint64 until) {
        marks.reasons.push_back({away, until, models::word(metrics::GapReason::ServerAway)});
        away = kHere;
    };
    for (const Mark& mark : united(past, live)) {
        if (whose == MarksOf::Everyone && !isOfEveryone(mark.kind)) {
            continue;
        }
        const qint64 at = core::epochMillis(mark.at);
        if (mark.kind == Kind::Gap && mark.until > mark.at) {
            marks.reasons.push_back({at, core::epochMillis(mark.until), models::text(mark)});
            continue;
        }
        if (mark.kind == Kind::ServerDown && away == kHere) {
            away = at;
        } else if (mark.kind == Kind::ServerUp && away != kHere) {
            serverAway(at);
        }
        marks.lines.push_back(lineOf(mark));
    }
    if (away != kHere) {
        serverAway(std::numeric_limits<qint64>::max());
    }
    return marks;
}

} // namespace widgets
