// Which queries a range needs: aligned to its step, in pieces that do not change once they are past.
#pragma once

#include "monitor/metrics/querier.h"

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace prometheus {

inline constexpr std::int64_t kPieceSteps = 120;     // of what is kept together
inline constexpr std::int64_t kMostSteps = 10'920;   // of one query: whole pieces below Prometheus' 11,000
inline constexpr std::int64_t kMostRange = 110'000;  // of one range
inline constexpr std::int64_t kSettles = 5 * 60'000; // ms; what is younger may still be completed

// Piece i holds the moments i·len … (i+1)·len − step, with len = step · kPieceSteps. Pieces are numbered from
// the epoch, so that those of two ranges are the same: that is what lets them be kept, and what keeps a chart
// from shimmering.
struct RangePlan {
    std::int64_t step = 1000; // ms
    std::int64_t first = 0;   // the moments wanted, multiples of step
    std::int64_t last = 0;

    [[nodiscard]] std::int64_t length() const noexcept { return step * kPieceSteps; }
    [[nodiscard]] std::int64_t firstPiece() const noexcept { return first / length(); }
    [[nodiscard]] std::int64_t lastPiece() const noexcept { return last / length(); }
    [[nodiscard]] bool settled(std::int64_t piece, std::int64_t now) const noexcept
    {
        return (piece + 1) * length() + kSettles <= now;
    }
    // The moments of `count` pieces from `piece` on; of the newest only those wanted.
    [[nodiscard]] metrics::Steps stepsOf(std::int64_t piece, std::int64_t count) const noexcept;
};

// Both ends down to multiples of the step, which is at least `leastStep`. Nothing of a range that is none.
[[nodiscard]] std::optional<RangePlan> planOf(std::int64_t start, std::int64_t end, std::int64_t step,
                                              std::int64_t leastStep) noexcept;

using Piece = std::shared_ptr<const std::vector<metrics::PointSeries>>;

// The pieces used last, as many as their points fit. Not thread-safe.
class PieceCache {
public:
    explicit PieceCache(std::size_t mostPoints) noexcept
        : m_mostPoints(mostPoints)
    {
    }
    [[nodiscard]] Piece find(const std::string& expression, std::int64_t step, std::int64_t piece);
    void keep(const std::string& expression, std::int64_t step, std::int64_t piece, Piece what);
    [[nodiscard]] std::size_t points() const noexcept { return m_points; }

private:
    using Key = std::tuple<std::string, std::int64_t, std::int64_t>;
    struct Kept {
        Key key;
        Piece piece;
    };
    [[nodiscard]] static std::size_t weightOf(const Piece& piece);

    std::size_t m_mostPoints;
    std::size_t m_points = 0;
    std::list<Kept> m_order; // used last: first
    std::map<Key, std::list<Kept>::iterator> m_index;
};

// Cuts an answer for whole pieces into one of each, `count` from `piece` on.
[[nodiscard]] std::vector<std::vector<metrics::PointSeries>>
cut(const std::vector<metrics::PointSeries>& answer, const RangePlan& plan, std::int64_t piece,
    std::int64_t count);
// Pieces in order into one range, points outside of first … last left out; sorted by labels.
[[nodiscard]] std::vector<metrics::PointSeries> joined(const std::vector<Piece>& pieces,
                                                       const RangePlan& plan);

} // namespace prometheus
