// The parts of a report, each appended to the blocks. Pure.
#pragma once

#include "monitor/report/document.h"
#include "monitor/report/facts.h"

#include <vector>

namespace report {

using Blocks = std::vector<Block>;

void addTiles(const Facts& facts, Blocks& blocks);
void addIncidents(const Facts& facts, Blocks& blocks);
void addCharts(const Facts& facts, Blocks& blocks);
void addSlowStatements(const Facts& facts, Blocks& blocks);
void addSettings(const Facts& facts, Blocks& blocks); // of the pool, and its changes
void addMachine(const Facts& facts, Blocks& blocks);
void addTimeline(const Facts& facts, Blocks& blocks);

// "critical", "严重".
[[nodiscard]] std::string severityText(metrics::Severity severity, core::Lang lang);

} // namespace report
