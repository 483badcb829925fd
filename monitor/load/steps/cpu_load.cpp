#include "monitor/load/steps/steps.h"
#include "monitor/load/workers.h"

#include <algorithm>
#include <cmath>
#include <thread>

namespace load::steps {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanos kCycle = 50ms; // busy for a share of it, asleep for the rest

void burn(const std::stop_token& stop, double share) {
    const auto busy = std::chrono::duration_cast<core::Nanos>(kCycle * share);
    auto cycle = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        while (std::chrono::steady_clock::now() < cycle + busy && !stop.stop_requested()) {
        }
        cycle += kCycle;
        const auto now = std::chrono::steady_clock::now();
        if (cycle > now) {
            sleepFor(stop, cycle - now);
        } else {
            cycle = now; // the machine is busier than we are: nothing is made up for
        }
    }
}

} // namespace

core::Result<void> runCpuLoad(Context& context) {
    context.setPhase({"cores busy", "处理器繁忙"});
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const double wanted = std::round(cores * context.number("cores") / 100);
    const int threads = std::clamp(static_cast<int>(wanted), 1, static_cast<int>(cores));
    const double share = context.number("load") / 100;
    Workers workers(context.curfew());
    workers.add(threads, [share](std::stop_token stop, int) { burn(stop, share); });
    context.waitToEnd();
    return {};
}

} // namespace load::steps
