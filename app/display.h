// Is there a display to open a window on?
#pragma once

#include <sys/types.h>

namespace app {

// Tries the display in a child process, because Qt ends the process when there is none (measured: abort, exit
// 134). The child stays connected for as long as this lives: an X server without -noreset starts anew, and
// throws out whoever comes just then, when its last client leaves (Xserver(1)). So keep it until the
// application has its own connection. Make it before any thread is started. Some 30 ms.
class DisplayProbe {
public:
    DisplayProbe(int argc, char** argv);
    ~DisplayProbe();
    DisplayProbe(const DisplayProbe&) = delete;
    DisplayProbe& operator=(const DisplayProbe&) = delete;

    [[nodiscard]] bool usable() const { return m_usable; }

private:
    pid_t m_child = -1;
    int m_hold = -1; // the child leaves when this end is closed
    bool m_usable = false;
};

} // namespace app
