// `poolscope export`: a range of the history as CSV, JSON or JSON Lines.
#pragma once

#include <QStringList>

namespace app {

// `arguments`: those after "export". Exit codes as in command.h. Reads the data folder; no program need run.
[[nodiscard]] int runExport(const QStringList& arguments);

} // namespace app
