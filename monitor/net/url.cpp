#include "monitor/net/url.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace net {

namespace {

enum class Plus { Literal, Blank };

int hexDigit(char digit) noexcept
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

// Nothing when a percent sign is not followed by two hex digits or a NUL would come out.
std::optional<std::string> decoded(std::string_view text, Plus plus)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        char letter = text[at];
        if (letter == '+' && plus == Plus::Blank) {
            letter = ' ';
        } else if (letter == '%') {
            const int high = at + 2 < text.size() ? hexDigit(text[at + 1]) : -1;
            const int low = at + 2 < text.size() ? hexDigit(text[at + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            letter = static_cast<char>(high * 16 + low);
            at += 2;
        }
        if (letter == '\0') {
            return std::nullopt;
        }
        out += letter;
    }
    return out;
}

bool isControl(char letter) noexcept
{
    const auto byte = static_cast<unsigned char>(letter);
    return byte <= 0x20 || byte == 0x7F;
}

bool isHostLetter(char letter) noexcept
{
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || letter == '-' ||
           letter == '.' || letter == '_';
}

// "" gives 0; nothing for anything but 1 … 65535.
std::optional<int> portNumber(std::string_view text)
{
    if (text.empty()) {
        return 0;
    }
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535 ||
        text.size() > 5) {
        return std::nullopt;
    }
    return port;
}

} // namespace

core::Result<Fields> parseForm(std::string_view text)
{
    Fields fields;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) {
            continue;
        }
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decoded(pair.substr(0, equals), Plus::Blank);
        auto value = decoded(pair.substr(std::min(equals + 1, pair.size())), Plus::Blank);
        if (!name || !value) {
            return core::fail("a parameter is not percent-encoded as it should be");
        }
        if (fields.size() == kMaxParameters) {
            return core::fail("too many parameters");
        }
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    return fields;
}

core::Result<Target> parseTarget(std::string_view target)
{
    if (std::ranges::any_of(target, isControl)) {
        return core::fail("the request target holds a control character");
    }
    Target parsed;
    constexpr std::string_view scheme = "http://";
    if (lowerCase(target.substr(0, scheme.size())) == scheme) {
        target.remove_prefix(scheme.size());
        const auto end = std::min(target.find_first_of("/?#"), target.size());
        parsed.authority = target.substr(0, end);
        target.remove_prefix(end);
        if (parsed.authority.empty()) {
            return core::fail("the request target names no host");
        }
    } else if (!target.starts_with('/')) {
        return core::fail("the request target must begin with a slash");
    }
    target = target.substr(0, target.find('#'));
    const auto question = std::min(target.find('?'), target.size());
    auto path = decoded(target.substr(0, question), Plus::Literal);
    if (!path || core::validUtf8(*path) != *path ||
        std::ranges::any_of(*path, [](char c) { return c != ' ' && isControl(c); })) {
        return core::fail("the path is not percent-encoded as it should be");
    }
    parsed.path = path->empty() ? "/" : std::move(*path);
    auto query = parseForm(target.substr(std::min(question + 1, target.size())));
    if (!query) {
        return core::fail(query.error().message);
    }
    parsed.query = std::move(*query);
    return parsed;
}

core::Result<HostPort> parseHostPort(std::string_view text)
{
    HostPort parsed;
    const std::string lower = lowerCase(trimmed(text));
    std::string_view host = lower;
    std::string_view port;
    const bool bracketed = host.starts_with('[');
    if (bracketed) {
        const auto close = host.find(']');
        if (close == std::string_view::npos) {
            return core::fail("a bracket is not closed");
        }
        port = host.substr(close + 1);
        host = host.substr(1, close - 1);
        if (!port.empty() && !port.starts_with(':')) {
            return core::fail("there is more behind the bracket than a port");
        }
    } else if (const auto colon = host.find(':'); colon != std::string_view::npos) {
        port = host.substr(colon);
        host = host.substr(0, colon);
    }
    const auto number = portNumber(port.substr(std::min<std::size_t>(1, port.size())));
    if (host.ends_with('.') && !bracketed) {
        host.remove_suffix(1);
    }
    if (!number || port == ":" || host.empty() || host.size() > 255 ||
        !std::ranges::all_of(host, [&](char c) { return isHostLetter(c) || (bracketed && c == ':'); })) {
        return core::fail("not a host with an optional port");
    }
    parsed.host = host;
    parsed.port = *number;
    return parsed;
}

} // namespace net
