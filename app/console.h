// The face with a window.
#pragma once

#include "app/logging.h"
#include "app/options.h"

#include <memory>

namespace app {

// Opens the window, runs until it is closed; the exit code. Needs a QApplication.
[[nodiscard]] int runConsole(const Options& options, const std::shared_ptr<LogTap>& tap);

} // namespace app
