// Watched logs and responses of the demo: degraded a little, one scale-out watched.
#include "tests/support/demo_rows.h"

namespace demo {

namespace {

using core::Text;
using metrics::StepState;

metrics::ResponseStep step(const char* id, const Text& title, core::Lang lang, StepState state, std::string detail = {})
{
    return {id, std::string(title.in(lang)), state, std::move(detail), {}};
}

void fillDegrade(metrics::DegradeView& view, const metrics::Snapshot& snapshot, core::Lang lang)
{
    view.enabled = true;
    view.dryRun = false;
    view.level = 2;
    view.since = snapshot.at;
    view.why = "CriticalPoolUsage";
    view.nextChange = std::chrono::seconds(17);
    view.steps = {step("shed_background", {"Limit background requests for connections", "限制后台连接请求"}, lang,
                       StepState::Done, std::string(Text{"background 0, normal ∞", "后台 0，普通 ∞"}.in(lang))),
                  step("pause_jobs", {"Pause timed jobs", "暂停定时任务"}, lang, StepState::Done),
                  step("serve_cached", {"Answer marked statements from the cache", "返回缓存数据"}, lang, StepState::Open),
                  step("record", {"Record the event and raise an alert", "记录降级事件并告警"}, lang, StepState::Open)};
}

void fillScale(metrics::ScaleView& view, core::Lang lang)
{
    view.enabled = true;
    view.dryRun = false;
    view.target = "deployment shop/app";
    view.phase = "watching";
    view.replicas = 3;
    view.maximum = 5;
    view.why = "HighCpuLoad";
    view.left = std::chrono::seconds(432);
    view.mayUndo = true;
    view.steps = {step("load_seen", {"Sustained load is seen", "检测到持续高负载"}, lang, StepState::Done, "HighCpuLoad"),
                  step("replicas", {"The orchestrator adds replicas", "编排平台增加副本"}, lang, StepState::Done,
                       "deployment shop/app: 2 → 3"),
                  step("ready", {"The new replicas take their share", "新副本承接流量"}, lang, StepState::Running, "2 / 3"),
                  step("watch", {"The load is watched until it falls", "观察直至负载下降"}, lang, StepState::Running)};
}

} // namespace

void fillResponses(metrics::Snapshot& snapshot, const Rows& rows)
{
    using metrics::LogFileRow;
    using metrics::LogFileState;
    const core::Lang lang = rows.options.lang;
    fillDegrade(snapshot.responses.degrade, snapshot, lang);
    fillScale(snapshot.responses.scale, lang);
    snapshot.responses.log = {{snapshot.at, std::string(Text{"Pause timed jobs: 2 jobs wait", "暂停定时任务：已暂停 2 个任务"}.in(lang))}};
    LogFileRow own{"poolscope", "", LogFileState::Following, "", "UTF-8", 4711, 3, 1.2, 0, 0, 0, std::chrono::seconds(2)};
    LogFileRow app{"app", "/var/log/app.log", LogFileState::Following, "", "GBK", 98'000, 240, 41.5, 14, 6, 2,
                   std::chrono::milliseconds(80)};
    LogFileRow away{"batch", "/var/log/batch.log", LogFileState::Waiting, "", "", 0, 0, 0, 0, 0, 0, {}};
    snapshot.logs = {std::move(own), std::move(app), std::move(away)};
}

} // namespace demo
