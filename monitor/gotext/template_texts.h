// Functions of templates that turn a text into another one.
#pragma once

#include <string>
#include <string_view>

namespace gotext {

// toUpper, toLower: ASCII letters only.
[[nodiscard]] std::string cased(std::string text, int (*change)(int));
// The first letter of each word in upper case.
[[nodiscard]] std::string titled(std::string text);
// "html", "urlquery" or "js".
[[nodiscard]] std::string escapedFor(std::string_view function, const std::string& text);
// Regular expressions; throw TemplateError when `pattern` is none.
[[nodiscard]] std::string replaceAll(const std::string& pattern, const std::string& replacement,
                                     std::string text);
[[nodiscard]] bool matchString(const std::string& pattern, const std::string& text);
// host:port without the port; host.domain:port without the domain.
[[nodiscard]] std::string stripPort(const std::string& text);
[[nodiscard]] std::string stripDomain(const std::string& text);

} // namespace gotext
