// Small things all notifiers do alike.
#pragma once

#include "monitor/notify/notifier.h"

#include <nlohmann/json.hpp>

#include <string>

namespace notify {

// Compact; invalid UTF-8 becomes U+FFFD.
[[nodiscard]] inline std::string jsonText(const nlohmann::json& value)
{
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

[[nodiscard]] inline core::Lang langOf(const Surroundings& around)
{
    return around.lang ? around.lang() : core::Lang::English;
}

[[nodiscard]] inline std::string externalUrlOf(const Surroundings& around)
{
    return around.externalUrl ? around.externalUrl() : std::string();
}

} // namespace notify
