// The face without a window: serve, watch, log, write files, end on a signal or after --duration.
#pragma once

#include "app/options.h"
#include "app/logging.h"

#include <memory>

namespace app {

// The exit code: 0 well, 2 when it could not start or a file could not be written. Needs a QCoreApplication.
[[nodiscard]] int runHeadless(const Options& options, const std::shared_ptr<LogTap>& tap);

} // namespace app
