#include "monitor/net/raw_head.h"

#include <algorithm>
#include <functional>

namespace net {

namespace {

bool isSeparator(char c) noexcept
{
    return c == '\0' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

} // namespace

bool holdsOnly(std::string_view head, const std::vector<std::string_view>& pieces)
{
    const char* const end = head.data() + head.size();
    const char* at = head.data();
    const std::less<const char*> before; // a total order, also for pointers into different blocks
    for (const std::string_view piece : pieces) {
        if (piece.empty()) {
            continue;
        }
        if (before(piece.data(), at) || before(end, piece.data() + piece.size()) ||
            !std::all_of(at, piece.data(), isSeparator)) {
            return false;
        }
        at = piece.data() + piece.size();
    }
    return std::all_of(at, end, isSeparator);
}

} // namespace net
