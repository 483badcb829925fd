// Channels by which people are told: how they fare, and one test message.
#pragma once

#include "monitor/net/backend.h"
#include "monitor/net/response.h"

#include <string>

namespace net {

// {"notifiers": [{name, kind, enabled, sent, …}]}; nothing of their settings.
[[nodiscard]] Response listNotifiers(const Backend& backend);
// Answers when the message has arrived or has not: 200 {"name", "outcome": "sent"}, 404 for the name, 502
// with the reason when it could not be delivered, 503 when other tests are under way.
void testNotifier(const Backend& backend, const std::string& name, core::Lang lang, Respond respond);

} // namespace net
