// What a five-character SQLSTATE means for a connection and for a pool
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
#pragma once

#include <string_view>

namespace pg {

// Codes this room gives where the server could give none.
inline constexpr std::string_view kCannotConnect = "08001";
inline constexpr std::string_view kConnectionLost = "08006";
inline constexpr std::string_view kNoConnection = "08003";
inline constexpr std::string_view kQueryCanceled = "57014";
inline constexpr std::string_view kConnectionBusy = "55006";
inline constexpr std::string_view kAuthFailed = "28P01";

// The session is gone or about to go: class 08, 57P01/02/03/04/05, 25P03, 25P04. Not 0A000: that is the
// statement's fault.
[[nodiscard]] bool endsConnection(std::string_view sqlstate) noexcept;
// Trying again changes nothing until somebody changes credentials or grants: 28xxx, 3D000, 42501, 42704 at
// login.
[[nodiscard]] bool needsPerson(std::string_view sqlstate) noexcept;
// The server lives but has no room for one more session: 53300 and its class.
[[nodiscard]] bool isSaturation(std::string_view sqlstate) noexcept;

} // namespace pg
