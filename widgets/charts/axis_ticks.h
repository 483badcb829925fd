// Where an axis has its ticks: round wall-clock times, round values in the unit's own steps.
#pragma once

#include "monitor/core/units.h"

#include <QString>
#include <QTimeZone>

#include <cstdint>
#include <vector>

namespace widgets {

struct TimeTicks {
    std::int64_t step = 0;        // ms
    std::vector<std::int64_t> at; // ms since the epoch, ascending, on round times of the zone
};

// At most maxTicks (≥ 1) in from ≤ t ≤ to. The zone's offset is the one at `to`.
[[nodiscard]] TimeTicks timeTicks(std::int64_t from, std::int64_t to, int maxTicks, const QTimeZone& zone);
// "14:03", with seconds when the step is below a minute, "11-20" when it is a day or more.
[[nodiscard]] QString timeTickText(std::int64_t at, std::int64_t step, const QTimeZone& zone);

struct ValueScale {
    double top = 1; // a multiple of step
    double step = 1;
};

// From 0 up to at least `highest`, with about `ticks` steps: 1-2-5 decimal, bytes in powers of 1024, counts
// whole. Ratios give 1 or less only when `highest` is; NaN or ≤ 0 gives a small scale of the unit.
[[nodiscard]] ValueScale valueScale(double highest, core::Unit unit, int ticks);
// A label on the value axis: humanText() without needless zeros ("100 %", "0", "20").
[[nodiscard]] QString valueTickText(double value, core::Unit unit);

} // namespace widgets
