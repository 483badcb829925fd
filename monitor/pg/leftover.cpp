#include "monitor/pg/leftover.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

namespace pg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::vector<pid_t> allProcesses()
{
    std::vector<pid_t> all;
    std::error_code error;
    for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        pid_t pid = 0;
        const auto [stop, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (wrong == std::errc() && stop == name.data() + name.size()) {
            all.push_back(pid);
        }
    }
    return all;
}

std::string firstLine(const fs::path& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

pid_t parentOf(pid_t pid)
{
    const std::string stat = firstLine(fmt::format("/proc/{}/stat", pid));
    const std::size_t nameEnd = stat.rfind(')');
    if (nameEnd == std::string::npos) {
        return 0;
    }
    std::istringstream fields(stat.substr(nameEnd + 1));
    std::string state;
    pid_t parent = 0;
    fields >> state >> parent;
    return parent;
}

bool worksIn(pid_t pid, const fs::path& folder)
{
    std::error_code error;
    const fs::path where = fs::read_symlink(fmt::format("/proc/{}/cwd", pid), error);
    return !error && where == folder && firstLine(fmt::format("/proc/{}/comm", pid)).starts_with("postgres");
}

// The one whose parent is not of the family.
std::vector<pid_t> heads(const std::vector<pid_t>& family)
{
    std::vector<pid_t> found;
    for (const pid_t pid : family) {
        if (std::find(family.begin(), family.end(), parentOf(pid)) == family.end()) {
            found.push_back(pid);
        }
    }
    return found;
}

void signalAll(const std::vector<pid_t>& pids, int signal)
{
    for (const pid_t pid : pids) {
        ::kill(pid, signal);
    }
}

bool goneWithin(const fs::path& cluster, std::chrono::milliseconds atMost)
{
    const auto deadline = std::chrono::steady_clock::now() + atMost;
    while (!serverProcesses(cluster).empty()) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

} // namespace

std::vector<pid_t> serverProcesses(const fs::path& cluster)
{
    std::error_code error;
    const fs::path real = fs::canonical(cluster, error);
    if (error) {
        return {};
    }
    std::vector<pid_t> found = allProcesses();
    std::erase_if(found, [&real](pid_t pid) { return !worksIn(pid, real); });
    return found;
}

std::vector<pid_t> childrenOf(pid_t parent)
{
    std::vector<pid_t> found = allProcesses();
    std::erase_if(found, [parent](pid_t pid) { return parentOf(pid) != parent; });
    return found;
}

pid_t stopLeftover(const fs::path& cluster)
{
    const std::vector<pid_t> family = serverProcesses(cluster);
    if (family.empty()) {
        return 0;
    }
    signalAll(family, SIGCONT); // it may have been frozen
    signalAll(heads(family), SIGINT);
    if (goneWithin(cluster, 3s)) {
        return 0;
    }
    signalAll(heads(serverProcesses(cluster)), SIGQUIT);
    if (goneWithin(cluster, 2s)) {
        return 0;
    }
    signalAll(serverProcesses(cluster), SIGKILL);
    return goneWithin(cluster, 2s) ? 0 : serverProcesses(cluster).front();
}

void removeStalePidFile(const fs::path& cluster)
{
    const fs::path file = cluster / "postmaster.pid";
    const std::string line = firstLine(file);
    pid_t pid = 0;
    const auto [end, wrong] = std::from_chars(line.data(), line.data() + line.size(), pid);
    if (wrong == std::errc() && pid > 0 && ::kill(pid, 0) == 0 && serverProcesses(cluster).empty()) {
        std::error_code error;
        fs::remove(file, error);
    }
}

} // namespace pg
