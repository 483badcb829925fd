// Everything shown, as a table: one row a tick. Columns: ts_utc, ts_epoch_ms, tick_id, target,
// <metric>_<unit>…, alert_worst, gap_reason. A missing value is an empty cell, a missing tick a row that says
// why.
#pragma once

#include "monitor/core/result.h"
#include "monitor/export/csv.h"
#include "monitor/export/export_watch.h"
#include "monitor/metrics/snapshot.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace exporting {

// What stands beside the figures in FILE.meta.json. No secrets: `target` and `settings` are as shown in the
// window.
struct Meta {
    std::string version = POOLSCOPE_VERSION;
    std::string zone;                            // of the machine, "Europe/Berlin"; times in the file are UTC
    std::map<std::string, std::string> settings; // pool, thresholds, interval … as the user set them
};

// The metric columns of these ticks together, sorted.
[[nodiscard]] std::vector<std::string> columnsOf(std::span<const metrics::SnapshotPtr> ticks);
// One line with CRLF, never broken inside.
[[nodiscard]] std::string headLine(const std::vector<std::string>& columns);
[[nodiscard]] std::string rowLine(const metrics::Snapshot& tick, const std::vector<std::string>& columns);

// Ascending ticks; nullptr is skipped. Ticks whose numbers are missing in between get rows of their own (at
// most 3,600 in a row, then one that says how many).
[[nodiscard]] std::string snapshotCsv(std::span<const metrics::SnapshotPtr> ticks, Bom bom = Bom::Without);
// ts_utc, ts_epoch_ms, metric, labels, value: one row a value, for those who would rather pivot themselves.
[[nodiscard]] std::string longCsv(std::span<const metrics::SnapshotPtr> ticks, Bom bom = Bom::Without);
[[nodiscard]] std::string metaJson(std::span<const metrics::SnapshotPtr> ticks, const Meta& meta);

// "critical:HighPoolUsage" for the worst firing alert (then pending ones: "pending:NAME"), "ok" when there is
// none.
[[nodiscard]] std::string worstAlert(const metrics::Snapshot& tick);
// Why values of this tick are missing: the sources that are not well; empty when all are.
[[nodiscard]] std::string gapReason(const metrics::Snapshot& tick);

// FILE and FILE.meta.json as commitWith() does, some ticks at a time. Errors as writeAtomically(); code "EMPTY" without a tick,
// "CANCELED" when it was stopped.
[[nodiscard]] core::Result<void> writeSnapshotCsv(const std::filesystem::path& file,
                                                  std::span<const metrics::SnapshotPtr> ticks,
                                                  const Meta& meta, const ExportWatch& watch = {});

} // namespace exporting
