// Is there a display to open a window on?
#pragma once

namespace app {

// Tries to open it in a child process, because Qt ends the process when there is none (measured: abort, exit 134).
// Call before any thread is started. Some 30 ms.
[[nodiscard]] bool displayUsable(int argc, char** argv);

} // namespace app
