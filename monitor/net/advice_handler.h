// GET /pool/advice: what the recorded requests would have met in pools of other sizes.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/metrics/pool_advice.h"
#include "monitor/net/request.h"
#include "monitor/net/response.h"

#include <optional>

namespace net {

// `window` as asked for: a duration of at most a day ("15m", "90"), 0 when not said. Nothing for anything
// else.
[[nodiscard]] std::optional<core::Nanos> adviceWindow(const Request& request);

// The sentence is in `lang`, everything else is not translated. 503 without advice.
[[nodiscard]] Response adviceResponse(const metrics::PoolAdvicePtr& advice, core::Nanos window,
                                      core::Lang lang);

} // namespace net
