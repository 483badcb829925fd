// The languages people read: log lines, alert texts, HTTP messages and the window follow it. Names of fields, metrics
// and states never do.
#pragma once

#include <string_view>

namespace core {

enum class Lang { English, Chinese };

// "zh", "zh_CN", "zh-Hans-CN.UTF-8" are Chinese; everything else is English.
[[nodiscard]] constexpr Lang langFromLocale(std::string_view locale) noexcept
{
    return locale.starts_with("zh") ? Lang::Chinese : Lang::English;
}

// A text in both languages; both live as long as the program (string literals).
struct Text {
    std::string_view english;
    std::string_view chinese;

    [[nodiscard]] constexpr std::string_view in(Lang lang) const noexcept
    {
        return lang == Lang::Chinese ? chinese : english;
    }
};

} // namespace core
