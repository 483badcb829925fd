#include "monitor/notify/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

extern char** environ;

namespace notify {

namespace {

constexpr std::size_t kMostOutput = 4096;
constexpr int kLook = 50; // ms between two looks at the program and the stop token

class Fd {
public:
    explicit Fd(int fd = -1) noexcept
        : m_fd(fd)
    {
    }
    ~Fd() { reset(); }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    void reset(int fd = -1) noexcept
    {
        if (m_fd >= 0) {
            close(m_fd);
        }
        m_fd = fd;
    }
    [[nodiscard]] int get() const noexcept { return m_fd; }

private:
    int m_fd;
};

struct Pipe {
    Fd read;
    Fd write;
    [[nodiscard]] bool open()
    {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            return false;
        }
        read.reset(ends[0]);
        write.reset(ends[1]);
        return true;
    }
};

// Writing to a program that does not read must not end this one.
class NoPipeSignal {
public:
    NoPipeSignal()
    {
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, &m_before);
    }
    ~NoPipeSignal()
    {
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        const timespec none{};
        while (sigtimedwait(&pipe, nullptr, &none) == SIGPIPE) {
        }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    NoPipeSignal(const NoPipeSignal&) = delete;
    NoPipeSignal& operator=(const NoPipeSignal&) = delete;

private:
    sigset_t m_before{};
};

// 0 and the child's id, or errno.
int spawn(const std::vector<std::string>& argv, const Pipe& in, const Pipe& err, pid_t& child)
{
    std::vector<char*> words;
    std::ranges::transform(argv, std::back_inserter(words),
                           [](const std::string& word) { return const_cast<char*>(word.c_str()); });
    words.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in.read.get(), STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, err.write.get(), STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    const int error = posix_spawnp(&child, words.front(), &files, &attributes, words.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

// Feeds and listens for at most kLook; closes what is at its end.
void pump(Pipe& in, Pipe& err, std::string_view& input, std::string& output)
{
    std::array<pollfd, 2> ends{pollfd{in.write.get(), POLLOUT, 0}, pollfd{err.read.get(), POLLIN, 0}};
    poll(ends.data(), ends.size(), kLook);
    if ((ends[0].revents & (POLLOUT | POLLERR)) != 0) {
        const ssize_t written = write(in.write.get(), input.data(), input.size());
        input.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
        if (input.empty() || (written < 0 && errno != EAGAIN && errno != EINTR)) {
            in.write.reset();
        }
    }
    if ((ends[1].revents & (POLLIN | POLLHUP)) != 0) {
        std::array<char, 4096> buffer{};
        const ssize_t got = read(err.read.get(), buffer.data(), buffer.size());
        if (got > 0) {
            output.append(buffer.data(),
                          std::min(static_cast<std::size_t>(got), kMostOutput - output.size()));
        } else if (got == 0) {
            err.read.reset();
        }
    }
}

} // namespace

ProgramEnd runProgram(const std::vector<std::string>& argv, std::string_view input, core::Nanos timeout,
                      const std::stop_token& stop)
{
    const NoPipeSignal quiet;
    Pipe in;
    Pipe err;
    pid_t child = -1;
    if (argv.empty() || !in.open() || !err.open()) {
        return {ProgramEnd::How::NotStarted, argv.empty() ? ENOENT : errno, {}};
    }
    if (const int error = spawn(argv, in, err, child); error != 0) {
        return {ProgramEnd::How::NotStarted, error, {}};
    }
    in.read.reset();
    err.write.reset();
    fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
    fcntl(err.read.get(), F_SETFL, O_NONBLOCK);
    ProgramEnd end;
    const auto until = std::chrono::steady_clock::now() + timeout;
    siginfo_t over{};
    while (over.si_pid == 0) {
        pump(in, err, input, end.output);
        if (std::chrono::steady_clock::now() >= until || stop.stop_requested()) {
            end.how = ProgramEnd::How::TimedOut;
            break;
        }
        waitid(P_PID, static_cast<id_t>(child), &over,
               WEXITED | WNOHANG | WNOWAIT); // keeps the group's name alive
    }
    kill(-child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (end.how != ProgramEnd::How::TimedOut) {
        pump(in, err, input, end.output); // last words
        end.how = WIFEXITED(status) ? ProgramEnd::How::Exited : ProgramEnd::How::Killed;
        end.code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    }
    return end;
}

} // namespace notify
