// SIGHUP: the command line and the configuration file read again.
#pragma once

namespace engine {
class Engine;
}

namespace app {

// Changes what can be changed now. A mistake in the file is logged with its line, and everything stays as it
// was (rule files are looked at all the same). Main thread.
void reloadConfiguration(engine::Engine& core);

} // namespace app
