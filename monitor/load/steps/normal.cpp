#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"

namespace load::steps {

core::Result<void> runNormal(Context& context) {
    auto schema = context.schema().use(context.stop());
    if (!schema) {
        return context.fail({"the demo schema cannot be made", "无法创建演示模式"}, schema.error().message);
    }
    context.setPhase({"clients at work", "客户端正在查询"});
    const auto pause =
        std::chrono::duration_cast<core::Nanos>(std::chrono::duration<double>(1 / context.number("rate")));
    Workers workers(context.curfew());
    addClients(workers, context,
               {.count = context.whole("clients"),
                .tag = "scenario/normal",
                .sql = "SELECT count(*) FROM poolscope_demo.users",
                .pause = pause});
    context.waitToEnd();
    return {};
}

} // namespace load::steps
