// What DingTalk wants to read and what its answers mean, without a network.
#pragma once

#include "monitor/notify/notifier.h"
#include "monitor/notify/wording.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

// base64(HMAC-SHA256(key, "millis\nkey")), percent-encoded, beside the time.
[[nodiscard]] std::string signedUrl(const std::string& url, const std::string& key, std::int64_t millis);
// Markdown; the keyword is added where the words lack it.
[[nodiscard]] nlohmann::json dingTalkBody(const Words& words, const ChannelSettings& settings);
// errcode in a 200: 0 is sent, "too fast" and "busy" are worth another try, the others are not.
[[nodiscard]] Delivery dingTalkDelivery(std::string_view body);

} // namespace notify
