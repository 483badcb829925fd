// Turns blocks of ticks into rows of minutes, ten minutes and hours.
#pragma once

#include "monitor/series/rate_peak.h"
#include "monitor/store/bucket.h"
#include "monitor/store/database.h"
#include "monitor/store/open_block.h"

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace store {

// How a block ended: with its ten minutes, or before (the program stops, the clock jumped): then its last
// minute may be gone on with by the next block.
enum class BlockEnd { Whole, Early };

// Not thread-safe; works inside the caller's transaction. Throws SqlFailure.
class RollUp {
public:
    // `isCounter` tells of a series' id what it is.
    RollUp(Database& database, std::function<bool(std::int64_t)> isCounter)
        : m_database(database)
        , m_isCounter(std::move(isCounter))
    {
    }

    // Blocks come in the order of time. Ticks before `from` (ms) only tell what came before.
    void add(const OpenBlock& block, BlockEnd end, std::int64_t from = 0);
    // Removes every row at or after `from` (s, a whole hour) and forgets what came before.
    void cut(std::int64_t from);

private:
    // Equal minutes in a row, as a row of the table.
    struct Run {
        std::int64_t at = 0; // s
        std::int64_t span = 0;
        Bucket bucket;
        bool stored = false; // the file has it with another span
        bool open = false;   // the next minute may join
    };
    struct Minute {
        std::int64_t at = 0;
        Bucket bucket;
    };
    using Minutes = std::vector<Minute>;

    Minutes minutesOf(const OpenBlock& block, const OpenBlock::Column& column, std::int64_t from);
    Run addMinutes(std::int64_t series, const Minutes& minutes, BlockEnd end);
    void write(std::int64_t series, Run& run);
    void addCells(std::int64_t series, const Minutes& minutes);
    void addHours(std::int64_t series, const Minutes& minutes);
    // Of a counter only; else NULL.
    [[nodiscard]] QVariant ofCounter(std::int64_t series, double value) const;

    Database& m_database;
    const std::function<bool(std::int64_t)> m_isCounter;
    std::unordered_map<std::int64_t, double>
        m_before;                                 // the last finite value of each series of the last block
    std::unordered_map<std::int64_t, series::RatePeak> m_rates; // of counters
    std::unordered_map<std::int64_t, Run> m_runs; // of the last block, where the next may go on
    std::int64_t m_lastMinute = 0;                // of the last block, s
};

} // namespace store
