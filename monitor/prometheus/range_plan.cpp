#include "monitor/prometheus/range_plan.h"

#include <algorithm>

namespace prometheus {

namespace {

constexpr std::size_t kSeriesWeight = 16; // a series' labels, in points

} // namespace

metrics::Steps RangePlan::stepsOf(std::int64_t piece, std::int64_t count) const noexcept
{
    return {piece * length(), std::min((piece + count) * length() - step, last), step};
}

std::optional<RangePlan> planOf(std::int64_t start, std::int64_t end, std::int64_t step,
                                std::int64_t leastStep) noexcept
{
    if (start < 0 || end < start || step <= 0) {
        return std::nullopt;
    }
    RangePlan plan;
    plan.step = std::max(step, leastStep);
    plan.first = start / plan.step * plan.step;
    plan.last = end / plan.step * plan.step;
    if ((plan.last - plan.first) / plan.step >= kMostRange) {
        return std::nullopt;
    }
    return plan;
}

std::size_t PieceCache::weightOf(const Piece& piece)
{
    std::size_t weight = 1;
    for (const metrics::PointSeries& series : *piece) {
        weight += kSeriesWeight + series.points.size();
    }
    return weight;
}

Piece PieceCache::find(const std::string& expression, std::int64_t step, std::int64_t piece)
{
    const auto found = m_index.find(Key(expression, step, piece));
    if (found == m_index.end()) {
        return nullptr;
    }
    m_order.splice(m_order.begin(), m_order, found->second);
    return found->second->piece;
}

void PieceCache::keep(const std::string& expression, std::int64_t step, std::int64_t piece, Piece what)
{
    const Key key(expression, step, piece);
    if (const auto old = m_index.find(key); old != m_index.end()) {
        m_points -= weightOf(old->second->piece);
        m_order.erase(old->second);
        m_index.erase(old);
    }
    m_points += weightOf(what);
    m_order.push_front({key, std::move(what)});
    m_index[key] = m_order.begin();
    while (m_points > m_mostPoints && !m_order.empty()) {
        m_points -= weightOf(m_order.back().piece);
        m_index.erase(m_order.back().key);
        m_order.pop_back();
    }
}

std::vector<std::vector<metrics::PointSeries>> cut(const std::vector<metrics::PointSeries>& answer,
                                                   const RangePlan& plan, std::int64_t piece,
                                                   std::int64_t count)
{
    std::vector<std::vector<metrics::PointSeries>> pieces(static_cast<std::size_t>(count));
    for (const metrics::PointSeries& series : answer) {
        for (const metrics::Point& point : series.points) {
            const std::int64_t index = point.at / plan.length() - piece;
            if (index < 0 || index >= count) {
                continue; // not asked for
            }
            auto& into = pieces[static_cast<std::size_t>(index)];
            if (into.empty() || into.back().labels != series.labels) {
                into.push_back({series.labels, {}});
            }
            into.back().points.push_back(point);
        }
    }
    return pieces;
}

std::vector<metrics::PointSeries> joined(const std::vector<Piece>& pieces, const RangePlan& plan)
{
    std::map<metrics::Labels, std::vector<metrics::Point>> all;
    for (const Piece& piece : pieces) {
        for (const metrics::PointSeries& series : *piece) {
            for (const metrics::Point& point : series.points) {
                if (point.at >= plan.first && point.at <= plan.last) {
                    all[series.labels].push_back(point);
                }
            }
        }
    }
    std::vector<metrics::PointSeries> result;
    for (auto& [labels, points] : all) {
        result.push_back({labels, std::move(points)});
    }
    return result;
}

} // namespace prometheus
