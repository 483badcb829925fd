#include "monitor/report/escape.h"

#include "monitor/core/format.h"

#include <algorithm>

namespace report {

std::string escaped(std::string_view text)
{
    std::string plain = core::validUtf8(text);
    std::replace_if(
        plain.begin(), plain.end(),
        [](char letter) { return static_cast<unsigned char>(letter) < 0x20 && letter != '\n'; }, ' ');
    return core::htmlEscaped(plain);
}

std::string shortened(std::string_view text, std::size_t most)
{
    const std::string all = core::oneLine(text, most + 1);
    std::string line = core::oneLine(text, most);
    return line.size() < all.size() ? line + "…" : line;
}

} // namespace report
