// The ticks that are being gathered: at most ten minutes of all series, a value a tick and series.
#pragma once

#include "monitor/series/packed_values.h"

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace store {

struct TickValue {
    std::int64_t series = 0; // its id in the file
    double value = 0;
};

// Not thread-safe.
class OpenBlock {
public:
    struct Column {
        std::int64_t series = 0;
        std::size_t first = 0;      // the tick its values begin at
        std::vector<double> values; // one a tick from there on; gaps marked
    };
    struct Tick {
        std::int64_t at = 0;   // ms since the epoch
        series::Bytes changes; // against the tick before; of the first tick everything
    };

    // `at` is above the last one. What is not in `samples` has a gap there.
    void append(std::int64_t at, std::span<const TickValue> samples);
    // A tick from the file's tail; false when the bytes are none.
    [[nodiscard]] bool replay(std::int64_t at, std::span<const std::uint8_t> changes);
    // Forgets the ticks at and after `at`.
    void truncate(std::int64_t at);
    void clear();
    // A sealed block's column, as read from the file; the values fill it up to its last tick.
    void restore(std::vector<std::int64_t> times) { m_times = std::move(times); }
    void restoreColumn(Column column);

    [[nodiscard]] bool empty() const noexcept { return m_times.empty(); }
    [[nodiscard]] const std::vector<std::int64_t>& times() const noexcept { return m_times; }
    [[nodiscard]] const std::vector<Column>& columns() const noexcept { return m_columns; }
    // How many values it holds.
    [[nodiscard]] std::size_t size() const noexcept { return m_times.size() * m_columns.size(); }
    // The ticks appended since the last call.
    [[nodiscard]] std::vector<Tick> takeNew();

private:
    Column& columnOf(std::int64_t series);

    std::vector<std::int64_t> m_times;
    std::vector<Column> m_columns;
    std::unordered_map<std::int64_t, std::size_t> m_places; // of a series its column
    std::vector<Tick> m_new;
};

// A chunk as it stands in the file: where in the block it begins, then the packed values.
[[nodiscard]] series::Bytes packChunk(const OpenBlock::Column& column);
// `series` is not set. False when the bytes are no chunk.
[[nodiscard]] bool unpackChunk(std::span<const std::uint8_t> bytes, OpenBlock::Column& out);

} // namespace store
