// Pictures of every panel, both themes, both languages, from a real run.
#pragma once

#include "app/logging.h"
#include "app/options.h"

#include <memory>

namespace app {

// Runs the console on the private server with its scenarios for about two minutes and writes
// FOLDER/PANEL-THEME-LANG.png at 1440×900 (and overview and pool at 1280×800 and 1920×1080). The exit code.
[[nodiscard]] int takeScreenshots(const Options& options, const std::shared_ptr<LogTap>& tap);

} // namespace app
