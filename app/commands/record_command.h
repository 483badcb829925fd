// `poolscope record`: a recording of what a data folder remembers, or of the next minutes.
#pragma once

#include <QStringList>

namespace app {

// Arguments after the name; gives the exit code.
int runRecord(const QStringList& arguments);

} // namespace app
