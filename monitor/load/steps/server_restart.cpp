#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"

#include <algorithm>

namespace load::steps {

namespace {

using namespace std::chrono_literals;

constexpr int kStartTries = 3;

// Whatever happened, at the end the server runs again.
core::Result<void> startAgain(Context& context) {
    core::Result<void> started;
    for (int i = 0; i < kStartTries; ++i) {
        started = context.server().start();
        if (started) {
            return started;
        }
        sleepFor({}, 200ms);
    }
    return context.fail({"the server could not be started again", "无法重新启动服务器"},
                        started.error().message);
}

} // namespace

core::Result<void> runServerRestart(Context& context) {
    Workers workers(context.curfew());
    addClients(workers, context,
               {.count = context.whole("clients"),
                .tag = "scenario/server_restart",
                .sql = "SELECT pg_sleep(0.02)",
                .pause = 200ms});
    // Moments are fixed before they are told: who sees a phase may count on its end.
    const core::SteadyTime stopAt =
        context.clock().steadyNow() + std::min<core::Nanos>(2s, context.seconds("duration") / 4);
    context.setPhase({"before the stop", "停止服务器之前"});
    if (!context.pauseUntil(stopAt)) {
        return {};
    }
    context.setPhase({"the server is being stopped", "正在停止服务器"});
    if (auto stopped = context.server().stop(); !stopped) {
        (void)startAgain(context);
        return context.fail({"the server could not be stopped", "无法停止服务器"}, stopped.error().message);
    }
    const core::SteadyTime startAt = context.clock().steadyNow() + context.seconds("down");
    context.setPhase({"the server is stopped", "服务器已停止"});
    context.pauseUntil(startAt);
    context.setPhase({"the server is being started", "正在启动服务器"});
    if (auto started = startAgain(context); !started) {
        return started;
    }
    context.setPhase({"the server is back; the pool recovers by itself", "服务器已恢复，连接池自行恢复"});
    context.waitToEnd();
    return {};
}

} // namespace load::steps
