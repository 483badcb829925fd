// `poolscope advice`: asks a running Poolscope what other sizes of its pool would have done.
#pragma once

#include <QStringList>

namespace app {

// `arguments`: those after "advice". Exit codes as in command.h.
[[nodiscard]] int runAdvice(const QStringList& arguments);

} // namespace app
