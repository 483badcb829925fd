// What scenarios do: one function, one file each. Each runs on the scenario's own thread until its time is
// over or stop is asked for, and leaves pool and server as it found them. An error says why it could not be
// done.
#pragma once

#include "monitor/core/result.h"
#include "monitor/load/context.h"

namespace load::steps {

core::Result<void> runNormal(Context& context);
core::Result<void> runSlowQuery(Context& context);
core::Result<void> runLongConnection(Context& context);
core::Result<void> runExhaustion(Context& context);
core::Result<void> runBurst(Context& context);
core::Result<void> runLeak(Context& context);
core::Result<void> runDirtyReturns(Context& context);
core::Result<void> runSlowNetwork(Context& context);
core::Result<void> runBackendsTerminated(Context& context);
core::Result<void> runServerRestart(Context& context);
core::Result<void> runMixedPriorities(Context& context);
core::Result<void> runCpuLoad(Context& context);

} // namespace load::steps
