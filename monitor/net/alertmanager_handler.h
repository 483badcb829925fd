// Alertmanager's API, version 2: alerts and silences, so that amtool works.
#pragma once

#include "monitor/net/backend.h"
#include "monitor/net/request.h"
#include "monitor/net/response.h"

namespace net {

// All answer JSON; errors are a JSON text, as Alertmanager's are. 503 when the program has no rules.
[[nodiscard]] Response listAlerts(const Backend& backend, const Request& request);
[[nodiscard]] Response listSilences(const Backend& backend, const Request& request);
[[nodiscard]] Response showSilence(const Backend& backend, const Request& request);
[[nodiscard]] Response postSilence(const Backend& backend, const Request& request);
[[nodiscard]] Response deleteSilence(const Backend& backend, const Request& request);

} // namespace net
