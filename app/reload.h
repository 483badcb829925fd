// SIGHUP: the command line and the configuration file read again.
#pragma once

#include "monitor/core/result.h"
#include "monitor/engine/config.h"

namespace engine {
class Engine;
}

namespace app {

// Changes what can be changed now. A mistake in the file is logged with its line, and everything stays as it
// was (rule files are looked at all the same). Main thread.
core::Result<engine::Reconfigured> reloadConfiguration(engine::Engine& core);

} // namespace app
