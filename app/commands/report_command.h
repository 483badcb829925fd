// `poolscope report`: what happened in a range, as one HTML page and as a PDF.
#pragma once

#include <QStringList>

namespace app {

// `arguments`: those after "report". Exit codes as in command.h. Reads the data folder; needs no display, no
// program need run.
[[nodiscard]] int runReport(const QStringList& arguments);

} // namespace app
