// Small values that cross from the engine to its owner.
#pragma once

#include <cstdint>
#include <string>

namespace engine {

// How something that was asked for ended: a toast in the window, a line in the log.
struct Notice {
    bool failed = false;
    std::string text; // one line in the chosen language
    bool logged = false; // stands in the log already
    // What can be done about it with one word.
    enum class Offer { Nothing, UndoRule, UndoTarget } offer = Offer::Nothing;
};

// What the engine is told about the log it writes to.
struct LogFigures {
    std::uint64_t errors = 0; // lines of level error and above
    std::uint64_t dropped = 0;
};

} // namespace engine
