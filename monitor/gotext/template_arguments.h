// What functions of templates do with the values they are given.
#pragma once

#include "monitor/gotext/template_value.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gotext {

using TemplateArguments = std::span<const TemplateValue>;

// Throws TemplateError: "error calling <function>: <reason>".
[[noreturn]] void failCall(std::string_view function, const std::string& reason);

[[nodiscard]] TemplateValue templateValue(auto value)
{
    TemplateValue result;
    result.data = std::move(value);
    return result;
}

// The value as the type wanted; throws TemplateError, worded as Go words it, when it is none. `function` is
// who asks.
[[nodiscard]] double toFloat(const TemplateValue& value, std::string_view function);
[[nodiscard]] const std::string& toText(const TemplateValue& value, std::string_view function);
[[nodiscard]] const TemplateList& toList(const TemplateValue& value, std::string_view function);
// The entry of a map; an empty text when it has none of that name.
[[nodiscard]] const TemplateValue& entryOf(const TemplateValue& value, std::string_view key,
                                           std::string_view function);

} // namespace gotext
