// `poolscope query EXPR`: asks a running Poolscope, or any Prometheus-compatible server.
#pragma once

#include <QStringList>

namespace app {

// `arguments`: those after "query". Exit codes as in command.h: no result is well, an expression that is
// refused and a server that does not answer are not.
[[nodiscard]] int runQuery(const QStringList& arguments);

} // namespace app
