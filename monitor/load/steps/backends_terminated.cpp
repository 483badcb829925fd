#include "monitor/load/own_session.h"
#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"

#include <fmt/format.h>
#include <string>
#include <vector>

namespace load::steps {

namespace {

using namespace std::chrono_literals;

// The pool's own backends as the pool knows them, and by name and role besides: a process number alone could
// already be somebody else's.
constexpr const char* kTerminate =
    "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE pid = ANY ($1::int[]) AND application_name = $2 AND usename = current_user AND pid <> "
    "pg_backend_pid()";

std::string poolBackends(Context& context) {
    std::string list = "{";
    for (const pool::SlotInfo& slot : context.pool().stats().slots) {
        if (slot.backendPid > 0) {
            list += fmt::format("{}{}", list.size() > 1 ? "," : "", slot.backendPid);
        }
    }
    return list + "}";
}

// The name the pool's sessions go by, asked of one of them.
core::Result<std::string> poolName(Context& context) {
    pool::Lease lease = context.take(context.stop(), "scenario/backends_terminated");
    if (!lease.valid()) {
        return context.fail({"no connection is to be had", "无法获取连接"});
    }
    const auto rows = lease.execute("SHOW application_name", {}, 3s);
    if (!rows || rows->rows() != 1) {
        return context.fail({"the pool's sessions cannot be told from others", "无法识别连接池的会话"});
    }
    return std::string(rows->text(0, 0));
}

void terminateAll(Context& context, const std::string& name) {
    auto session = openOwnSession(context.connInfo(), 3s, context.stop());
    if (session) {
        const std::vector<std::string> parameters{poolBackends(context), name};
        const auto done = (*session)->execute(kTerminate, parameters, pg::Deadline::in(3s));
        if (done) {
            return;
        }
    }
    if (!context.stop().stop_requested()) {
        context.countFailure();
    }
}

} // namespace

core::Result<void> runBackendsTerminated(Context& context) {
    const auto name = poolName(context);
    if (!name) {
        return core::fail(name.error().message, name.error().code);
    }
    Workers workers(context.curfew());
    addClients(workers, context,
               {.count = context.whole("clients"),
                .tag = "scenario/backends_terminated",
                .sql = "SELECT pg_sleep(0.02)",
                .pause = 50ms});
    const core::Nanos interval = context.seconds("interval");
    context.setPhase(
        {"all backends of the pool are terminated again and again", "反复终止连接池的所有后端进程"});
    while (context.pause(interval)) {
        if (!context.timedStepsWait()) {
            terminateAll(context, *name);
        }
    }
    return {};
}

} // namespace load::steps
