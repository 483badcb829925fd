#include "app/commands/progress_line.h"

#include <csignal>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace app {

namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void onInterrupt(int number)
{
    interrupted = 1;
    std::signal(number, SIG_DFL);
}

} // namespace

ProgressLine::ProgressLine(std::string what)
    : m_what(std::move(what))
    , m_terminal(isatty(STDERR_FILENO) == 1)
{
    interrupted = 0;
    std::signal(SIGINT, onInterrupt);
    std::signal(SIGTERM, onInterrupt);
}

ProgressLine::~ProgressLine()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    if (m_terminal && m_percent >= 0) {
        std::fputs("\r\033[K", stderr);
    }
}

void ProgressLine::progress(double share)
{
    if (interrupted != 0) {
        m_stop.request_stop();
    }
    const int percent = static_cast<int>(share * 100);
    if (m_terminal && percent != m_percent) {
        std::fprintf(stderr, "\r%s: %d %%\033[K", m_what.c_str(), percent);
        std::fflush(stderr);
    }
    m_percent = percent;
}

} // namespace app
