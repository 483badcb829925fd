#include "monitor/net/public_text.h"

#include "monitor/core/format.h"

#include <algorithm>

namespace net {

namespace {

constexpr std::string_view kHidden = "…";
constexpr std::size_t kMaxChars = 200;

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool isHexOr(char c, std::string_view others) noexcept
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
           others.find(c) != std::string_view::npos;
}

bool isIpv4(std::string_view word)
{
    return std::ranges::count(word, '.') == 3 && isDigit(word.front()) &&
           std::ranges::all_of(word, [](char c) { return isDigit(c) || c == '.' || c == ':' || c == '/'; });
}

bool isIpv6(std::string_view word)
{
    const std::string_view address = word.substr(0, word.find('%'));
    return std::ranges::count(address, ':') >= 2 &&
           std::ranges::all_of(address, [](char c) { return isHexOr(c, ":.[]/"); });
}

bool isHostAndPort(std::string_view word)
{
    const auto colon = word.rfind(':');
    const std::string_view port = colon == std::string_view::npos ? "" : word.substr(colon + 1);
    return port.size() >= 2 && colon > 0 && std::ranges::all_of(port, isDigit);
}

// A name with dots and letters at its end: "db1.example.org". Versions ("15.6") and file-less words stay.
bool isDomain(std::string_view word)
{
    const auto dot = word.rfind('.');
    return dot != std::string_view::npos && dot > 0 && word.size() - dot > 2 &&
           std::ranges::all_of(word.substr(dot + 1),
                               [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; });
}

bool isSecretive(std::string_view word)
{
    return word.find("://") != std::string_view::npos || word.find('@') != std::string_view::npos ||
           (word.size() > 1 && word.front() == '/') || isIpv4(word) || isIpv6(word) || isHostAndPort(word) ||
           isDomain(word);
}

// `word` with what it should not say hidden; brackets and punctuation around it stay.
std::string masked(std::string_view word, std::string_view before)
{
    constexpr std::string_view opening = "(<'{";
    constexpr std::string_view closing = ")>'.,;:}";
    const auto first = std::min(word.find_first_not_of(opening), word.size());
    const auto last = word.find_last_not_of(closing);
    if (last == std::string_view::npos || last < first) {
        return std::string(word);
    }
    const std::string_view core = word.substr(first, last - first + 1);
    std::string shown(core);
    if (const auto equals = core.find('=');
        equals != std::string_view::npos && equals + 1 < core.size() && equals > 0) {
        shown = std::string(core.substr(0, equals + 1)).append(kHidden);
    } else if (isSecretive(core) || (before == "port" && isDigit(core.front()))) {
        shown = kHidden;
    }
    return std::string(word.substr(0, first)).append(shown).append(word.substr(last + 1));
}

// Everything between double quotes, an open quote to the end of the text.
std::string withoutQuoted(std::string_view text)
{
    std::string out;
    for (auto open = text.find('"'); open != std::string_view::npos; open = text.find('"')) {
        out.append(text.substr(0, open + 1)).append(kHidden).append("\"");
        const auto close = text.find('"', open + 1);
        text = close == std::string_view::npos ? std::string_view() : text.substr(close + 1);
    }
    return out.append(text);
}

} // namespace

std::string publicCause(std::string_view error)
{
    std::string line = core::oneLine(error, 4000);
    constexpr std::string_view failed = " failed: ";
    if (line.starts_with("connection to server")) {
        if (const auto at = line.rfind(failed); at != std::string::npos) {
            line.erase(0, at + failed.size());
        }
    }
    line.resize(std::min(line.find(" Is the server running"), line.size()));
    const std::string plain = withoutQuoted(line);
    std::string out;
    std::string_view before;
    for (std::string_view rest = plain; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        const std::string_view word = rest.substr(0, end);
        out.append(out.empty() ? "" : " ").append(masked(word, before));
        before = word;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return core::oneLine(out, kMaxChars);
}

} // namespace net
