// A report as one HTML page: no script, no request, no link; styles and charts are in it.
#pragma once

#include "monitor/report/document.h"

#include <string>

namespace report {

// UTF-8, HTML 5. Every text is escaped. Fit for printing. Pure.
[[nodiscard]] std::string html(const Document& document);

} // namespace report
