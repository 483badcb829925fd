#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/headroom.h"
#include "monitor/load/steps/steps.h"

namespace load::steps {

namespace {

using namespace std::chrono_literals;

// Takes a place and keeps it; a statement every second shows that it is used, not leaked.
void keepPlace(Context& context, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pool::Lease lease = context.take(stop, "scenario/exhaustion: holder");
        while (lease.valid() && context.run(stop, lease, kPing) && sleepFor(stop, 1s)) {
        }
        sleepFor(stop, 100ms); // refused or its server gone: not in a hurry
    }
}

} // namespace

core::Result<void> runExhaustion(Context& context) {
    if (auto room = requireHeadroom(context); !room) {
        return room;
    }
    const int places = context.pool().counts().maxConnections;
    const core::Nanos timeout = context.seconds("timeout");
    Workers workers(context.curfew());
    context.setPhase({"taking every place", "正在占用所有连接"});
    workers.add(places, [&context](std::stop_token stop, int) { keepPlace(context, stop); });
    // Callers come when there is nothing left for them.
    while (context.pool().counts().leased < places && context.pause(20ms)) {
    }
    context.setPhase(
        {"every place is taken; callers queue and time out", "连接已全部占用，调用者排队并超时"});
    const int callers = context.whole("callers");
    workers.add(callers, [&context, timeout, callers](std::stop_token stop, int index) {
        sleepFor(stop, timeout * (index % callers) / callers); // somebody waits at every moment
        while (!stop.stop_requested()) {
            pool::Lease lease = context.take(stop, "scenario/exhaustion: caller", timeout);
            if (lease.valid()) {
                context.run(stop, lease, kPing);
            }
            sleepFor(stop, 100ms);
        }
    });
    context.waitToEnd();
    return {};
}

} // namespace load::steps
