// `poolscope rules import FILE…`: other people's rules and channels into the data folder.
#pragma once

#include <QStringList>

namespace app {

// `arguments`: those after "import". kFinding when something was not taken; kCannot when nothing could be
// done.
[[nodiscard]] int runRulesImport(const QStringList& arguments);

} // namespace app
