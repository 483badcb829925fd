// How many more connections the server can take before others are kept out.
#pragma once

#include "monitor/core/result.h"
#include "monitor/load/context.h"

namespace load::steps {

// An error unless the pool can open all its places and the server keeps at least a few free for others. Uses
// a session of its own; at most 3 s.
[[nodiscard]] core::Result<void> requireHeadroom(const Context& context);

} // namespace load::steps
