#include "monitor/net/request.h"

#include <algorithm>

namespace net {

namespace {

const std::string* firstOf(const Fields& fields, std::string_view name) noexcept
{
    const auto at = std::ranges::find(fields, name, &Fields::value_type::first);
    return at == fields.end() ? nullptr : &at->second;
}

} // namespace

std::string_view Request::header(std::string_view name) const noexcept
{
    const std::string* value = firstOf(headers, name);
    return value ? std::string_view(*value) : std::string_view();
}

std::size_t Request::headerCount(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(std::ranges::count(headers, name, &Fields::value_type::first));
}

std::string_view Request::parameter(std::string_view name) const noexcept
{
    const std::string* value = firstOf(query, name);
    return value ? std::string_view(*value) : std::string_view();
}

bool Request::hasParameter(std::string_view name) const noexcept
{
    return firstOf(query, name) != nullptr;
}

std::vector<std::string> Request::parameters(std::string_view name) const
{
    std::vector<std::string> values;
    for (const auto& [key, value] : query) {
        if (key == name) {
            values.push_back(value);
        }
    }
    return values;
}

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    for (char& letter : lower) {
        if (letter >= 'A' && letter <= 'Z') {
            letter = static_cast<char>(letter - 'A' + 'a');
        }
    }
    return lower;
}

std::string_view trimmed(std::string_view text) noexcept
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace net
