// The history's file while it is open for reading.
#pragma once

#include "monitor/series/reader.h"
#include "monitor/store/cells.h"
#include "monitor/store/database.h"
#include "monitor/store/level_plan.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace store {

// Belongs to one thread; everything throws SqlFailure, reads that would hold too much series::TooManySamples.
class ReadSession {
public:
    // What one answer may hold, in samples.
    static constexpr std::size_t kMaxSamples = 20'000'000;

    explicit ReadSession(const std::filesystem::path& file);

    [[nodiscard]] std::vector<series::SeriesData> sampled(std::span<const series::Matcher> matchers,
                                                          std::int64_t from, std::int64_t to,
                                                          const series::Use& use);
    [[nodiscard]] std::vector<series::Envelope> envelope(std::span<const series::Matcher> matchers,
                                                         const series::ColumnGrid& grid, std::int64_t from,
                                                         std::int64_t to);
    // Sorted by labels.
    [[nodiscard]] std::vector<series::LabelsPtr> list(std::span<const series::Matcher> matchers,
                                                      std::int64_t from, std::int64_t to);
    [[nodiscard]] Database& database() noexcept { return m_database; }

private:
    struct Entry {
        std::int64_t id = 0;
        series::LabelsPtr labels;
        std::int64_t first = 0; // ms
        std::int64_t last = 0;
        bool counter = false;
    };
    // A block's ticks within a range.
    struct Block {
        std::int64_t id = 0;
        std::vector<std::int64_t> times;
    };
    using SamplesSink = std::function<void(std::size_t place, std::span<const series::Sample>)>;
    using CellsSink = std::function<void(std::size_t place, std::span<const Cell>)>;

    void refresh();
    void readSeries();
    void readCoverage();
    [[nodiscard]] std::vector<Entry> matching(std::span<const series::Matcher> matchers, std::int64_t from,
                                              std::int64_t to) const;
    [[nodiscard]] std::vector<Block> blocksWithin(std::int64_t from, std::int64_t to);
    void readRaw(std::span<const Entry> entries, const Segment& segment, const SamplesSink& sink);
    // Of what is used as a counter only count, last and increase are read.
    void readCells(std::span<const Entry> entries, const Segment& segment, series::Use::Kind kind, const CellsSink& sink);
    void readRows(const Entry& entry, const Segment& segment, series::Use::Kind kind, std::vector<Cell>& out);
    void readPages(const Entry& entry, const Segment& segment, std::vector<Cell>& out);

    Database m_database;
    std::int64_t m_block = -1; // the newest when the following was read
    Coverage m_coverage;
    std::vector<Entry> m_entries; // sorted by labels
    std::unordered_map<std::int64_t, series::LabelsPtr> m_labels;
};

} // namespace store
