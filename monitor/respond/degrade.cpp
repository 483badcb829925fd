#include "monitor/respond/degrade.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace respond {

namespace {

using metrics::StepState;

constexpr auto kRetry = std::chrono::seconds(5); // a lever that failed is pulled again

constexpr std::array<core::Text, kDegradeSteps> kTitles{
    core::Text{"Limit background requests for connections", "限制后台连接请求"},
    core::Text{"Pause timed jobs", "暂停定时任务"},
    core::Text{"Answer marked statements from the cache", "返回缓存数据"},
    core::Text{"Record the event and raise an alert", "记录降级事件并告警"}};

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

Words titled(std::size_t index, std::string_view english, std::string_view chinese)
{
    return {fmt::format("{}: {}", kTitles[index].english, english),
            fmt::format("{}：{}", kTitles[index].chinese, chinese)};
}

Words joinedWords(std::size_t index, const Words& words)
{
    return titled(index, words.english, words.chinese);
}

} // namespace

const char* degradeStepName(DegradeStep step) noexcept
{
    static constexpr std::array<const char*, kDegradeSteps> names{"shed_background", "pause_jobs",
                                                                  "serve_cached", "record"};
    return names[static_cast<std::size_t>(step)];
}

core::Result<void> problemOf(const DegradeConfig& config)
{
    using namespace std::chrono_literals;
    if (config.mostLevel < 1 || config.mostLevel > kDegradeSteps) {
        return core::fail("most_level must be between 1 and 4");
    }
    if (config.stepUp < 0s || config.stepUp > 1h) {
        return core::fail("step_up_after must be between 0 and 1 h");
    }
    if (config.stepDown < 1s || config.stepDown > 1h) {
        return core::fail("step_down_after must be between 1 s and 1 h");
    }
    if (config.backgroundPlaces < -1 || config.normalPlaces < -1) {
        return core::fail("places must be -1 (no limit) or more");
    }
    if (config.cacheAge < 1s || config.cacheAge > 1h) {
        return core::fail("cache_age must be between 1 s and 1 h");
    }
    return {};
}

Degrader::Degrader(DegradeConfig config, std::array<Lever, kDegradeSteps> levers, EventSink sink,
                   const core::Clock& clock)
    : m_config(std::move(config))
    , m_levers(std::move(levers))
    , m_sink(std::move(sink))
    , m_clock(clock)
    , m_dryRun(m_config.dryRun)
{
}

void Degrader::tell(ResponseEvent::Kind kind, Words text) const
{
    if (!m_sink) {
        return;
    }
    ResponseEvent event{kind, m_clock.wallNow(), std::move(text), {}};
    {
        const core::MutexLock lock(m_mutex);
        event.cause = m_held ? std::string() : m_why;
    }
    m_sink(event);
}

// The level for now. Up: at once with the first trouble, then a level each stepUp of it. Down: a level each
// stepDown of quiet, so that a dip does not undo what a moment later is needed again.
int Degrader::wanted(bool trouble, core::SteadyTime now)
{
    m_nextChange = core::Nanos(0);
    if (m_held) {
        return *m_held;
    }
    if (trouble) {
        m_quietSince.reset();
        const core::Nanos onLevel = now - m_steadySince;
        if (m_level >= m_config.mostLevel) {
            return m_level;
        }
        if (m_level == 0 || onLevel >= m_config.stepUp) {
            return m_level + 1;
        }
        m_nextChange = m_config.stepUp - onLevel;
        return m_level;
    }
    if (m_level == 0) {
        return 0;
    }
    m_quietSince = m_quietSince.value_or(now);
    const core::Nanos quiet = now - std::max(*m_quietSince, m_steadySince);
    if (quiet >= m_config.stepDown) {
        return m_level - 1;
    }
    m_nextChange = m_config.stepDown - quiet;
    return m_level;
}

void Degrader::changeLevel(int level, core::SteadyTime now)
{
    m_level = level;
    m_since = m_clock.wallNow();
    m_steadySince = now;
    ++m_changes;
}

Degrader::Plan Degrader::decide(const std::vector<std::string>& firing, core::SteadyTime now)
{
    const core::MutexLock lock(m_mutex);
    const bool trouble = m_config.enabled && !firing.empty();
    if (trouble) {
        m_why = joined(firing);
    }
    if (const int level = wanted(trouble, now); level != m_level) {
        changeLevel(level, now);
        (void)wanted(trouble, now); // for the time until the next change
    }
    if (m_level == 0 && !trouble) {
        m_why.clear();
    }
    return {m_level, m_dryRun};
}

void Degrader::evaluate(const std::vector<std::string>& firing)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Plan plan = decide(firing, now);
    for (std::size_t index = 0; index < kDegradeSteps; ++index) { // on: the mildest first
        if (static_cast<int>(index) < plan.level) {
            pull(index, plan, now);
        }
    }
    for (std::size_t index = kDegradeSteps; index-- > 0;) { // off: the harshest first
        if (static_cast<int>(index) >= plan.level || plan.dryRun) {
            pull(index, plan, now);
        }
    }
}

// Brings one step to where the plan wants it, and says so once.
void Degrader::pull(std::size_t index, Plan plan, core::SteadyTime now)
{
    Step step;
    {
        const core::MutexLock lock(m_mutex);
        step = m_steps[index];
    }
    const bool wantedOn = static_cast<int>(index) < plan.level;
    if (wantedOn && plan.dryRun && !step.applied) {
        if (step.state != StepState::WouldDo) {
            put(index, StepState::WouldDo, {"would be done; this is a dry run", "演练模式：仅显示，不执行"},
                false);
            tell(ResponseEvent::Kind::Rehearsed,
                 titled(index, "would be done (dry run)", "将会执行（演练模式）"));
        }
        return;
    }
    const bool on = wantedOn && !plan.dryRun;
    if (on == step.applied) {
        if (!wantedOn && (step.state == StepState::WouldDo || step.state == StepState::Failed)) {
            put(index, StepState::Open, {}, false);
        }
        return;
    }
    if (now < step.retryAt) {
        return;
    }
    const core::Result<Words> done = on ? m_levers[index].apply() : m_levers[index].undo();
    if (done) {
        put(index, on ? StepState::Done : StepState::Undone, *done, on);
        tell(on ? ResponseEvent::Kind::Done : ResponseEvent::Kind::Undone, joinedWords(index, *done));
        return;
    }
    put(index, StepState::Failed, {done.error().message, done.error().message}, step.applied);
    {
        const core::MutexLock lock(m_mutex);
        m_steps[index].retryAt = now + kRetry;
    }
    tell(ResponseEvent::Kind::Failed, titled(index, done.error().message, done.error().message));
}

void Degrader::put(std::size_t index, StepState state, Words detail, bool applied)
{
    const core::MutexLock lock(m_mutex);
    m_steps[index] = {state, applied, std::move(detail), m_clock.wallNow(), {}};
}

void Degrader::undoAll()
{
    const core::SteadyTime now = m_clock.steadyNow();
    {
        const core::MutexLock lock(m_mutex);
        for (Step& step : m_steps) {
            step.retryAt = {};
        }
    }
    for (std::size_t index = kDegradeSteps; index-- > 0;) {
        pull(index, {0, true}, now);
    }
}

core::Result<void> Degrader::hold(int level)
{
    if (level < 0 || level > kDegradeSteps) {
        return core::fail("the level must be between 0 and 4", "parameter");
    }
    {
        const core::MutexLock lock(m_mutex);
        m_held = level;
    }
    tell(ResponseEvent::Kind::Note,
         {fmt::format("Level {} is held by hand", level), fmt::format("手动保持降级级别 {}", level)});
    return {};
}

void Degrader::automatic()
{
    {
        const core::MutexLock lock(m_mutex);
        if (!m_held) {
            return;
        }
        m_held.reset();
        m_quietSince.reset();
        m_steadySince = m_clock.steadyNow();
    }
    tell(ResponseEvent::Kind::Note, {"The level follows the alerts again", "降级级别恢复由告警控制"});
}

void Degrader::setDryRun(DryRun dryRun)
{
    const bool on = dryRun == DryRun::On;
    {
        const core::MutexLock lock(m_mutex);
        if (std::exchange(m_dryRun, on) == on) {
            return;
        }
    }
    tell(ResponseEvent::Kind::Note, on ? Words{"Degradation: dry run is on", "服务降级：演练模式已开启"}
                                       : Words{"Degradation: dry run is off, steps are carried out",
                                               "服务降级：演练模式已关闭，步骤将被执行"});
}

int Degrader::level() const
{
    const core::MutexLock lock(m_mutex);
    return m_level;
}

bool Degrader::dryRun() const
{
    const core::MutexLock lock(m_mutex);
    return m_dryRun;
}

std::uint64_t Degrader::changes() const
{
    const core::MutexLock lock(m_mutex);
    return m_changes;
}

bool Degrader::inForce(DegradeStep step) const
{
    const core::MutexLock lock(m_mutex);
    return m_steps[static_cast<std::size_t>(step)].applied;
}

metrics::DegradeView Degrader::view(core::Lang lang) const
{
    const core::MutexLock lock(m_mutex);
    metrics::DegradeView view;
    view.enabled = m_config.enabled;
    view.dryRun = m_dryRun;
    view.byHand = m_held.has_value();
    view.level = m_level;
    view.mostLevel = m_config.mostLevel;
    view.since = m_since;
    view.why = m_held ? std::string(core::Text{"held by hand", "手动控制"}.in(lang)) : m_why;
    view.nextChange = m_nextChange;
    for (std::size_t index = 0; index < kDegradeSteps; ++index) {
        const Step& step = m_steps[index];
        view.steps.push_back({degradeStepName(static_cast<DegradeStep>(index)),
                              std::string(kTitles[index].in(lang)), step.state, step.detail.in(lang),
                              step.since});
    }
    return view;
}

} // namespace respond
