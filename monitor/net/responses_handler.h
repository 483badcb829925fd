// Automatic responses over HTTP: their state, and what a person or another program asks of them.
#pragma once

#include "monitor/net/backend.h"
#include "monitor/net/response.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace net {

// "degrade" of /pool/status, for services that follow along.
[[nodiscard]] nlohmann::json degradeJson(const metrics::DegradeView& view);

[[nodiscard]] Response listResponses(const Backend& backend, core::Lang lang);
// {"level": 0 … 4}, {"automatic": true} or {"dry_run": true|false}: exactly one of them.
[[nodiscard]] core::Result<metrics::ResponseCommand> parseDegradeCommand(std::string_view body);
// {"act": true}, {"undo": true} or {"dry_run": true|false}: exactly one of them.
[[nodiscard]] core::Result<metrics::ResponseCommand> parseScaleCommand(std::string_view body);
[[nodiscard]] Response carryOut(const Backend& backend, const core::Result<metrics::ResponseCommand>& command,
                                core::Lang lang);

} // namespace net
