// What the responses tell of what they do: every step, in both languages.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/lang.h"

#include <functional>
#include <string>

namespace respond {

// A text in both languages that was put together at run time.
struct Words {
    std::string english;
    std::string chinese;

    [[nodiscard]] const std::string& in(core::Lang lang) const noexcept
    {
        return lang == core::Lang::Chinese ? chinese : english;
    }
};

struct ResponseEvent {
    enum class Kind { Done, Undone, Rehearsed, Failed, Note } kind = Kind::Note;
    core::WallTime at = {};
    Words text;
    std::string cause; // names of alerts, or empty
};

// Called on the thread that acts; must not block.
using EventSink = std::function<void(const ResponseEvent&)>;

enum class DryRun { On, Off };

} // namespace respond
