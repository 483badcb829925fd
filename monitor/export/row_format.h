// Rows as text: the formats of files, one class each, fed row by row.
#pragma once

#include "monitor/export/range_source.h"
#include "monitor/export/snapshot_csv.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace exporting {

enum class Format { CsvWide, CsvLong, Json, JsonLines };
enum class TimeZone { Utc, Local };

// "csv", "csv-long", "json", "jsonl"; nullopt for anything else.
[[nodiscard]] std::optional<Format> formatNamed(std::string_view name);
// By the end of a file's name: .json, .jsonl or .ndjson, else wide CSV.
[[nodiscard]] Format formatOfFile(std::string_view fileName);

struct RowStyle {
    Format format = Format::CsvWide;
    TimeZone zone = TimeZone::Utc;
    TimeSpan range;
    Meta meta;
};

// Each call gives the bytes to be appended. Not thread-safe.
class RowFormat {
public:
    virtual ~RowFormat() = default;
    [[nodiscard]] virtual std::string begin(std::span<const RangeColumn> columns) = 0;
    [[nodiscard]] virtual std::string row(const RangeRow& row) = 0;
    [[nodiscard]] virtual std::string end() { return {}; }
};

// Wide CSV: a row a moment, ts_utc (or ts_local), ts_epoch_ms, a column a series; empty = no value.
// Long CSV: ts, ts_epoch_ms, metric, labels, value; a row a value.
// JSON: one object {"format": "poolscope-range", …, "columns": [{"head", "metric", "labels"}…], "rows":
// [[time, epoch_ms, value or null …] …]}. JSON Lines: an object a moment, {"time", "epoch_ms", "<head>":
// value …}, without what is missing. Infinities are "+Inf" and "-Inf" there, for JSON has no number for them
// (RFC 8259, 6).
[[nodiscard]] std::unique_ptr<RowFormat> rowFormat(const RowStyle& style);

} // namespace exporting
