// What a peer's reply means, in words. Inside of this room only; pure.
#pragma once

#include "monitor/http/http.h"

#include <string>
#include <vector>

namespace cluster {

[[nodiscard]] bool isWell(const http::Reply& reply) noexcept; // 2xx
// A refusal that stays one: 4xx but 408 and 429.
[[nodiscard]] bool isFinal(const http::Reply& reply) noexcept;
// One line, without our secrets unless the peer repeats them.
[[nodiscard]] std::string reasonOf(const http::Reply& reply);
// An id as Alertmanager makes them; what a peer made up goes into no path.
[[nodiscard]] bool isId(const std::string& id);
[[nodiscard]] std::string joined(const std::vector<std::string>& list); // "one; other"

} // namespace cluster
