// How far a command is, on the terminal; and Ctrl-C as a request to stop.
#pragma once

#include <stop_token>
#include <string>

namespace app {

// One at a time. Prints on stderr, and only if that is a terminal. The first SIGINT or SIGTERM asks the work
// to stop at the next progress(), a second one ends the program.
class ProgressLine {
public:
    explicit ProgressLine(std::string what);
    ~ProgressLine(); // wipes the line
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void progress(double share);
    [[nodiscard]] std::stop_token stop() const noexcept { return m_stop.get_token(); }

private:
    const std::string m_what;
    std::stop_source m_stop;
    int m_percent = -1;
    bool m_terminal = false;
};

} // namespace app
