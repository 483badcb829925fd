// `poolscope targets check FILE|URL…`
#pragma once

#include <QStringList>

namespace app {

// `arguments`: those after "targets". Exit codes as in command.h; a target that does not answer with metrics
// is a finding.
[[nodiscard]] int runTargets(const QStringList& arguments);

} // namespace app
