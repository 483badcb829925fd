#include "monitor/gotext/template_texts.h"

#include "monitor/gotext/template_arguments.h"
#include "monitor/promql/text.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

namespace gotext {

std::string cased(std::string text, int (*change)(int))
{
    std::transform(text.begin(), text.end(), text.begin(), [change](unsigned char c) {
        return c < 0x80 ? static_cast<char>(change(c)) : static_cast<char>(c);
    });
    return text;
}

std::string titled(std::string text)
{
    bool inside = false;
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = std::isalnum(byte) != 0 || c == '_' || c == '\'' || byte >= 0x80;
        c = !inside && byte < 0x80 ? static_cast<char>(std::toupper(byte)) : c;
        inside = letter;
    }
    return text;
}

std::string escapedFor(std::string_view function, const std::string& text)
{
    std::string out;
    for (const char c : text) {
        const std::string_view html = c == '<'    ? "&lt;"
                                      : c == '>'  ? "&gt;"
                                      : c == '&'  ? "&amp;"
                                      : c == '"'  ? "&#34;"
                                      : c == '\'' ? "&#39;"
                                                  : "";
        if (function == "html") {
            out += html.empty() ? std::string(1, c) : std::string(html);
        } else if (function == "urlquery") {
            if (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                std::string_view("-_.~").find(c) != std::string_view::npos) {
                out += c;
            } else if (c == ' ') {
                out += '+';
            } else {
                std::array<char, 8> buffer{};
                std::snprintf(buffer.data(), buffer.size(), "%%%02X", static_cast<unsigned char>(c));
                out += buffer.data();
            }
        } else {
            const std::string_view js = c == '\\'   ? "\\\\"
                                        : c == '\'' ? "\\'"
                                        : c == '"'  ? "\\\""
                                        : c == '<'  ? "\\u003C"
                                        : c == '>'  ? "\\u003E"
                                        : c == '&'  ? "\\u0026"
                                        : c == '='  ? "\\u003D"
                                        : c == '\n' ? "\\u000A"
                                                    : "";
            out += js.empty() ? std::string(1, c) : std::string(js);
        }
    }
    return out;
}

std::string replaceAll(const std::string& pattern, const std::string& replacement, std::string text)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 regex(pattern, options);
    if (!regex.ok()) {
        failCall("reReplaceAll", "regexp: Compile(" + promql::goQuoted(pattern) + "): " + regex.error());
    }
    std::string rewrite; // Go's $1 and ${1} are RE2's \1
    for (std::size_t at = 0; at < replacement.size(); ++at) {
        const bool braced =
            replacement[at] == '$' && at + 2 < replacement.size() && replacement[at + 1] == '{';
        const std::size_t digit = at + (braced ? 2 : 1);
        if (replacement[at] == '$' && digit < replacement.size() &&
            std::isdigit(static_cast<unsigned char>(replacement[digit])) != 0) {
            rewrite += std::string("\\") + replacement[digit];
            at = digit + (braced ? 1 : 0);
        } else {
            rewrite += replacement[at] == '\\' ? std::string("\\\\") : std::string(1, replacement[at]);
        }
    }
    re2::RE2::GlobalReplace(&text, regex, rewrite);
    return text;
}

bool matchString(const std::string& pattern, const std::string& text)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 regex(pattern, options);
    if (!regex.ok()) {
        failCall("match", "error parsing regexp: " + regex.error());
    }
    return re2::RE2::PartialMatch(text, regex);
}

std::string stripPort(const std::string& text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || (text.front() != '[' && text.find(':') != colon)) {
        return text;
    }
    const std::string host = text.substr(0, colon);
    return host.size() > 1 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2)
                                                                        : host;
}

std::string stripDomain(const std::string& text)
{
    const std::string host = stripPort(text);
    const std::string port = host.size() == text.size() ? "" : text.substr(text.rfind(':'));
    const bool address =
        host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
    return address ? text : host.substr(0, host.find('.')) + port;
}

} // namespace gotext
