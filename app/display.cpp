#include "app/display.h"

#include <QGuiApplication>

#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace app {

namespace {

bool anyDisplayNamed()
{
    const auto named = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value != '\0';
    };
    return named("DISPLAY") || named("WAYLAND_DISPLAY") || named("QT_QPA_PLATFORM");
}

[[noreturn]] void tryInChild(int argc, char** argv)
{
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (const int null = open("/dev/null", O_WRONLY | O_CLOEXEC); null >= 0) {
        dup2(null, STDERR_FILENO);
    }
    alarm(10); // a display that never answers is none
    const QGuiApplication application(argc, argv);
    _exit(QGuiApplication::primaryScreen() ? 0 : 1);
}

} // namespace

bool displayUsable(int argc, char** argv)
{
    if (!anyDisplayNamed()) {
        return false;
    }
    const pid_t child = fork();
    if (child == 0) {
        tryInChild(argc, argv);
    }
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace app
