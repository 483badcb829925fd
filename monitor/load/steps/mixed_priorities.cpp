#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"
#include "monitor/load/workers.h"

#include <fmt/format.h>
#include <string>

namespace load::steps {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanos kThink = 10ms;    // between two requests
constexpr core::Nanos kRefused = 500ms; // before somebody who was turned away asks again

struct Group {
    int count;
    pool::Priority priority;
    std::string_view tag; // literals only
};

void add(Workers& workers, Context& context, const Group& group, const Statement& statement)
{
    workers.add(group.count, [&context, group, statement](std::stop_token stop, int) {
        bool goesOn = true;
        while (goesOn) {
            const bool served = context.request(stop, group.tag, statement);
            goesOn = sleepFor(stop, served ? kThink : kRefused);
        }
    });
}

} // namespace

core::Result<void> runMixedPriorities(Context& context)
{
    context.setPhase({"callers of three priorities at work", "三种优先级的客户端正在查询"});
    // Half to one and a half of the time, as in a burst.
    const std::string sql =
        fmt::format("SELECT pg_sleep({:.3f} * (0.5 + random()))", context.number("work") / 1000);
    const core::Nanos deadline = 2 * context.millis("work") + 5s;
    Workers workers(context.curfew());
    for (const Group& group :
         {Group{context.whole("critical"), pool::Priority::Critical, "scenario/critical"},
          Group{context.whole("normal"), pool::Priority::Normal, "scenario/normal"},
          Group{context.whole("background"), pool::Priority::Background, "scenario/background"}}) {
        if (group.count > 0) {
            add(workers, context, group, {sql, deadline, group.priority});
        }
    }
    context.waitToEnd();
    return {};
}

} // namespace load::steps
