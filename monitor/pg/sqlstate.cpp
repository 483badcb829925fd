#include "monitor/pg/sqlstate.h"

#include <algorithm>
#include <array>

namespace pg {

bool endsConnection(std::string_view sqlstate) noexcept {
    static constexpr std::array<std::string_view, 7> codes = {"57P01", "57P02", "57P03", "57P04",
                                                              "57P05", "25P03", "25P04"};
    return sqlstate.starts_with("08") || std::find(codes.begin(), codes.end(), sqlstate) != codes.end();
}

bool needsPerson(std::string_view sqlstate) noexcept {
    return sqlstate.starts_with("28") || sqlstate == "3D000" || sqlstate == "42501" || sqlstate == "42704";
}

bool isSaturation(std::string_view sqlstate) noexcept {
    return sqlstate.starts_with("53");
}

} // namespace pg
