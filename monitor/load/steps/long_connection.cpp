#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"

#include <algorithm>

namespace load::steps {

namespace {

using namespace std::chrono_literals;

// Holds one connection that long, with a statement now and then: long use, not a leak.
void holdOnce(Context& context, const std::stop_token& stop, core::Nanos hold) {
    pool::Lease lease = context.take(stop, "scenario/long_connection");
    if (!lease.valid()) {
        sleepFor(stop, 100ms);
        return;
    }
    const core::SteadyTime until = std::chrono::steady_clock::now() + hold;
    for (;;) {
        const core::Nanos left = until - std::chrono::steady_clock::now();
        if (left <= 0ns || !context.run(stop, lease, kPing) ||
            !sleepFor(stop, std::min<core::Nanos>(left, 1s))) {
            return;
        }
    }
}

} // namespace

core::Result<void> runLongConnection(Context& context) {
    context.setPhase({"holding connections", "正在长时间占用连接"});
    const core::Nanos hold = context.seconds("hold");
    Workers workers(context.curfew());
    workers.add(context.whole("clients"), [&context, hold](std::stop_token stop, int) {
        while (!stop.stop_requested()) {
            holdOnce(context, stop, hold);
        }
    });
    context.waitToEnd();
    return {};
}

} // namespace load::steps
