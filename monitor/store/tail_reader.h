// The ticks of the block that is still open: those of the last ten minutes of a program that runs, or was
// killed.
#pragma once

#include "monitor/series/reader.h"
#include "monitor/store/database.h"

#include <vector>

namespace store {

// Any order; each series once, samples ascending. A damaged tick ends it. Throws SqlFailure.
[[nodiscard]] std::vector<series::SeriesData> readTail(Database& database);

} // namespace store
