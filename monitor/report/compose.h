// From what is known to the blocks of a report.
#pragma once

#include "monitor/report/document.h"
#include "monitor/report/facts.h"

namespace report {

// Summary first, then evidence: incidents, figures, charts, slow statements, settings, log of what happened.
// Pure.
[[nodiscard]] Document compose(const Facts& facts);

} // namespace report
