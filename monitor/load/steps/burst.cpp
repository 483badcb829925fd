#include "monitor/load/crew.h"
#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"

#include <fmt/format.h>
#include <string>

namespace load::steps {

namespace {

constexpr int kMostUnderWay = 1000; // callers at once; those beyond are turned away and counted as failures

} // namespace

// An open loop: callers arrive at their rate however long the ones before them wait. (A closed loop slows
// down with the system it loads and hides the queue.)
core::Result<void> runBurst(Context& context)
{
    context.setPhase({"callers arriving", "请求持续到达"});
    // Half to one and a half of the time, as work is never all alike: with equal times the whole pool would
    // end in step, and be seen half empty at that moment.
    const std::string sql =
        fmt::format("SELECT pg_sleep({:.3f} * (0.5 + random()))", context.number("work") / 1000);
    const core::Nanos deadline = 2 * context.millis("work") + std::chrono::seconds(5);
    const auto gap =
        std::chrono::duration_cast<core::Nanos>(std::chrono::duration<double>(1 / context.number("rate")));
    Crew crew(kMostUnderWay, context.curfew());
    core::SteadyTime due = context.clock().steadyNow();
    while (context.goesOn()) {
        const bool taken = crew.post([&context, &sql, deadline](std::stop_token stop) {
            context.request(stop, "scenario/burst", {sql, deadline});
        });
        if (!taken) {
            context.countRequest();
            context.countFailure();
        }
        due += gap; // by absolute moments: a late arrival does not delay the next ones
        if (const core::Nanos left = due - context.clock().steadyNow(); left > core::Nanos(0)) {
            context.pause(left);
        }
    }
    return {};
}

} // namespace load::steps
