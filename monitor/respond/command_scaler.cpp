#include "monitor/respond/command_scaler.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace respond {

namespace {

constexpr std::size_t kMostOutput = 64 * 1024;
constexpr int kLookEvery = 100; // ms

void replaceAll(std::string& text, std::string_view what, const std::string& with)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

// A child in its own process group; killed and reaped at the latest when this ends.
class Child {
public:
    Child() = default;
    ~Child()
    {
        if (m_output >= 0) {
            close(m_output);
        }
        if (m_pid > 0) {
            kill(-m_pid, SIGKILL);
            (void)waitpid(m_pid, nullptr, 0);
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] int start(const std::vector<std::string>& arguments)
    {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            return errno;
        }
        m_output = ends[0];
        posix_spawn_file_actions_t files{};
        posix_spawnattr_t how{};
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&how);
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&files, ends[1], STDERR_FILENO);
        sigset_t none{};
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&how, &none);
        posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
        std::vector<char*> words;
        for (const std::string& argument : arguments) {
            words.push_back(const_cast<char*>(argument.c_str()));
        }
        words.push_back(nullptr);
        const int error = posix_spawn(&m_pid, words[0], &files, &how, words.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&how);
        close(ends[1]);
        if (error != 0) {
            m_pid = -1;
        }
        return error;
    }
    // False at the end of its output.
    [[nodiscard]] bool read(std::string& output) const
    {
        pollfd ready{m_output, POLLIN, 0};
        if (poll(&ready, 1, kLookEvery) <= 0) {
            return true;
        }
        std::array<char, 4096> buffer{};
        const ssize_t got = ::read(m_output, buffer.data(), buffer.size());
        if (got > 0 && output.size() < kMostOutput) {
            output.append(buffer.data(),
                          std::min(static_cast<std::size_t>(got), kMostOutput - output.size()));
        }
        return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
    }
    // The wait status once it has ended.
    [[nodiscard]] std::optional<int> ended()
    {
        int status = 0;
        if (waitpid(m_pid, &status, WNOHANG) != m_pid) {
            return std::nullopt;
        }
        kill(-m_pid, SIGKILL); // whatever it left behind in its group
        m_pid = -1;
        return status;
    }
    void pause() const { (void)poll(nullptr, 0, kLookEvery / 10); }

private:
    pid_t m_pid = -1;
    int m_output = -1;
};

} // namespace

core::Result<CommandOutcome> runCommand(const std::vector<std::string>& arguments, core::Nanos timeout,
                                        const std::stop_token& stop)
{
    const core::SteadyTime deadline = std::chrono::steady_clock::now() + timeout;
    Child child;
    if (const int error = child.start(arguments); error != 0) {
        return core::fail(
            fmt::format("{} cannot be run: {}", arguments.front(), std::system_category().message(error)));
    }
    CommandOutcome outcome;
    for (bool talking = true;;) {
        if (talking) {
            talking = child.read(outcome.output);
        } else {
            child.pause();
        }
        if (const auto status = child.ended()) {
            while (talking && child.read(outcome.output) && std::chrono::steady_clock::now() < deadline) {
            }
            if (!WIFEXITED(*status)) {
                return core::fail(fmt::format("it was ended by signal {}", WTERMSIG(*status)));
            }
            outcome.code = WEXITSTATUS(*status);
            return outcome;
        }
        if (stop.stop_requested()) {
            return core::fail("stopped", "stopped");
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return core::fail(
                fmt::format("it took longer than {:g} s and was killed", core::seconds(timeout)), "timeout");
        }
    }
}

std::string CommandScaler::title() const
{
    return "command " + std::filesystem::path(m_target.arguments.front()).filename().string();
}

core::Result<Replicas> CommandScaler::read(const std::stop_token&)
{
    return Replicas{m_replicas, m_replicas};
}

std::vector<std::string> CommandScaler::argumentsFor(const ScaleRequest& request, int from, int to) const
{
    std::vector<std::string> arguments = m_target.arguments;
    for (auto argument = arguments.begin() + 1; argument != arguments.end(); ++argument) {
        replaceAll(*argument, "{replicas}", std::to_string(to));
        replaceAll(*argument, "{from}", std::to_string(from));
        replaceAll(*argument, "{reason}", core::oneLine(request.reason, 200));
    }
    return arguments;
}

core::Result<ScaleResult> CommandScaler::scale(const ScaleRequest& request, const std::stop_token& stop)
{
    const int from = m_replicas < 0 ? request.minimum : m_replicas;
    const int to = replicasFor(from, request);
    if (to == from) {
        return ScaleResult{from, to, 1};
    }
    const auto outcome = runCommand(argumentsFor(request, from, to), m_target.timeout, stop);
    if (!outcome) {
        return core::Unexpected<core::Error>{outcome.error()};
    }
    if (outcome->code != 0) {
        return core::fail(
            fmt::format("exit code {}: {}", outcome->code, core::oneLine(outcome->output, 200)));
    }
    int told = 0;
    const char* const begin = outcome->output.data();
    const char* const end = begin + std::min(outcome->output.find('\n'), outcome->output.size());
    const auto [rest, error] = std::from_chars(begin, end, told);
    m_replicas = error == std::errc() && rest == end && told >= 0 ? told : to;
    return ScaleResult{from, m_replicas, 1};
}

core::Result<std::vector<std::string>> CommandScaler::rehearse(const ScaleRequest& request,
                                                               const std::stop_token&)
{
    const int from = m_replicas < 0 ? request.minimum : m_replicas;
    std::string line = "run";
    for (const std::string& argument : argumentsFor(request, from, replicasFor(from, request))) {
        line += ' ' + core::oneLine(argument, 200);
    }
    return std::vector<std::string>{line};
}

} // namespace respond
