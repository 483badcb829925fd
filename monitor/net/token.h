// The bearer token: made at the first start, kept in a file only its owner can read.
#pragma once

#include "monitor/core/result.h"

#include <filesystem>
#include <string>

namespace net {

// The token in `file`; when there is no file, 32 random bytes in hex are written to a new one (mode 0600,
// O_EXCL). Refused with one clear line: a file that others may read or write, that belongs to somebody else,
// that is no regular file, or whose content is no token (32 … 256 letters and digits). Errors never hold the
// token.
[[nodiscard]] core::Result<std::string> loadOrMakeToken(const std::filesystem::path& file);

} // namespace net
