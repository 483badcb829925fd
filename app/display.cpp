#include "app/display.h"

#include <QGuiApplication>

#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace app {

namespace {

constexpr unsigned answerWithinSecs = 20; // a display that never answers is none

bool anyDisplayNamed()
{
    const auto named = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value != '\0';
    };
    return named("DISPLAY") || named("WAYLAND_DISPLAY") || named("QT_QPA_PLATFORM");
}

[[noreturn]] void tryInChild(int argc, char** argv, int parent)
{
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (const int null = open("/dev/null", O_WRONLY | O_CLOEXEC); null >= 0) {
        dup2(null, STDERR_FILENO);
    }
    alarm(answerWithinSecs);
    const QGuiApplication application(argc, argv);
    const char usable = QGuiApplication::primaryScreen() ? 'y' : 'n';
    if (write(parent, &usable, 1) == 1) {
        char end = 0;
        (void)!read(parent, &end, 1); // until the parent has its own connection, or is gone
    }
    _exit(0);
}

} // namespace

DisplayProbe::DisplayProbe(int argc, char** argv)
{
    int ends[2];
    if (!anyDisplayNamed() || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return;
    }
    m_child = fork();
    if (m_child == 0) {
        close(ends[0]);
        tryInChild(argc, argv, ends[1]);
    }
    close(ends[1]);
    m_hold = ends[0];
    char answer = 'n';
    m_usable =
        m_child > 0 && read(m_hold, &answer, 1) == 1 && answer == 'y'; // a child that aborts closes its end
}

DisplayProbe::~DisplayProbe()
{
    if (m_hold >= 0) {
        close(m_hold);
    }
    if (m_child > 0) {
        waitpid(m_child, nullptr, 0);
    }
}

} // namespace app
