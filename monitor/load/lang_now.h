// The language people read just now: it may change while a scenario runs.
#pragma once

#include "monitor/core/lang.h"

#include <functional>

namespace load {

// Never empty; thread-safe, returns at once.
using LangNow = std::function<core::Lang()>;

[[nodiscard]] constexpr core::Lang alwaysEnglish() noexcept {
    return core::Lang::English;
}
[[nodiscard]] constexpr core::Lang alwaysChinese() noexcept {
    return core::Lang::Chinese;
}

} // namespace load
