#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"

namespace load::steps {

namespace {

// Gives the connection back with its transaction open.
void leaveOpen(Context& context, const std::stop_token& stop) {
    pool::Lease lease = context.take(stop, "scenario/dirty_returns: open");
    if (lease.valid()) {
        context.run(stop, lease, {"BEGIN"}) &&
            context.run(stop, lease, {"INSERT INTO poolscope_demo.events (note) VALUES ('never committed')"});
    }
}

// Gives it back with its transaction failed. The failing statement is what is wanted, so it counts as no
// failure.
void leaveFailed(Context& context, const std::stop_token& stop) {
    pool::Lease lease = context.take(stop, "scenario/dirty_returns: failed");
    if (lease.valid() && context.run(stop, lease, {"BEGIN"})) {
        (void)lease.execute("SELECT 1 / 0", {}, std::chrono::seconds(5));
    }
}

} // namespace

core::Result<void> runDirtyReturns(Context& context) {
    auto schema = context.schema().use(context.stop());
    if (!schema) {
        return context.fail({"the demo schema cannot be made", "无法创建演示模式"}, schema.error().message);
    }
    context.setPhase({"returning open and failed transactions", "正在归还未结束和失败的事务"});
    const core::Nanos pause = context.millis("pause");
    Workers workers(context.curfew());
    workers.add(context.whole("clients"), [&context, pause](std::stop_token stop, int index) {
        for (int round = index; !stop.stop_requested(); ++round) {
            round % 2 == 0 ? leaveOpen(context, stop) : leaveFailed(context, stop);
            sleepFor(stop, pause);
        }
    });
    context.waitToEnd();
    return {};
}

} // namespace load::steps
