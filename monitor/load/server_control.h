// What scenarios may do to the server: given for the embedded one only.
#pragma once

#include "monitor/core/result.h"

#include <functional>

namespace load {

// Called on a scenario's thread, waited for. `start` must fork on a thread that lives as long as the program:
// the server dies with the thread that started it. Empty functions: a server that is not ours.
struct ServerControl {
    std::function<core::Result<void>()> stop;
    std::function<core::Result<void>()> start;

    [[nodiscard]] bool ours() const noexcept { return stop && start; }
};

} // namespace load
