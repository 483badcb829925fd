// The black box's own file: the last minutes of frames and records, in the tables of a recording.
#pragma once

#include "monitor/record/tables.h"
#include "monitor/store/database.h"
#include "monitor/store/records.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace record {

// Belongs to one thread; everything throws store::SqlFailure.
class BoxFile {
public:
    // Takes up what an earlier run has left. An empty name: in memory only. What is no box is put away.
    explicit BoxFile(const std::filesystem::path& file);

    // In one transaction.
    void write(std::span<const Frame> frames, std::span<const store::Record> records);
    void keepRules(const RuleTexts& rules);
    // Removes what lies before `at` (ms) and, beyond so many bytes of frames, the oldest ones; true when the size was the
    // reason. A whole frame stays at the beginning.
    bool expire(std::int64_t at, std::uint64_t maxBytes);
    // Of all frames; ms.
    [[nodiscard]] std::uint64_t bytes() const noexcept { return m_bytes; }
    [[nodiscard]] std::int64_t begin() const noexcept { return m_wholes.empty() ? 0 : m_wholes.front().first; }

    [[nodiscard]] store::Database& database() noexcept { return *m_database; }

private:
    void prepare(const std::filesystem::path& file);
    void open(const std::filesystem::path& file);
    void count(const Frame& frame);
    void removeBefore(std::int64_t at);

    std::unique_ptr<store::Database> m_database;
    std::deque<std::pair<std::int64_t, std::uint64_t>> m_wholes; // each whole frame, and the bytes until the next
    std::uint64_t m_bytes = 0;
};

} // namespace record
