#include "monitor/collect/self/life_lines.h"

#include <algorithm>
#include <limits>

namespace collect {

namespace {

constexpr std::uint64_t kMostUses = std::numeric_limits<std::uint16_t>::max();

} // namespace

std::uint16_t LifeLines::ownerOf(const metrics::SlotRow& row)
{
    if (row.heldFor.count() <= 0 || (row.tag.empty() && row.site.empty())) {
        return 0;
    }
    auto key = std::make_pair(row.tag, row.site);
    const auto known = m_ownerNumbers.find(key);
    if (known != m_ownerNumbers.end()) {
        return known->second;
    }
    if (m_newOwners.size() >= kOwners) {
        key = {"…", ""};
        const auto rest = m_ownerNumbers.find(key);
        if (rest != m_ownerNumbers.end()) {
            return rest->second;
        }
    }
    const auto number = static_cast<std::uint16_t>(m_newOwners.size());
    m_newOwners.push_back({key.first, key.second});
    m_ownerNumbers.emplace(std::move(key), number);
    return number;
}

metrics::LaneCell LifeLines::cellOf(const metrics::SlotRow& row)
{
    metrics::LaneCell cell;
    cell.state = row.state;
    cell.backendPid = row.backendPid;
    cell.owner = ownerOf(row);
    cell.heldSeconds = static_cast<float>(core::seconds(row.heldFor));
    const auto place = static_cast<std::size_t>(row.slot);
    if (place >= m_uses.size()) {
        m_uses.resize(place + 1);
    }
    auto& [pid, uses] = m_uses[place];
    const std::uint64_t before = pid == row.backendPid ? uses : 0;
    if (row.backendPid != 0 && row.uses > before) {
        cell.uses = static_cast<std::uint16_t>(std::min(row.uses - before, kMostUses));
    }
    m_uses[place] = {row.backendPid, row.uses};
    return cell;
}

void LifeLines::take(const metrics::PoolView& pool, core::WallTime at, core::Nanos interval)
{
    const bool first = m_number == 0;
    const core::Nanos since = first ? interval : core::Nanos(at - m_lastAt);
    if (!first && interval < kSpacing && since >= core::Nanos(0) && since < kSpacing) {
        return;
    }
    auto column = std::make_shared<metrics::LaneColumn>();
    column->number = ++m_number;
    column->at = at;
    // A silence is a gap, and so is a clock that was set.
    const core::Nanos most = std::max(interval, kSpacing) * 5 / 2;
    column->span = since > core::Nanos(0) && since <= most ? since : std::max(interval, kSpacing);
    column->cells.reserve(pool.slots.size());
    for (const metrics::SlotRow& row : pool.slots) {
        column->cells.push_back(cellOf(row));
    }
    if (m_newOwners.size() != m_owners->size()) {
        m_owners = std::make_shared<const Owners>(m_newOwners);
    }
    column->owners = m_owners;
    m_lastAt = at;
    const core::MutexLock lock(m_mutex);
    m_fine.push_back(std::move(column));
    if (m_fine.size() > kFine) {
        thin(std::move(m_fine.front()));
        m_fine.pop_front();
    }
}

// Every fourth stays and stands for the three before it, too; their uses are added to its own.
void LifeLines::thin(metrics::LaneColumnPtr column)
{
    m_pendingUses.resize(std::max(m_pendingUses.size(), column->cells.size()));
    for (std::size_t i = 0; i < column->cells.size(); ++i) {
        m_pendingUses[i] += column->cells[i].uses;
    }
    if (column->number % kThinning != 0) {
        return;
    }
    auto kept = std::make_shared<metrics::LaneColumn>(*column);
    kept->span = column->span * static_cast<core::Nanos::rep>(kThinning);
    for (std::size_t i = 0; i < kept->cells.size(); ++i) {
        kept->cells[i].uses =
            static_cast<std::uint16_t>(std::min<std::uint64_t>(m_pendingUses[i], kMostUses));
    }
    m_pendingUses.clear();
    m_coarse.push_back(std::move(kept));
    if (m_coarse.size() > kCoarse) {
        m_coarse.pop_front();
    }
}

void LifeLines::mark(std::vector<metrics::PoolEventRow> marks)
{
    const core::MutexLock lock(m_mutex);
    for (metrics::PoolEventRow& row : marks) {
        m_marks.push_back(std::move(row));
    }
    while (m_marks.size() > kMarks) {
        m_marks.pop_front();
    }
}

std::vector<metrics::LaneColumnPtr> LifeLines::columns() const
{
    const core::MutexLock lock(m_mutex);
    std::vector<metrics::LaneColumnPtr> all(m_coarse.begin(), m_coarse.end());
    all.insert(all.end(), m_fine.begin(), m_fine.end());
    return all;
}

std::vector<metrics::PoolEventRow> LifeLines::marks(std::uint64_t after) const
{
    const core::MutexLock lock(m_mutex);
    const auto first =
        std::upper_bound(m_marks.begin(), m_marks.end(), after,
                         [](std::uint64_t number, const auto& row) { return number < row.number; });
    return {first, m_marks.end()};
}

} // namespace collect
