// A report of a range: from the history's samples and records to a document.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/querier.h"
#include "monitor/report/compose.h"
#include "monitor/report/gather.h"
#include "monitor/store/records.h"

namespace engine {

// What the history knows of the range. Waits for the reader.
[[nodiscard]] report::Records reportRecords(const store::HistoryReader& reader, core::WallTime from,
                                            core::WallTime to);

// `request` needs range, language and zone; what is empty is filled in as far as the history tells. Blocks:
// not on the window's thread. Code "CANCELED" when it was stopped.
[[nodiscard]] core::Result<report::Document> makeReport(const metrics::Querier& querier,
                                                        const store::HistoryReader& records,
                                                        report::Request request,
                                                        const report::GatherWatch& watch = {});

} // namespace engine
