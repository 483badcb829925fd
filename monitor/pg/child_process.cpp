#include "monitor/pg/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace pg {
namespace {

constexpr int kReportFd = 3;
constexpr int kHighFd = 10;
constexpr int kMostFdsToClose = 65536; // when the kernel has no close_range(2), which came with 5.9

enum class Step : int { Output, Session, Groups, Gid, Uid, Folder, DeathSignal, Exec };

constexpr std::array<const char*, 8> kStepNames = {"redirect the output", "open a session",    "give up groups",
                                                   "change the group",    "change the user",   "enter the work folder",
                                                   "tie it to this one",  "execute the program"};

struct Report {
    int step = 0;
    int error = 0;
};

// All a child needs, as plain pointers: made before fork, because nothing may be allocated after it.
struct ExecPlan {
    const char* program = nullptr;
    char* const* arguments = nullptr;
    char* const* environment = nullptr;
    const char* workFolder = nullptr;
    const RunAs* runAs = nullptr;
    int output = -1;
    int report = -1;
    pid_t parent = 0;
};

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        all.push_back(text.data());
    }
    all.push_back(nullptr);
    return all;
}

// From here to execve: only async-signal-safe calls (signal-safety(7)) and raw system calls, because another thread
// may have held any lock at the moment of the fork.

[[noreturn]] void giveUp(int report, Step step) noexcept
{
    const Report said{static_cast<int>(step), errno};
    [[maybe_unused]] const ssize_t written = ::write(report, &said, sizeof said);
    ::_exit(127);
}

void closeFrom(int first) noexcept
{
    if (::syscall(SYS_close_range, first, ~0U, 0) != 0) {
        for (int fd = first; fd < kMostFdsToClose; ++fd) {
            ::close(fd);
        }
    }
}

void resetSignals() noexcept
{
    struct sigaction plain = {};
    plain.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) {
        ::sigaction(number, &plain, nullptr); // fails for SIGKILL, SIGSTOP and libc's own: well so
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void arrangeFiles(const ExecPlan& plan) noexcept
{
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    // Out of the way of 0, 1, 2, which may be closed in this program and then be anything's number.
    const int output = ::fcntl(plan.output >= 0 ? plan.output : nothing, F_DUPFD_CLOEXEC, kHighFd);
    if (nothing < 0 || output < 0 || ::dup2(nothing, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) {
        giveUp(plan.report, Step::Output);
    }
}

// libc's setuid() family wants to tell all threads, whose locks may be held; the raw calls only act on this one.
void dropTo(const RunAs& account, int report) noexcept
{
    if (::syscall(SYS_setgroups, 0, nullptr) != 0) {
        giveUp(report, Step::Groups);
    }
    if (::syscall(SYS_setresgid, account.gid, account.gid, account.gid) != 0) {
        giveUp(report, Step::Gid);
    }
    if (::syscall(SYS_setresuid, account.uid, account.uid, account.uid) != 0) {
        giveUp(report, Step::Uid);
    }
}

[[noreturn]] void becomeProgram(const ExecPlan& plan) noexcept
{
    arrangeFiles(plan);
    if (plan.report != kReportFd && ::dup3(plan.report, kReportFd, O_CLOEXEC) < 0) {
        giveUp(plan.report, Step::Output);
    }
    closeFrom(kReportFd + 1);
    if (::setsid() < 0) {
        giveUp(kReportFd, Step::Session);
    }
    if (plan.runAs != nullptr) {
        dropTo(*plan.runAs, kReportFd);
    }
    if (::chdir(plan.workFolder) != 0) {
        giveUp(kReportFd, Step::Folder);
    }
    // After the change of user, which clears it (prctl(2)); then look whether the parent is still there.
    if (::prctl(PR_SET_PDEATHSIG, SIGINT) != 0) {
        giveUp(kReportFd, Step::DeathSignal);
    }
    if (::getppid() != plan.parent) {
        ::_exit(127);
    }
    ::umask(077);
    resetSignals();
    ::execve(plan.program, plan.arguments, plan.environment);
    giveUp(kReportFd, Step::Exec);
}

// Signals wait until the child has its default handlers: none of ours may run in it.
pid_t forkInto(const ExecPlan& plan)
{
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t child = ::fork();
    if (child == 0) {
        becomeProgram(plan);
    }
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return child;
}

// Reads until exec closes the other end: nothing read means the program runs.
std::optional<Report> readReport(int fd)
{
    Report report;
    ssize_t got = 0;
    do {
        got = ::read(fd, &report, sizeof report);
    } while (got < 0 && errno == EINTR);
    return got == static_cast<ssize_t>(sizeof report) ? std::optional(report) : std::nullopt;
}

core::Unexpected<core::Error> failed(const ChildSpec& spec, const char* step, int error)
{
    return core::fail(fmt::format("{}: could not {}: {}", spec.program.string(), step, std::strerror(error)),
                      errnoName(error));
}

} // namespace

core::Result<pid_t> spawnChild(const ChildSpec& spec)
{
    std::vector<std::string> argumentTexts{spec.program.string()};
    argumentTexts.insert(argumentTexts.end(), spec.arguments.begin(), spec.arguments.end());
    std::vector<std::string> environmentTexts = spec.environment;
    const std::vector<char*> arguments = pointers(argumentTexts);
    const std::vector<char*> environment = pointers(environmentTexts);
    std::array<int, 2> pipeEnds{};
    if (::pipe2(pipeEnds.data(), O_CLOEXEC) != 0) {
        return failed(spec, "open a pipe", errno);
    }
    const int report = ::fcntl(pipeEnds[1], F_DUPFD_CLOEXEC, kHighFd);
    ::close(pipeEnds[1]);
    const ExecPlan plan{spec.program.c_str(),
                        arguments.data(),
                        environment.data(),
                        spec.workFolder.c_str(),
                        spec.runAs ? &*spec.runAs : nullptr,
                        spec.output,
                        report,
                        ::getpid()};
    const pid_t child = forkInto(plan);
    const int forkError = errno;
    ::close(plan.report);
    if (child < 0) {
        ::close(pipeEnds[0]);
        return failed(spec, "start a process", forkError);
    }
    const std::optional<Report> trouble = readReport(pipeEnds[0]);
    ::close(pipeEnds[0]);
    if (trouble) {
        ::waitpid(child, nullptr, 0);
        return failed(spec, kStepNames.at(static_cast<std::size_t>(trouble->step)), trouble->error);
    }
    return child;
}

std::optional<int> waitChild(pid_t child, std::chrono::milliseconds atMost)
{
    const auto deadline = std::chrono::steady_clock::now() + atMost;
    for (;;) {
        int status = 0;
        const pid_t got = ::waitpid(child, &status, WNOHANG);
        if (got == child) {
            return status;
        }
        if (got < 0 && errno == ECHILD) {
            return -1;
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return std::nullopt;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

std::string errnoName(int number)
{
    const char* name = ::strerrorname_np(number);
    return name != nullptr ? name : std::to_string(number);
}

} // namespace pg
