#include "monitor/report/escape.h"

#include "monitor/core/format.h"

namespace report {

std::string escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char letter : core::validUtf8(text)) {
        switch (letter) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += static_cast<unsigned char>(letter) < 0x20 && letter != '\n' ? ' ' : letter;
        }
    }
    return out;
}

std::string shortened(std::string_view text, std::size_t most)
{
    const std::string all = core::oneLine(text, most + 1);
    std::string line = core::oneLine(text, most);
    return line.size() < all.size() ? line + "…" : line;
}

} // namespace report
