// `poolscope rules check FILE…`, `poolscope rules test FILE…`, `poolscope rules import FILE…`
#pragma once

#include <QStringList>

namespace app {

// `arguments`: those after "rules". Exit codes as in command.h; a file that is no valid rule file is a
// finding.
[[nodiscard]] int runRules(const QStringList& arguments);

} // namespace app
