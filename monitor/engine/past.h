// What a program has left on disk, read without it: for reports and exports of a data folder, whether it runs
// or not.
#pragma once

#include "monitor/core/result.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "monitor/series/merged_reader.h"
#include "monitor/store/disk_reader.h"
#include "monitor/store/records.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace engine {

// Every record of a kind within [from, to], oldest first, at most `most` of the newest. Waits for the reader:
// not on the window's thread.
[[nodiscard]] std::vector<store::Record> recordsOf(const store::HistoryReader& reader, store::RecordKind kind,
                                                   core::WallTime from, core::WallTime to, std::size_t most);

// Thread-safe. Read-only: nothing in the folder is changed.
class Past {
public:
    // Errors are one line with the path.
    [[nodiscard]] static core::Result<std::unique_ptr<Past>> open(const std::filesystem::path& historyFile);

    [[nodiscard]] const series::Reader& reader() const noexcept { return m_merged; }
    [[nodiscard]] const promql::Querier& querier() const noexcept { return m_querier; }
    [[nodiscard]] const store::HistoryReader& records() const noexcept { return m_disk; }

private:
    explicit Past(const std::filesystem::path& historyFile);
    [[nodiscard]] core::Result<void> loadTail();

    series::Head m_tail; // the open block
    store::DiskReader m_disk;
    series::MergedReader m_merged{m_tail, m_disk};
    promql::Querier m_querier{m_merged};
};

} // namespace engine
