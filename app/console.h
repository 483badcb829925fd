// The face with a window.
#pragma once

#include "app/logging.h"
#include "app/options.h"

#include <memory>
#include <optional>

namespace app {

struct WindowRecording;

// Opens the window, runs until it is closed; the exit code. Needs a QApplication.
[[nodiscard]] int runConsole(const Options& options, const std::shared_ptr<LogTap>& tap);
// The same for a recording alone: no engine, no server. Makes the QApplication itself; nullopt without a display.
[[nodiscard]] std::optional<int> runRecordingWindow(int argc, char** argv, const WindowRecording& recording);

} // namespace app
