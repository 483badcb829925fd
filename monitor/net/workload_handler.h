// POST /test/normal, /test/slow, /test/long-connection: the reference's workloads, answered when they are
// done.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/net/backend.h"
#include "monitor/net/response.h"

namespace net {

// Returns at once; `respond` is called when the workload has ended: 200 {"count": n, "message": …} or 503.
void answerWorkload(const Backend& backend, Workload workload, core::Lang lang, Respond respond);

} // namespace net
