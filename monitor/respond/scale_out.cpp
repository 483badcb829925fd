#include "monitor/respond/scale_out.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace respond {

namespace {

using metrics::StepState;

constexpr auto kLookAround = std::chrono::milliseconds(200); // how soon a clock moved by hand is noticed

constexpr std::array<core::Text, 4> kTitles{
    core::Text{"Sustained load is seen", "检测到持续高负载"},
    core::Text{"The orchestrator adds replicas", "编排平台增加副本"},
    core::Text{"The new replicas take their share", "新副本承接流量（更新负载均衡）"},
    core::Text{"The load is watched until it falls", "观察直至负载下降"}};
constexpr std::array<const char*, 4> kIds{"load_seen", "replicas", "ready", "watch"};

std::string joined(const std::vector<std::string>& names, std::string_view between)
{
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? std::string() : std::string(between)) + name;
    }
    return text;
}

Words same(const std::string& text)
{
    return {text, text};
}

} // namespace

core::Result<void> problemOf(const ScaleOutConfig& config)
{
    using namespace std::chrono_literals;
    if (config.minimum < 0 || config.maximum < 1 || config.minimum > config.maximum ||
        config.maximum > 10'000) {
        return core::fail("minimum and maximum: 0 ≤ minimum ≤ maximum ≤ 10000 is expected");
    }
    if (config.step < 1 || config.step > 1000) {
        return core::fail("step must be between 1 and 1000");
    }
    if (config.coolDown < 0s || config.coolDown > 24h || config.deadline < 1s || config.deadline > 24h) {
        return core::fail("cool_down (0 … 1 d) or deadline (1 s … 1 d) is out of range");
    }
    if (config.enabled && std::holds_alternative<std::monostate>(config.target)) {
        return core::fail("a target is missing: kubernetes, webhook or command");
    }
    return problemOf(config.target);
}

const char* ScaleOut::phaseName(Phase phase) noexcept
{
    switch (phase) {
    case Phase::Idle:
        return "idle";
    case Phase::Acting:
        return "acting";
    case Phase::Watching:
        return "watching";
    case Phase::CoolDown:
        break;
    }
    return "cool_down";
}

ScaleOut::ScaleOut(ScaleOutConfig config, std::unique_ptr<Scaler> scaler, EventSink sink,
                   const core::Clock& clock)
    : m_config(std::move(config))
    , m_scaler(std::move(scaler))
    , m_title(m_scaler ? m_scaler->title() : std::string())
    , m_sink(std::move(sink))
    , m_clock(clock)
    , m_dryRun(m_config.dryRun)
{
}

ScaleOut::~ScaleOut()
{
    stop();
}

void ScaleOut::start()
{
    if (m_scaler) {
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
}

void ScaleOut::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void ScaleOut::tell(ResponseEvent::Kind kind, Words text)
{
    if (!m_sink) {
        return;
    }
    ResponseEvent event{kind, m_clock.wallNow(), std::move(text), {}};
    {
        const core::MutexLock lock(m_mutex);
        event.cause = m_why;
    }
    m_sink(event);
}

void ScaleOut::put(StepIndex step, StepState state, Words detail)
{
    const core::MutexLock lock(m_mutex);
    m_steps[step] = {state, std::move(detail), m_clock.wallNow()};
}

void ScaleOut::evaluate(const std::vector<std::string>& firing)
{
    {
        const core::MutexLock lock(m_mutex);
        m_trouble = m_config.enabled && !firing.empty();
        if (m_trouble) {
            m_why = joined(firing, ", ");
        } else {
            m_rehearsed = false; // the next trouble is another one
        }
    }
    m_changed.notify_all();
}

core::Result<void> ScaleOut::actNow()
{
    {
        const core::MutexLock lock(m_mutex);
        if (!m_scaler) {
            return core::fail("no target for scaling out is configured", "unavailable");
        }
        if (m_phase == Phase::Acting || m_order != Order::None) {
            return core::fail("an action is under way", "busy");
        }
        m_order = Order::Act;
    }
    m_changed.notify_all();
    return {};
}

core::Result<void> ScaleOut::undo()
{
    {
        const core::MutexLock lock(m_mutex);
        if (!m_last) {
            return core::fail("there is nothing to take back", "nothing");
        }
        if (m_phase == Phase::Acting || m_order != Order::None) {
            return core::fail("an action is under way", "busy");
        }
        m_order = Order::Undo;
    }
    m_changed.notify_all();
    return {};
}

void ScaleOut::setDryRun(DryRun dryRun)
{
    const bool on = dryRun == DryRun::On;
    {
        const core::MutexLock lock(m_mutex);
        if (std::exchange(m_dryRun, on) == on) {
            return;
        }
        m_rehearsed = false;
    }
    tell(ResponseEvent::Kind::Note, on ? Words{"Scale-out: dry run is on", "自动扩容：演练模式已开启"}
                                       : Words{"Scale-out: dry run is off, replicas will be added",
                                               "自动扩容：演练模式已关闭，将实际增加副本"});
    m_changed.notify_all();
}

// What is to be done now; leaves the cool-down when its time is over.
ScaleOut::Order ScaleOut::nextOrder()
{
    const core::SteadyTime now = m_clock.steadyNow();
    if (m_phase == Phase::CoolDown && now >= m_coolUntil) {
        m_phase = Phase::Idle;
    }
    if (m_order != Order::None) {
        return std::exchange(m_order, Order::None);
    }
    const bool mayAct = m_phase == Phase::Idle && m_trouble && !(m_dryRun && m_rehearsed);
    return mayAct ? Order::Act : Order::None;
}

void ScaleOut::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        Order order = Order::None;
        bool watching = false;
        {
            core::MutexLock lock(m_mutex);
            order = nextOrder();
            watching = m_phase == Phase::Watching;
            if (order == Order::None && !watching) {
                m_changed.wait_for(lock, stop, kLookAround, [] { return false; });
                continue;
            }
        }
        switch (order) {
        case Order::Act:
            act(stop);
            break;
        case Order::Undo:
            takeBack(stop);
            break;
        case Order::None:
            watch(stop);
            break;
        }
    }
}

void ScaleOut::begin(const ScaleRequest& request)
{
    const core::MutexLock lock(m_mutex);
    m_phase = Phase::Acting;
    m_steps = {};
    m_outcome = {};
    m_steps[kSeen] = {StepState::Done, same(request.reason), m_clock.wallNow()};
    m_steps[kReplicas] = {StepState::Running, same(m_title), m_clock.wallNow()};
}

void ScaleOut::act(const std::stop_token& stop)
{
    ScaleRequest request{m_config.step, m_config.minimum, m_config.maximum, {}};
    bool dryRun = true;
    {
        const core::MutexLock lock(m_mutex);
        dryRun = m_dryRun;
        request.reason = m_trouble ? m_why : "by hand";
    }
    begin(request);
    if (dryRun) {
        rehearse(request, stop);
        return;
    }
    acted(m_scaler->scale(request, stop));
}

void ScaleOut::rehearse(const ScaleRequest& request, const std::stop_token& stop)
{
    const auto requests = m_scaler->rehearse(request, stop);
    if (requests) {
        const std::string all = joined(*requests, "\n");
        put(kReplicas, StepState::WouldDo, same(all));
        tell(ResponseEvent::Kind::Rehearsed,
             {fmt::format("Scale-out (dry run), {}: {}", m_title, joined(*requests, "; ")),
              fmt::format("自动扩容（演练模式），{}：{}", m_title, joined(*requests, "; "))});
    } else {
        put(kReplicas, StepState::Failed, same(requests.error().message));
        tell(ResponseEvent::Kind::Failed, {"Scale-out (dry run): " + requests.error().message,
                                           "自动扩容（演练模式）：" + requests.error().message});
    }
    {
        const core::MutexLock lock(m_mutex);
        m_rehearsed = true;
        ++(requests ? m_figures.rehearsed : m_figures.failed);
    }
    finish(Phase::CoolDown, {"dry run: nothing was changed", "演练模式：未作任何更改"});
}

void ScaleOut::acted(const core::Result<ScaleResult>& result)
{
    if (!result) {
        put(kReplicas, StepState::Failed, same(result.error().message));
        {
            const core::MutexLock lock(m_mutex);
            ++m_figures.failed;
        }
        tell(ResponseEvent::Kind::Failed,
             {fmt::format("Scale-out failed, {}: {}", m_title, result.error().message),
              fmt::format("自动扩容失败，{}：{}", m_title, result.error().message)});
        finish(Phase::CoolDown, {"failed: " + result.error().message, "失败：" + result.error().message});
        return;
    }
    if (result->to <= result->from) {
        put(kReplicas, StepState::Failed,
            {fmt::format("{} replicas are the limit", result->to),
             fmt::format("已达上限：{} 个副本", result->to)});
        tell(ResponseEvent::Kind::Note,
             {fmt::format("Scale-out, {}: {} replicas are the limit", m_title, result->to),
              fmt::format("自动扩容，{}：已达上限 {} 个副本", m_title, result->to)});
        finish(Phase::CoolDown, {"the limit is reached: nothing was added", "已达上限：未增加副本"});
        return;
    }
    put(kReplicas, StepState::Done, same(fmt::format("{}: {} → {}", m_title, result->from, result->to)));
    put(kReady, StepState::Running, {});
    put(kWatch, StepState::Running, {});
    {
        const core::MutexLock lock(m_mutex);
        ++m_figures.done;
        m_figures.replicas = result->to;
        m_figures.watching = true;
        m_last = *result;
        m_phase = Phase::Watching;
        const core::SteadyTime now = m_clock.steadyNow();
        m_until = now + m_config.deadline;
        m_coolUntil = now + m_config.coolDown;
    }
    tell(ResponseEvent::Kind::Done,
         {fmt::format("Scale-out, {}: {} → {} replicas", m_title, result->from, result->to),
          fmt::format("自动扩容，{}：{} → {} 个副本", m_title, result->from, result->to)});
}

void ScaleOut::takeBack(const std::stop_token& stop)
{
    ScaleResult last;
    {
        const core::MutexLock lock(m_mutex);
        last = m_last.value_or(ScaleResult{});
        m_phase = Phase::Acting;
    }
    const ScaleRequest request{last.from - last.to, std::min(m_config.minimum, last.from), m_config.maximum,
                               "by hand"};
    const auto result = m_scaler->scale(request, stop);
    if (!result) {
        tell(ResponseEvent::Kind::Failed, {"Taking back the scale-out failed: " + result.error().message,
                                           "撤销扩容失败：" + result.error().message});
        finish(Phase::CoolDown,
               {"taking back failed: " + result.error().message, "撤销失败：" + result.error().message});
        return;
    }
    put(kReplicas, StepState::Undone, same(fmt::format("{}: {} → {}", m_title, result->from, result->to)));
    put(kReady, StepState::Open, {});
    put(kWatch, StepState::Open, {});
    {
        const core::MutexLock lock(m_mutex);
        m_last.reset();
        m_figures.replicas = result->to;
    }
    tell(ResponseEvent::Kind::Undone,
         {fmt::format("Scale-out taken back, {}: {} → {}", m_title, result->from, result->to),
          fmt::format("已撤销扩容，{}：{} → {}", m_title, result->from, result->to)});
    finish(Phase::CoolDown, {"taken back by hand", "已手动撤销"});
}

void ScaleOut::finish(Phase next, Words outcome)
{
    const core::MutexLock lock(m_mutex);
    m_phase = next;
    m_outcome = std::move(outcome);
    m_figures.watching = false;
    m_coolUntil = std::max(m_coolUntil, m_clock.steadyNow() + m_config.coolDown);
}

// One look; ends the watch when the load has fallen or the deadline has passed.
void ScaleOut::watch(const std::stop_token& stop)
{
    const auto replicas = m_scaler->read(stop);
    if (replicas && replicas->wanted >= 0) {
        const bool ready = replicas->ready >= replicas->wanted;
        put(kReady, ready ? StepState::Done : StepState::Running,
            same(fmt::format("{} / {}", std::max(replicas->ready, 0), replicas->wanted)));
        const core::MutexLock lock(m_mutex);
        m_figures.replicas = replicas->wanted;
    } else if (!replicas) {
        put(kReady, StepState::Failed, same(replicas.error().message));
    }
    const core::SteadyTime next = m_clock.steadyNow() + m_config.lookEvery;
    while (!stop.stop_requested()) {
        const core::SteadyTime now = m_clock.steadyNow();
        if (judge(now) || now >= next) {
            return;
        }
        core::MutexLock lock(m_mutex);
        if (m_order != Order::None) {
            return;
        }
        m_changed.wait_for(lock, stop, kLookAround, [] { return false; });
    }
}

bool ScaleOut::judge(core::SteadyTime now)
{
    bool fell = false;
    bool late = false;
    {
        const core::MutexLock lock(m_mutex);
        fell = !m_trouble;
        late = !fell && now >= m_until;
        m_figures.expired += late ? 1 : 0;
    }
    if (fell) {
        put(kWatch, StepState::Done, {"the load has fallen", "负载已下降"});
        tell(ResponseEvent::Kind::Note, {fmt::format("Scale-out, {}: the load has fallen", m_title),
                                         fmt::format("自动扩容，{}：负载已下降", m_title)});
        finish(Phase::CoolDown, {"the load has fallen", "负载已下降"});
    } else if (late) {
        put(kWatch, StepState::Failed,
            {"the deadline has passed, the load is still there", "已超过期限，负载仍未下降"});
        tell(ResponseEvent::Kind::Failed,
             {fmt::format("Scale-out, {}: the deadline has passed, the load is still there", m_title),
              fmt::format("自动扩容，{}：已超过期限，负载仍未下降", m_title)});
        finish(Phase::CoolDown,
               {"the deadline has passed, the load is still there", "已超过期限，负载仍未下降"});
    }
    return fell || late;
}

ScaleOut::Figures ScaleOut::figures() const
{
    const core::MutexLock lock(m_mutex);
    Figures figures = m_figures;
    figures.dryRun = m_dryRun;
    return figures;
}

metrics::ScaleView ScaleOut::view(core::Lang lang) const
{
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    metrics::ScaleView view;
    view.enabled = m_config.enabled;
    view.dryRun = m_dryRun;
    view.target = m_title;
    view.phase = phaseName(m_phase);
    view.replicas = m_figures.replicas;
    view.minimum = m_config.minimum;
    view.maximum = m_config.maximum;
    view.why = m_trouble ? m_why : std::string();
    view.outcome = m_outcome.in(lang);
    view.mayUndo = m_last.has_value();
    if (m_phase == Phase::Watching || m_phase == Phase::CoolDown) {
        view.left =
            std::max(core::Nanos(0), core::Nanos((m_phase == Phase::Watching ? m_until : m_coolUntil) - now));
    }
    for (std::size_t i = 0; i < kSteps; ++i) {
        view.steps.push_back({kIds[i], std::string(kTitles[i].in(lang)), m_steps[i].state,
                              m_steps[i].detail.in(lang), m_steps[i].since});
    }
    return view;
}

} // namespace respond
