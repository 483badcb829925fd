// outbox_victim FOLDER URL FIRST LAST WAIT_MS: tells a webhook of alerts FIRST … LAST, each alone, one every
// few milliseconds, and then waits to be killed. Started again it tells the rules' events again, as the rules
// would.
#include "tests/notify/events.h"

#include "monitor/notify/service.h"

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

using namespace std::chrono_literals;

int main(int argc, char** argv)
{
    if (argc != 6) {
        return 2;
    }
    metrics::ChannelSetup setup;
    setup.name = "ops";
    setup.kind = "webhook";
    setup.groupBy = {"..."};
    setup.groupWait = std::chrono::milliseconds(std::atoi(argv[5]));
    setup.perMinute = 600;
    setup.settings["url"] = {argv[2]};
    notify::ServiceOptions options;
    options.folder = argv[1];
    options.channels = {setup};
    notify::Service service(std::move(options));
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    const core::WallTime began(std::chrono::hours(500000));
    for (int i = std::atoi(argv[3]); i <= std::atoi(argv[4]); ++i) {
        service.push(support::event("A" + std::to_string(i), metrics::AlertTold::Fired, began));
        never.wait_for(lock, 5ms);
    }
    std::puts("told");
    std::fflush(stdout);
    never.wait_for(lock, 120s, [] { return false; });
    return 0;
}
