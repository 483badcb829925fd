// A process that writes a history until somebody kills it: says every tick it has handed over, and how the
// store is.
//   history_victim FILE TICK_MS COMMIT_MS [uid]
#include "monitor/store/history.h"
#include "tests/store/ticks.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <poll.h>
#include <unistd.h>

namespace {

void say(const std::string& line)
{
    static_cast<void>(
        !write(STDOUT_FILENO, line.data(), line.size())); // one call: whole lines survive kill -9
}

std::int64_t wallMillis()
{
    return core::epochMillis(core::SystemClock::instance().wallNow());
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 4 || (argc > 4 && setuid(static_cast<uid_t>(std::atoi(argv[4]))) != 0)) {
        return 2;
    }
    const QCoreApplication application(argc, argv);
    store::StoreOptions options;
    options.file = argv[1];
    options.commitEvery = std::chrono::milliseconds(std::atoi(argv[3]));
    options.retryEvery = std::chrono::milliseconds(50);
    options.onState = [](const store::StoreStatus& status) {
        say("state " + std::to_string(static_cast<int>(status.state)) + ' ' + status.problem + '\n');
    };
    store::History history(options);
    std::vector<series::LabelsPtr> labels;
    for (int i = 0; i < 50; ++i) {
        labels.push_back(support::labelsOf("victim_total", {{"i", std::to_string(i)}}));
    }
    std::int64_t last = 0;
    for (;;) {
        const std::int64_t at = std::max(wallMillis(), last + 1);
        support::Values values;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            values.emplace_back(labels[i], static_cast<double>(at) + static_cast<double>(i));
        }
        history.append(support::tickAt(at, values));
        say("tick " + std::to_string(at) + '\n');
        last = at;
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (poll(&input, 1, std::atoi(argv[2])) > 0) {
            return 0; // asked to end
        }
    }
}
