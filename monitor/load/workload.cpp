#include "monitor/load/workload.h"

#include "monitor/load/context.h"

#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

namespace load {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanos kStatementDeadline = 10s;
constexpr int kMostRefusals = 64;

const char* tagOf(Workload workload) {
    switch (workload) {
    case Workload::Normal:
        return "test/normal";
    case Workload::Slow:
        return "test/slow";
    case Workload::LongConnection:
        return "test/long-connection";
    }
    return "test";
}

std::string statementOf(Workload workload, bool ownServer) {
    std::string sql =
        workload == Workload::Slow ? "SELECT count(*), pg_sleep(0.2) FROM " : "SELECT count(*) FROM ";
    return sql + (ownServer ? "poolscope_demo.users" : "generate_series(1, 100) AS users");
}

} // namespace

Workloads::Workloads(pool::ConnectionPool& pool, WorkloadOptions options)
    : m_pool(pool)
    , m_options(std::move(options))
    , m_schema(m_options.connInfo, m_options.lang)
    , m_answers(kMostRefusals, m_curfew)
    , m_crew(m_options.mostAtOnce, m_curfew) {}

void Workloads::run(Workload workload, Done done) {
    const auto answer = std::make_shared<const Done>(std::move(done));
    if (m_crew.post([this, workload, answer](std::stop_token stop) { (*answer)(perform(workload, stop)); })) {
        return;
    }
    const WorkloadOutcome no = refused({"too many test requests at once", "同时运行的测试请求过多"});
    if (!m_answers.post([answer, no](std::stop_token) { (*answer)(no); })) {
        (*answer)(no);
    }
}

WorkloadOutcome Workloads::perform(Workload workload, const std::stop_token& stop) {
    if (auto schema = requireSchema(stop); !schema) {
        return {false, 0, schema.error().message};
    }
    auto lease = m_pool.acquire({tagOf(workload), std::nullopt, stop});
    if (!lease) {
        return stop.stop_requested() ? refused({"the program is closing", "程序正在关闭"})
                                     : WorkloadOutcome{false, 0, lease.error().message};
    }
    WorkloadOutcome outcome = query(workload, *lease);
    if (outcome.ok && workload == Workload::LongConnection && !sleepFor(stop, m_options.longHold)) {
        return refused({"the program is closing", "程序正在关闭"});
    }
    return outcome;
}

WorkloadOutcome Workloads::query(Workload workload, pool::Lease& lease) {
    const Curfew::Lengthy lengthy(m_curfew, [&] { m_pool.cancelStatement(lease.slot()); });
    const auto rows = lease.execute(statementOf(workload, m_options.ownServer), {}, kStatementDeadline);
    if (!rows) {
        return {false, 0, rows.error().message};
    }
    WorkloadOutcome outcome{true, 0, {}};
    const std::string_view count = rows->text(0, 0);
    std::from_chars(count.data(), count.data() + count.size(), outcome.count);
    return outcome;
}

core::Result<void> Workloads::requireSchema(const std::stop_token& stop) {
    if (!m_options.ownServer) {
        return {};
    }
    {
        const core::MutexLock lock(m_mutex);
        if (m_use) {
            return {};
        }
    }
    auto use = m_schema.use(stop);
    if (!use) {
        return core::fail(use.error().message, use.error().code);
    }
    std::optional<DemoSchema::Use> mine(std::move(use).value());
    const core::MutexLock lock(m_mutex);
    if (!m_use) {
        m_use.swap(mine);
    }
    return {}; // a second one of two first requests is let go of, which does no more than count
}

WorkloadOutcome Workloads::refused(core::Text why) const {
    return {false, 0, std::string(why.in(m_options.lang()))};
}

} // namespace load
