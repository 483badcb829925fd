// A range as a file: streamed part by part, with progress, given up at any moment, never half a file.
#pragma once

#include "monitor/core/result.h"
#include "monitor/export/export_watch.h"
#include "monitor/export/range_source.h"
#include "monitor/export/row_format.h"

#include <cstdint>
#include <filesystem>

namespace exporting {

struct Exported {
    std::uint64_t rows = 0; // moments
    std::uint64_t values = 0;
    std::size_t columns = 0;
    std::uint64_t bytes = 0;
};

inline constexpr const char* kStandardOutput = "-";

// Writes FILE ("-": standard output) atomically; of plain CSV files also FILE.meta.json (versions, zone,
// range, settings). Errors are one line with path and reason, as AtomicFile's and RangeSource's; code
// "CANCELED" when it was stopped: then nothing is left. Blocks; one part of the range is held at a time.
[[nodiscard]] core::Result<Exported> exportRange(RangeSource& source, const RowStyle& style,
                                                 const std::filesystem::path& file,
                                                 const ExportWatch& watch = {});

} // namespace exporting
