// What callers of other people's pools waited on average.
#pragma once

#include "models/target_model.h"
#include "monitor/core/clock.h"
#include "monitor/metrics/querier.h"

#include <vector>

namespace widgets {

// Only counters can tell it, so it is asked of the last minute before `at`, in memory. Rows of which nothing is known stay as
// they are. `querier` may be null.
void addMeanWaits(std::vector<models::TargetRow>& rows, const metrics::Querier* querier, core::WallTime at);

} // namespace widgets
