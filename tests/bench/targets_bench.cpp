// 200 targets every 5 s, 50 of which never answer: how late the others are asked, how evenly their answers come, and what that
// costs. The servers are another process, so the CPU is the scraper's alone.
//   targets_bench [--secs S]      S: how long it is watched, at least 12
#include "monitor/targets/scraper.h"
#include "tests/bench/bench_line.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace std::chrono_literals;

constexpr int kTargets = 200;
constexpr int kHoles = 50;
constexpr int kSeries = 300; // of a page, as a Java service has
constexpr auto kInterval = 5s;

struct Port {
    int fd = -1;
    std::uint16_t number = 0;
};

Port listening()
{
    Port port;
    port.fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (bind(port.fd, plain, size) != 0 || listen(port.fd, 512) != 0 || getsockname(port.fd, plain, &size) != 0) {
        std::exit(1);
    }
    port.number = ntohs(address.sin_port);
    return port;
}

std::string page()
{
    std::string body = "hikaricp_connections_active{pool=\"main\"} 7\nhikaricp_connections_max{pool=\"main\"} 10\n";
    for (int i = 0; i < kSeries; ++i) {
        body += fmt::format("jvm_something_{}{{area=\"heap\",id=\"G1 Old Gen\"}} {}.5\n", i, i * 1000);
    }
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {}\r\n\r\n{}",
                       body.size(), body);
}

// Answers every request on `good`, takes connections on `hole` and says nothing.
[[noreturn]] void serve(const Port& good, const Port& hole)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string answer = page();
    std::vector<pollfd> fds{{good.fd, POLLIN, 0}, {hole.fd, POLLIN, 0}};
    std::vector<char> buffer(16 * 1024);
    for (;;) {
        poll(fds.data(), fds.size(), -1);
        if ((fds[1].revents & POLLIN) != 0) {
            static_cast<void>(accept(hole.fd, nullptr, nullptr));
        }
        for (std::size_t i = 2; i < fds.size(); ++i) {
            if (fds[i].revents == 0) {
                continue;
            }
            if (read(fds[i].fd, buffer.data(), buffer.size()) <= 0 ||
                write(fds[i].fd, answer.data(), answer.size()) != static_cast<ssize_t>(answer.size())) {
                close(fds[i].fd);
                fds[i].fd = -1;
            }
        }
        std::erase_if(fds, [](const pollfd& fd) { return fd.fd < 0; });
        if ((fds[0].revents & POLLIN) != 0) {
            fds.push_back({accept(good.fd, nullptr, nullptr), POLLIN, 0});
        }
    }
}

std::vector<targets::TargetSpec> specs(const Port& good, const Port& hole)
{
    std::vector<targets::TargetSpec> list;
    for (int i = 0; i < kTargets; ++i) {
        targets::TargetSpec spec;
        const bool black = i % (kTargets / kHoles) == 0;
        spec.url = fmt::format("http://127.0.0.1:{}/metrics", black ? hole.number : good.number);
        spec.name = fmt::format("{}{:03}", black ? "hole" : "good", i);
        spec.interval = kInterval;
        spec.timeout = 4s;
        list.push_back(spec);
    }
    return list;
}

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec); };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Figures {
    std::vector<double> late; // ms
    std::vector<double> jitter; // ms between answers, off the interval
};

Figures watch(const targets::Scraper& scraper, std::chrono::duration<double> span)
{
    Figures figures;
    std::map<std::string, std::pair<std::uint64_t, core::SteadyTime>> seen;
    const auto end = std::chrono::steady_clock::now() + span;
    while (std::chrono::steady_clock::now() < end) {
        poll(nullptr, 0, 200);
        for (const targets::TargetView& view : scraper.views()) {
            auto& [number, at] = seen[view.spec->name];
            if (!view.lastGood || view.goodNumber == number) {
                continue;
            }
            figures.late.push_back(core::seconds(view.late) * 1e3);
            if (number + 1 == view.goodNumber && number > 0) {
                figures.jitter.push_back(std::abs(core::seconds(view.lastGood->steady - at - kInterval)) * 1e3);
            }
            number = view.goodNumber;
            at = view.lastGood->steady;
        }
    }
    return figures;
}

} // namespace

int main(int argc, char** argv)
{
    const double seconds = std::max(12.0, bench::parse(argc, argv).seconds);
    const Port good = listening();
    const Port hole = listening();
    const pid_t server = fork();
    if (server == 0) {
        serve(good, hole);
    }
    {
        targets::Scraper scraper({targets::loadMappings({}).mappings});
        const double before = cpuSeconds();
        scraper.setTargets(specs(good, hole));
        Figures figures = watch(scraper, std::chrono::duration<double>(seconds));
        const double cpu = (cpuSeconds() - before) / seconds;
        bench::line({{"what", "200 targets every 5 s, 50 silent"}},
                    {{"answers", static_cast<double>(figures.late.size())},
                     {"late_p99_ms", bench::percentile(figures.late, 0.99)},
                     {"jitter_p99_ms", bench::percentile(figures.jitter, 0.99)},
                     {"cpu_of_a_core", cpu}});
    }
    kill(server, SIGKILL);
    waitpid(server, nullptr, 0);
    return 0;
}
