// What differs between two recordings, as text, JSON and CSV.
#pragma once

#include "monitor/record/comparison.h"

#include <QString>

namespace app {

// What differs for sure, by size, at most 40 lines; then how many do not.
[[nodiscard]] QString compareText(const record::Comparison& comparison);
// Everything, in the same order.
[[nodiscard]] QString compareJson(const record::Comparison& comparison);
[[nodiscard]] QString compareCsv(const record::Comparison& comparison); // RFC 4180

} // namespace app
