// Finds what a C string hides. The HTTP library cuts the received head into NUL-terminated pieces in place,
// so a NUL that a client sent makes whatever follows it invisible, and two servers in a row may then disagree
// about a request.
#pragma once

#include <string_view>
#include <vector>

namespace net {

// True when `head`, the memory the head was received in, holds nothing but `pieces` (method, target, version,
// then names and values in the order received, each a view into that memory) and separators: NUL, blank, tab.
// Also false for pieces elsewhere, which is where the library puts lines that were folded (RFC 9112 §5.2 lets
// servers refuse them).
[[nodiscard]] bool holdsOnly(std::string_view head, const std::vector<std::string_view>& pieces);

} // namespace net
