#include "monitor/net/workload_handler.h"

#include "monitor/net/public_text.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace net {

namespace {

constexpr core::Text kUnavailable{"workloads are not available", "测试负载不可用"};

core::Text messageOf(Workload workload) noexcept
{
    switch (workload) {
    case Workload::Normal:
        return {"Normal query", "正常查询"};
    case Workload::Slow:
        return {"Slow query", "慢查询"};
    case Workload::LongConnection:
        return {"Connection held for a long time", "长时间占用连接"};
    }
    return {};
}

} // namespace

void answerWorkload(const Backend& backend, Workload workload, core::Lang lang, Respond respond)
{
    if (!backend.runWorkload) {
        respond(errorResponse(503, kUnavailable, lang));
        return;
    }
    backend.runWorkload(workload, [workload, lang,
                                   respond = std::move(respond)](const WorkloadResult& result) {
        if (result.ok) {
            respond(jsonResponse(200, {{"count", result.count}, {"message", messageOf(workload).in(lang)}}));
        } else {
            const std::string cause = publicCause(result.error);
            respond(errorResponse(503, cause.empty() ? kUnavailable.in(lang) : std::string_view(cause)));
        }
    });
}

} // namespace net
