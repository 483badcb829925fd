// What the log says of alerts: one line a firing, one a resolution, to the logger "poolscope.alert".
#pragma once

#include "monitor/core/lang.h"
#include "monitor/metrics/alert_rows.h"

#include <string_view>

namespace alert {

// A rule file that cannot be used.
void logProblem(std::string_view problem);
// The row as it is now; other changes than firing and resolved are not worth a line.
void logChange(const metrics::AlertRow& row, metrics::AlertState to, core::Lang lang);

} // namespace alert
