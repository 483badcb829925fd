#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"

#include <fmt/format.h>
#include <string>

namespace load::steps {

core::Result<void> runSlowQuery(Context& context) {
    context.setPhase({"slow statements", "正在执行慢查询"});
    const std::string sql = fmt::format("SELECT pg_sleep({:.3f})", context.number("query_time") / 1000);
    Workers workers(context.curfew());
    addClients(workers, context,
               {.count = context.whole("clients"),
                .tag = "scenario/slow_query",
                .sql = sql,
                .deadline = context.millis("query_time") + std::chrono::seconds(5),
                .pause = context.millis("pause")});
    context.waitToEnd();
    return {};
}

} // namespace load::steps
