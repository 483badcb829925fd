#include "app/signals.h"

#include <csignal>
#include <cstdint>

#include <fcntl.h>
#include <unistd.h>

namespace app {

namespace {

int g_pipe[2] = {-1, -1}; // written by the handler: only async-signal-safe calls there

void onSignal(int number)
{
    const auto byte = static_cast<std::uint8_t>(number);
    [[maybe_unused]] const ssize_t written = write(g_pipe[1], &byte, 1);
}

void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(number, &action, nullptr);
}

} // namespace

UnixSignals::UnixSignals(QObject* parent) : QObject(parent)
{
    if (pipe2(g_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        return;
    }
    m_notifier = std::make_unique<QSocketNotifier>(g_pipe[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &UnixSignals::read);
    // The handler goes after the first one: whoever presses Ctrl-C twice means it.
    handle(SIGINT, onSignal, static_cast<int>(SA_RESETHAND) | SA_RESTART);
    handle(SIGTERM, onSignal, static_cast<int>(SA_RESETHAND) | SA_RESTART);
    handle(SIGHUP, onSignal, SA_RESTART);
    handle(SIGPIPE, SIG_IGN, 0);
}

UnixSignals::~UnixSignals()
{
    handle(SIGINT, SIG_DFL, 0);
    handle(SIGTERM, SIG_DFL, 0);
    handle(SIGHUP, SIG_DFL, 0);
    m_notifier.reset();
    for (int& end : g_pipe) {
        close(end);
        end = -1;
    }
}

void UnixSignals::read()
{
    std::uint8_t byte = 0;
    while (::read(g_pipe[0], &byte, 1) == 1) {
        if (byte == SIGHUP) {
            Q_EMIT reloadRequested();
        } else {
            Q_EMIT terminateRequested();
        }
    }
}

} // namespace app
