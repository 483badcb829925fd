// Samples into the file: series, the tail of the open block, chunks and roll-ups.
#pragma once

#include "monitor/series/reader.h"
#include "monitor/store/database.h"
#include "monitor/store/open_block.h"
#include "monitor/store/roll_up.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace store {

// All samples of one moment; stale markers are samples.
struct TickSamples {
    std::int64_t at = 0; // ms since the epoch
    std::vector<series::LatestSample> samples;
};

// Labels without the name as JSON, names sorted; and back. False when the text is no such object.
[[nodiscard]] std::string labelsJson(const series::Labels& labels);
[[nodiscard]] bool readLabelsJson(std::string_view name, std::string_view json, series::Labels& out);

// Not thread-safe; works inside the caller's transaction and throws SqlFailure. After a failure it is of no
// use any more: a new one finds in the file what was committed.
class SampleWriter {
public:
    // A block stands for one ten minutes of the clock on the wall; one with more values than this is sealed
    // before.
    static constexpr std::size_t kMaxValues = 4'000'000;

    explicit SampleWriter(Database& database);
    SampleWriter(const SampleWriter&) = delete;
    SampleWriter& operator=(const SampleWriter&) = delete;

    // First of all: seals what an earlier writer has left in the tail.
    void recover();

    // Writes the roll-ups of whatever there still are samples of anew, from the first hour that they make whole. Before
    // recover(); takes about as long as writing the samples did.
    void rollUpAgain();

    // When time steps back, samples of the time that has not come yet are dropped, as the head does.
    void append(const TickSamples& tick);
    // Before a commit: the open block's new ticks go into the tail.
    void flush();
    // Seals the open block; for the end of the program.
    void seal(BlockEnd end = BlockEnd::Early);

    [[nodiscard]] std::int64_t newest() const noexcept { return m_newest; }    // ms; 0 when there is nothing
    [[nodiscard]] std::uint64_t samples() const noexcept { return m_samples; } // appended to this writer
    [[nodiscard]] std::uint64_t sealed() const noexcept { return m_sealed; }   // blocks

private:
    struct Known {
        series::LabelsPtr labels; // keeps the address from being used again
        std::int64_t id = 0;
        std::uint64_t used = 0; // the last block it was in
    };

    [[nodiscard]] std::int64_t idOf(const series::LabelsPtr& labels, std::int64_t at);
    [[nodiscard]] std::int64_t findOrAdd(const series::Labels& labels, std::int64_t at);
    void writeBlock(const OpenBlock& block);
    [[nodiscard]] OpenBlock loadBlock(std::int64_t id);
    void eraseBlock(std::int64_t id);
    void stepBack(std::int64_t at);
    [[nodiscard]] bool isCounter(std::int64_t id);

    Database& m_database;
    std::unordered_map<std::int64_t, bool> m_counters; // of a series' id
    RollUp m_rollUp;
    OpenBlock m_open;
    std::unordered_map<const series::Labels*, Known> m_known;
    std::vector<TickValue> m_values; // of the tick at hand
    std::int64_t m_newest = 0;
    std::uint64_t m_samples = 0;
    std::uint64_t m_sealed = 0;
};

} // namespace store
