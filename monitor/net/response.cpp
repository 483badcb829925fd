#include "monitor/net/response.h"

#include <nlohmann/json.hpp>

namespace net {

Response jsonResponse(int status, const nlohmann::json& value)
{
    // "replace": bytes that are no UTF-8 become U+FFFD instead of an exception.
    std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return {status, "application/json", std::make_shared<const std::string>(std::move(text)), {}};
}

Response textResponse(int status, std::string text)
{
    return {status, "text/plain; charset=utf-8", std::make_shared<const std::string>(std::move(text)), {}};
}

Response errorResponse(int status, std::string_view detail)
{
    return jsonResponse(status, {{"detail", std::string(detail)}});
}

Response errorResponse(int status, const core::Text& detail, core::Lang lang)
{
    return errorResponse(status, detail.in(lang));
}

} // namespace net
