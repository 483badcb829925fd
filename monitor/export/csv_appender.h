// A CSV that grows by one row a tick for days: rotated by size and age, readable after a crash at any moment.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/metrics/snapshot.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace exporting {

struct AppenderOptions {
    std::uint64_t maxBytes = 64ull * 1024 * 1024; // a file that would pass this is rotated first
    core::Nanos maxAge = std::chrono::hours(24);  // as is one begun that long ago
    int keep = 14;                                // rotated files kept; the oldest go first. 0 = all
    const core::Clock* clock = &core::SystemClock::instance();
    std::uint64_t widenBytes = 4ull * 1024 * 1024; // a file up to this size takes new columns in; 0 = never
};

// FILE.csv is the present one, FILE-20261120T091207Z.csv the rotated ones (the moment of their first row).
// Each begins with a header; columns that were not there before are taken in by rewriting a small file, else
// they begin a new one. A row is one write(), so a killed program leaves whole rows; what a crash of the
// machine left of a last row is cut off at the next start. Not thread-safe.
class CsvAppender {
public:
    explicit CsvAppender(std::filesystem::path file, AppenderOptions options = {});
    ~CsvAppender();
    CsvAppender(const CsvAppender&) = delete;
    CsvAppender& operator=(const CsvAppender&) = delete;

    // Errors are one line with path and reason; the row is lost then, the file stays whole, the next call
    // tries again.
    [[nodiscard]] core::Result<void> append(const metrics::Snapshot& tick);

    [[nodiscard]] const std::filesystem::path& file() const noexcept { return m_file; }
    [[nodiscard]] std::uint64_t rows() const noexcept { return m_rows; } // written by this object

private:
    [[nodiscard]] core::Result<void> open();
    void adopt();
    [[nodiscard]] core::Result<void> begin(core::WallTime at);
    [[nodiscard]] core::Result<void> write(std::string_view line);
    [[nodiscard]] core::Result<void> rotate();
    [[nodiscard]] core::Result<void> widen();
    // True when the file has a column for everything the tick holds; else m_columns grows by what is missing.
    [[nodiscard]] bool learnColumns(const metrics::Snapshot& tick);
    [[nodiscard]] bool isDue(std::size_t nextLine, core::WallTime now) const;
    void removeOld() const;
    void close() noexcept;

    const std::filesystem::path m_file;
    const AppenderOptions m_options;
    std::vector<std::string> m_columns; // sorted
    int m_fd = -1;
    std::uint64_t m_size = 0; // bytes of whole lines; 0 = no header yet
    std::uint64_t m_rows = 0;
    core::WallTime m_begun = {}; // of the present file's first row
};

} // namespace exporting
