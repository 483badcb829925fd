// One HTTP answer: status, headers and bytes that may be shared between many answers.
#pragma once

#include "monitor/core/lang.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

struct Response {
    int status = 200;
    std::string contentType = "application/json";
    std::shared_ptr<const std::string> body;                  // never null once answered
    std::vector<std::pair<std::string, std::string>> headers; // beside Content-Type and the security headers
};

// Called exactly once, on any thread, at once or later.
using Respond = std::function<void(Response)>;

[[nodiscard]] Response jsonResponse(int status, const nlohmann::json& value);
[[nodiscard]] Response textResponse(int status, std::string text);
// {"detail": text}, the shape of every error outside /api/v1.
[[nodiscard]] Response errorResponse(int status, std::string_view detail);
[[nodiscard]] Response errorResponse(int status, const core::Text& detail, core::Lang lang);

} // namespace net
