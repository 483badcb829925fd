// The table of endpoints over a Backend: what the server answers, without the server.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/net/backend.h"
#include "monitor/net/router.h"

namespace net {

// Every route of the contract. The backend's functions and querier must outlive the router; queries run on
// two threads that the router owns. Absent functions make their endpoints answer 503.
[[nodiscard]] Router makeRouter(Backend backend, const core::Clock& clock = core::SystemClock::instance());

// The language of one answer: what the client asks for, else the program's.
[[nodiscard]] core::Lang languageOf(const Request& request, const Backend& backend);

} // namespace net
