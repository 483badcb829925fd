// What became of the pool over time, as people look at it: events, life-lines, heat maps, culprits, the whole
// queue. Values, and the interface by which window and HTTP ask for them; only who looks pays for it.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/pool_rows.h"
#include "monitor/metrics/snapshot.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace metrics {

struct PoolEventRow {
    std::uint64_t number = 0; // ascending; what was overwritten while it was read leaves a gap
    core::WallTime at = {};
    const char* kind = ""; // "granted", "closed" …: static, never translated
    int slot = -1;         // -1 = none
    int backendPid = 0;
    std::uint64_t lease = 0; // number of the request; 0 = none
    core::Nanos duration{0}; // wait, use, connect, hold so far …
    std::string tag;
    std::string site;
    std::string detail; // reason, before → after, error; one line, literals hidden
    std::string sqlstate;

    friend bool operator==(const PoolEventRow&, const PoolEventRow&) = default;
};

// Who held a place; `tag` and `site` as in SlotRow.
struct LaneOwner {
    std::string tag;
    std::string site;

    friend bool operator==(const LaneOwner&, const LaneOwner&) = default;
};

struct LaneCell {
    SlotState state = SlotState::NotOpened;
    std::uint16_t uses = 0;  // since the column before; 65535 = as many or more
    std::uint16_t owner = 0; // index in the column's owners; 0 = nobody
    int backendPid = 0;
    float heldSeconds = 0; // since checkout; 0 when not leased
};

// One moment of every place. Cells counted by state are the gauges db_pool_connections of that moment.
struct LaneColumn {
    std::uint64_t number = 0; // 1, 2, 3 … since the start
    core::WallTime at = {};
    core::Nanos span{0}; // how much time before `at` it stands for
    std::vector<LaneCell> cells;
    std::shared_ptr<const std::vector<LaneOwner>> owners; // never null; [0] is nobody
};
using LaneColumnPtr = std::shared_ptr<const LaneColumn>;

// What is timed, in the order of HeatColumn::counts: wait for a connection, use of it, statements.
enum class Stage { Wait, Usage, Query };
inline constexpr std::size_t kStages = 3;
[[nodiscard]] const char* stageName(Stage stage) noexcept; // "wait", "usage", "query"

// The rows of a heat map: two in every power of two, from 256 ns up to 4.6 minutes; what is shorter or longer
// falls into the first or the last one. Made of whole buckets of LogLinearLayout.
struct HeatLayout {
    static constexpr unsigned kLowBits = 8;
    static constexpr unsigned kHighBits = 38;
    static constexpr std::size_t kRows = 2 * (kHighBits - kLowBits);

    // Of a value in nanoseconds.
    [[nodiscard]] static std::size_t row(std::uint64_t nanos) noexcept;
    // The lower end of a row in seconds; lowest(kRows) is the upper end of the last one.
    [[nodiscard]] static double lowest(std::size_t row) noexcept;
};

// What was observed in one span of time.
struct HeatColumn {
    std::uint64_t number = 0; // 1, 2, 3 … since the start
    core::WallTime from = {};
    core::WallTime to = {};
    std::array<std::array<std::uint32_t, HeatLayout::kRows>, kStages> counts{};
};
using HeatColumnPtr = std::shared_ptr<const HeatColumn>;

// Everybody in the queue, in order, at most kMostQueued.
struct WaiterQueue {
    static constexpr std::size_t kMostQueued = 10'000;
    std::vector<WaiterRow> rows;
};
using WaiterQueuePtr = std::shared_ptr<const WaiterQueue>;

// Thread-safe; nothing here waits for the database or for a tick. "after": only what has a higher number, so
// that whoever looks every second is given a second's worth. Columns are shared, not copied.
class PoolWitness {
public:
    virtual ~PoolWitness() = default;
    // Oldest first, at most `atMost` of the newest.
    [[nodiscard]] virtual std::vector<PoolEventRow> events(std::uint64_t after, std::size_t atMost) const = 0;
    // Of the last hour, oldest first.
    [[nodiscard]] virtual std::vector<LaneColumnPtr> lanes() const = 0;
    // The events that are marks on a life-line: connects, failed checks, resets, closings with their reason …
    [[nodiscard]] virtual std::vector<PoolEventRow> laneMarks(std::uint64_t after) const = 0;
    // Of the last hour, oldest first.
    [[nodiscard]] virtual std::vector<HeatColumnPtr> heat() const = 0;
    // The last ones whose value lay above `from` and at most at `to` seconds, newest first.
    [[nodiscard]] virtual std::vector<Exemplar> culprits(Stage stage, double from, double to) const = 0;
    // As of the last look at the pool; never null.
    [[nodiscard]] virtual WaiterQueuePtr queue() const = 0;
    // Newest first, at most 200.
    [[nodiscard]] virtual std::vector<std::shared_ptr<const AutopsyRow>> autopsies() const = 0;
};

} // namespace metrics
