#include "monitor/record/playback.h"

#include "monitor/alert/incident_json.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <string>
#include <utility>

namespace record {

namespace {

using metrics::PlaybackState;
using Points = core::Result<std::vector<metrics::PointSeries>>;

constexpr auto kLongestWait = std::chrono::seconds(2); // where nothing was recorded, time is skipped

} // namespace

void StageQuerier::use(std::shared_ptr<Stage> stage)
{
    const core::MutexLock lock(m_mutex);
    m_stage = std::move(stage);
}

std::shared_ptr<Stage> StageQuerier::stage() const
{
    const core::MutexLock lock(m_mutex);
    return m_stage;
}

Points StageQuerier::range(std::string_view expression, std::int64_t start, std::int64_t end, std::int64_t step) const
{
    return stage()->querier.range(expression, start, end, step);
}

Points StageQuerier::instant(std::string_view expression, std::int64_t at) const
{
    return stage()->querier.instant(expression, at);
}

Points StageQuerier::rangeUntil(const std::stop_token& stop, std::string_view expression, std::int64_t start,
                                std::int64_t end, std::int64_t step) const
{
    return stage()->querier.rangeUntil(stop, expression, start, end, step);
}

Points StageQuerier::instantUntil(const std::stop_token& stop, std::string_view expression, std::int64_t at) const
{
    return stage()->querier.instantUntil(stop, expression, at);
}

std::vector<metrics::QueryWord> StageQuerier::words() const
{
    return stage()->querier.words();
}

core::Result<metrics::ResultType> StageQuerier::resultType(std::string_view expression) const
{
    return stage()->querier.resultType(expression);
}

core::Result<std::unique_ptr<Playback>> Playback::open(const std::filesystem::path& file, SceneOptions options,
                                                       PlaybackHooks hooks)
{
    std::unique_ptr<Playback> playback(new Playback(file, std::move(options), std::move(hooks)));
    const auto told = std::make_shared<std::promise<core::Result<void>>>();
    auto ready = told->get_future();
    playback->m_ready = [told](core::Result<void> outcome) { told->set_value(std::move(outcome)); };
    playback->m_thread = std::jthread([raw = playback.get()](const std::stop_token& stop) { raw->run(stop); });
    if (auto opened = ready.get(); !opened) {
        return core::Unexpected<core::Error>{opened.error()};
    }
    return playback;
}

Playback::Playback(std::filesystem::path file, SceneOptions options, PlaybackHooks hooks)
    : m_file(std::move(file))
    , m_options(std::move(options))
    , m_hooks(std::move(hooks))
{
}

Playback::~Playback()
{
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void Playback::change(const std::function<void(PlaybackState&)>& how)
{
    {
        const core::MutexLock lock(m_mutex);
        how(m_state);
        ++m_version;
    }
    m_changed.notify_all();
    if (m_hooks.onState) {
        m_hooks.onState();
    }
}

void Playback::play()
{
    const PlaybackState now = state();
    if (now.at >= now.to) {
        seek(now.from);
    }
    change([](PlaybackState& state) { state.playing = true; });
}

void Playback::pause()
{
    change([](PlaybackState& state) { state.playing = false; });
}

void Playback::setSpeed(double times)
{
    change([times](PlaybackState& state) { state.speed = std::clamp(times, kSlowest, kFastest); });
}

void Playback::seek(std::int64_t at)
{
    {
        const core::MutexLock lock(m_mutex);
        m_wishes.seek = std::clamp(at, m_state.from, m_state.to);
    }
    change([](PlaybackState& state) { state.seeking = true; });
}

void Playback::setLang(core::Lang lang)
{
    {
        const core::MutexLock lock(m_mutex);
        m_wishes.lang = lang;
    }
    change([](PlaybackState&) {});
}

PlaybackState Playback::state() const
{
    const core::MutexLock lock(m_mutex);
    return m_state;
}

std::vector<metrics::Incident> Playback::incidents(const metrics::IncidentFilter& filter) const
{
    const metrics::SnapshotPtr shown = latest();
    std::vector<metrics::Incident> found;
    for (auto one = m_incidents.rbegin(); one != m_incidents.rend() && found.size() < filter.limit; ++one) {
        if (shown && one->firedAt <= shown->at && metrics::matches(*one, filter)) {
            found.push_back(*one);
            if (found.back().resolvedAt > shown->at) { // it is still open then
                found.back().resolvedAt = {};
                found.back().lasted = shown->at - one->firedAt;
            }
        }
    }
    return found;
}

core::Result<void> Playback::prepare(Tape& tape)
{
    const auto records = tape.records(store::RecordKind::Incident);
    if (!records) {
        return core::Unexpected<core::Error>{records.error()};
    }
    for (const store::Record& record : *records) {
        const auto& kept = std::get<store::Incident>(record);
        auto incident = alert::readIncident(kept.details);
        if (!incident || kept.at > core::WallTime(core::Millis(tape.info().to))) {
            continue;
        }
        const std::int64_t end = incident->open() ? tape.info().to : core::epochMillis(incident->resolvedAt);
        m_marks.push_back({core::epochMillis(incident->firedAt), end, incident->rule, incident->severity});
        m_incidents.push_back(std::move(*incident));
    }
    auto marks = recordedMarks(tape);
    if (!marks) {
        return core::Unexpected<core::Error>{marks.error()};
    }
    m_diary = std::make_unique<RecordedDiary>(std::move(*marks));
    m_readable = tape.readable();
    change([&tape](PlaybackState& state) {
        const TapeInfo& info = tape.info();
        state.title = info.title.empty() ? tape.file().stem().string() : info.title;
        state.from = state.at = info.from;
        state.to = info.to;
    });
    return {};
}

void Playback::run(const std::stop_token& stop)
{
    const auto tape = Tape::open(m_file);
    core::Result<void> ready = tape ? prepare(**tape) : core::Unexpected<core::Error>{tape.error()};
    const bool well = ready.has_value();
    std::exchange(m_ready, {})(std::move(ready));
    if (!well) {
        return;
    }
    Scene scene(**tape, m_options);
    carryOut(scene, {state().from, std::nullopt});
    while (!stop.stop_requested()) {
        const Wishes wishes = waitForWishes(stop);
        carryOut(scene, wishes);
        playOn(scene, stop);
    }
}

// Until somebody wants something, or it is to be played.
Playback::Wishes Playback::waitForWishes(const std::stop_token& stop)
{
    core::MutexLock lock(m_mutex);
    m_changed.wait_for(lock, stop, std::chrono::hours(1),
                       [this] { return m_state.playing || m_wishes.seek || m_wishes.lang; });
    return std::exchange(m_wishes, {});
}

void Playback::carryOut(Scene& scene, const Wishes& wishes)
{
    if (wishes.lang) {
        scene.setLang(*wishes.lang);
    }
    if (!wishes.seek && !wishes.lang) {
        return;
    }
    if (auto sought = scene.seek(wishes.seek.value_or(state().at)); !sought) { // what is shown speaks anew, too
        stopWith(sought.error().message);
        return;
    }
    m_querier.use(scene.stage());
    change([](PlaybackState& state) {
        ++state.stage;
        state.problem.clear();
    });
    static_cast<void>(show(scene));
    change([](PlaybackState& state) { state.seeking = false; });
}

// False at the end.
bool Playback::show(Scene& scene)
{
    auto snapshot = scene.step();
    if (!snapshot) {
        stopWith(snapshot.error().message);
        return false;
    }
    if (!*snapshot) {
        change([](PlaybackState& state) {
            state.playing = false;
            state.at = state.to;
        });
        return false;
    }
    m_latest.set(*snapshot);
    change([at = core::epochMillis((*snapshot)->at)](PlaybackState& state) { state.at = at; });
    if (m_hooks.onSnapshot) {
        m_hooks.onSnapshot();
    }
    return true;
}

void Playback::stopWith(const std::string& problem)
{
    change([&problem](PlaybackState& state) {
        state.playing = state.seeking = false;
        state.problem = problem;
    });
}

// Ticks at their pace, until a wish or a change of the pace.
void Playback::playOn(Scene& scene, const std::stop_token& stop)
{
    PlaybackState begun;
    std::uint64_t version = 0;
    {
        const core::MutexLock lock(m_mutex);
        begun = m_state;
        version = m_version;
    }
    auto due = core::SystemClock::instance().steadyNow();
    std::int64_t at = begun.at;
    while (begun.playing && !stop.stop_requested()) {
        const auto next = scene.next();
        if (next) {
            const std::chrono::duration<double, std::milli> wait(static_cast<double>(*next - at) / begun.speed);
            due += std::min<core::Nanos>(std::chrono::duration_cast<core::Nanos>(wait),
                                         std::max<core::Nanos>(kLongestWait, core::Nanos(std::chrono::seconds(
                                                                                 static_cast<int>(1 / begun.speed)))));
            at = *next;
            core::MutexLock lock(m_mutex);
            const auto left = std::chrono::ceil<core::Millis>(due - core::SystemClock::instance().steadyNow());
            if (m_changed.wait_for(lock, stop, std::max(left, core::Millis(0)),
                                   [&] { return m_version != version; })) {
                return;
            }
        }
        if (!show(scene)) {
            return;
        }
        const core::MutexLock lock(m_mutex);
        const bool ours = m_version == version + 1; // the step itself
        version = ours ? m_version : version;
        if (!ours) {
            return;
        }
    }
}

} // namespace record
