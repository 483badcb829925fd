// Encodings of mail, web and signatures.
#pragma once

#include "monitor/core/clock.h"

#include <string>
#include <string_view>

namespace notify {

[[nodiscard]] std::string base64(std::string_view bytes);
// RFC 3986: all but unreserved characters become %XX.
[[nodiscard]] std::string percentEncoded(std::string_view text);
// 32 bytes (RFC 2104 over SHA-256).
[[nodiscard]] std::string hmacSha256(std::string_view key, std::string_view text);
// At most so many bytes, never inside a character; "…" where something is left out.
[[nodiscard]] std::string cutAt(std::string text, std::size_t bytes);

} // namespace notify
