// The pool's events in words, and how much each kind matters.
#pragma once

#include "models/roles.h"

#include <QString>

#include <span>
#include <string_view>

namespace models {

struct EventWord {
    std::string_view kind; // as in PoolEventRow
    const char* title;     // QT_TRANSLATE_NOOP("models", …)
    Level level = Level::None;
};

// Every kind of event the pool tells of, in the order of a connection's and a request's life.
[[nodiscard]] std::span<const EventWord> eventWords();
// nullptr for a kind that is not known.
[[nodiscard]] const EventWord* eventWord(std::string_view kind);
[[nodiscard]] QString eventText(std::string_view kind); // translated; the kind itself when it is not known

} // namespace models
