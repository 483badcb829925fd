// LaneView: what is said of the point under the mouse.
#include "models/event_words.h"
#include "models/text.h"
#include "models/zone.h"
#include "widgets/charts/lane_view.h"

#include <QStringList>

#include <algorithm>

namespace widgets {

namespace {

constexpr double kMarkReach = 4;          // px around the mouse in which a mark counts as pointed at
constexpr std::int64_t kTogether = 2'500; // ms; columns further apart have a gap between them
constexpr int kMarksTold = 4;

} // namespace

std::int64_t laneStart(const metrics::LaneColumn& column)
{
    return core::epochMillis(column.at) - std::chrono::duration_cast<core::Millis>(column.span).count();
}

std::optional<std::size_t> LaneView::columnAt(std::int64_t at) const
{
    const auto column =
        std::lower_bound(m_columns.begin(), m_columns.end(), at,
                         [](const auto& c, std::int64_t t) { return core::epochMillis(c->at) < t; });
    if (column == m_columns.end() || laneStart(**column) > at) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(column - m_columns.begin());
}

// Back to where the same holder, backend and state began.
QString LaneView::sinceText(std::size_t column, int lane) const
{
    const auto place = static_cast<std::size_t>(lane);
    const metrics::LaneCell& cell = m_columns[column]->cells[place];
    const metrics::LaneOwner& owner = m_columns[column]->owners->at(cell.owner);
    std::size_t first = column;
    for (; first > 0; --first) {
        const metrics::LaneColumn& before = *m_columns[first - 1];
        if (place >= before.cells.size() ||
            laneStart(*m_columns[first]) - core::epochMillis(before.at) > kTogether) {
            break;
        }
        const metrics::LaneCell& other = before.cells[place];
        if (other.state != cell.state || other.backendPid != cell.backendPid ||
            other.heldSeconds > m_columns[first]->cells[place].heldSeconds ||
            !(before.owners->at(other.owner) == owner)) {
            break;
        }
    }
    const bool from = first == 0;
    const QString since = models::Zone::of().clock(m_columns[first]->at);
    return from ? tr("since before %1").arg(since) : tr("since %1").arg(since);
}

QString LaneView::marksNear(std::int64_t from, std::int64_t to, int lane) const
{
    QStringList lines;
    for (auto mark = m_marks.rbegin(); mark != m_marks.rend() && lines.size() < kMarksTold; ++mark) {
        const std::int64_t at = core::epochMillis(mark->at);
        if (mark->slot != lane || at < from || at > to) {
            continue;
        }
        QString line =
            models::Zone::of().clockMillis(mark->at) + QLatin1Char(' ') + models::eventText(mark->kind);
        if (mark->duration.count() > 0) {
            line += QStringLiteral(" · ") + models::spanText(mark->duration);
        }
        if (!mark->detail.empty()) {
            line += QStringLiteral(": ") + models::text(mark->detail);
        }
        lines.append(line);
    }
    return lines.join(QLatin1Char('\n'));
}

QString LaneView::textAt(const QPoint& at) const
{
    const TimeFrame time = frame();
    const int lane = laneAt(at.y());
    const std::int64_t moment = time.timeAt(at.x());
    const auto column = columnAt(moment);
    if (lane < 0 || !time.area.contains(at) || !column ||
        static_cast<std::size_t>(lane) >= m_columns[*column]->cells.size()) {
        return {};
    }
    const metrics::LaneColumn& shown = *m_columns[*column];
    const metrics::LaneCell& cell = shown.cells[static_cast<std::size_t>(lane)];
    const metrics::LaneOwner& owner = shown.owners->at(cell.owner);
    QStringList lines{
        tr("Place %1 at %2: %3, %4")
            .arg(lane)
            .arg(models::Zone::of().clock(shown.at), models::word(cell.state), sinceText(*column, lane))};
    if (cell.heldSeconds > 0) {
        lines.append(tr("taken for %1 by %2")
                         .arg(models::valueText(static_cast<double>(cell.heldSeconds), core::Unit::Seconds),
                              owner.tag.empty() ? tr("a caller without a tag") : models::text(owner.tag)));
        lines.append(models::text(owner.site));
    }
    if (cell.backendPid > 0) {
        lines.append(tr("backend %1, uses in this step: %2").arg(cell.backendPid).arg(cell.uses));
    }
    lines.append(marksNear(time.timeAt(at.x() - kMarkReach), time.timeAt(at.x() + kMarkReach), lane));
    lines.removeAll(QString());
    return lines.join(QLatin1Char('\n'));
}

} // namespace widgets
