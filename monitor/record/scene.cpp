#include "monitor/record/scene.h"

#include "monitor/alert/alert_memory.h"
#include "monitor/metrics/diary.h"
#include "monitor/record/stand_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace record {

namespace {

using metrics::Mark;

constexpr std::int64_t kWindow = 600'000;      // ms of ticks read at a time
constexpr std::int64_t kPast = 2 * 3'600'000;  // ms that the head holds
constexpr std::int64_t kCheckEvery = 60'000;   // ms between checkpoints
constexpr auto kMarksShown = std::chrono::hours(1);
constexpr core::Nanos kUsualInterval = std::chrono::seconds(1);

// Alerts' marks are not among them: the rules set them anew.
std::optional<Mark::Kind> markKind(const std::string& name)
{
    using Kind = Mark::Kind;
    for (const Kind kind : {Kind::ScenarioStarted, Kind::ScenarioEnded, Kind::SettingChanged, Kind::ServerDown,
                            Kind::ServerUp, Kind::Note, Kind::Restarted, Kind::Gap}) {
        if (name == metrics::markKindName(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

core::WallTime wallOf(std::int64_t at)
{
    return core::WallTime(core::Millis(at));
}

// The rules were asked then.
bool isTick(const TickValues& moment)
{
    return !moment.values.empty();
}

} // namespace

Scene::Scene(Tape& tape, SceneOptions options)
    : m_tape(tape)
    , m_options(std::move(options))
    , m_lang(m_options.lang)
    , m_families(m_options.metrics)
    , m_byRules(recordedNames(tape.rules()))
    , m_stage(std::make_shared<Stage>())
{
    m_families.leaveOut(m_byRules);
    loadMarks();
}

Scene::~Scene() = default;

void Scene::setLang(core::Lang lang)
{
    m_lang = lang;
    if (m_rules) {
        m_rules->setLang(lang);
    }
}

void Scene::loadMarks()
{
    const auto notes = m_tape.records(store::RecordKind::Annotation);
    for (const store::Record& record : notes ? *notes : std::vector<store::Record>()) {
        const auto& note = std::get<store::Annotation>(record);
        if (const auto kind = markKind(note.kind)) {
            m_marks.push_back({*kind, note.at, note.text, note.until.value_or(core::WallTime{})});
        }
    }
    std::stable_sort(m_marks.begin(), m_marks.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
}

// The nearest known states before `at`: ours, then those the frames have kept, else the very beginning.
core::Result<Scene::Start> Scene::startFor(std::int64_t at)
{
    Start start{m_tape.info().leadFrom - 1, {}};
    if (const auto after = m_checkpoints.lower_bound(at); after != m_checkpoints.begin()) {
        start = {std::prev(after)->first, std::prev(after)->second};
    }
    Start kept;
    auto looked = m_tape.frames(at - 1, at - 1, [&kept](const Frame& frame) {
        FrameReader reader;
        if (frame.whole && reader.read(frame) && !reader.memory().empty()) {
            kept = {frame.at, reader.memory()};
        }
        return false;
    });
    if (!looked) {
        return core::Unexpected<core::Error>{looked.error()};
    }
    return !kept.memory.empty() && kept.at > start.at ? kept : start;
}

void Scene::makeRules()
{
    alert::RuleEngineOptions options;
    options.lang = m_lang;
    options.logging = alert::RuleEngineOptions::Logging::Off;
    options.own = &m_stage->own;
    options.isOwn = [this](const std::string& file) { return m_folder.isShipped(file); };
    options.onTransition = [this](const alert::Transition& transition) {
        if (auto entry = entryOf(transition, m_now)) {
            if (entry->what != TimelineEntry::What::Returned) {
                m_alertMarks.push_back({entry->what == TimelineEntry::What::Fired ? Mark::Kind::AlertFired
                                                                                  : Mark::Kind::AlertResolved,
                                        wallOf(m_now), entry->rule, {}});
            }
            m_timeline.push_back(std::move(*entry));
        }
    };
    m_rules = std::make_unique<alert::RuleEngine>(m_stage->head, m_stage->querier, std::move(options));
    m_ruleSet = 0;
}

// As the program did when it came back: alerts go on as after an outage, with the rules of then.
void Scene::restartRules(std::int64_t at)
{
    const auto began = [&](const Mark& mark) {
        return mark.kind == Mark::Kind::Restarted && mark.at > m_last.at && core::epochMillis(mark.at) <= at;
    };
    if (m_last.tick == 0 || std::none_of(m_marks.begin(), m_marks.end(), began)) {
        return;
    }
    alert::AlertMemory memory = m_rules->memory();
    memory.continuity = alert::Continuity::AfterOutage;
    makeRules();
    m_rules->restore(std::move(memory));
}

core::Result<void> Scene::begin(const Start& start)
{
    m_stage = std::make_shared<Stage>();
    makeRules();
    m_ticks.clear();
    m_frames.clear();
    m_frame.reset();
    m_timeline.clear();
    m_alertMarks.clear();
    m_readTo = m_now = m_frameAt = start.at;
    m_last = {};
    if (!start.memory.empty()) {
        if (auto memory = alert::readMemory(start.memory)) {
            memory->continuity = alert::Continuity::Seamless;
            m_rules->restore(std::move(*memory));
        }
        auto past = m_tape.samples(start.at - kPast, start.at);
        if (!past) {
            return core::Unexpected<core::Error>{past.error()};
        }
        m_stage->head.adoptPast(*past);
        m_stage->head.pastIsComplete(start.at - kPast);
        return m_tape.frames(start.at, start.at, [this](const Frame& frame) {
            static_cast<void>(m_frame.read(frame));
            return true;
        });
    }
    return {};
}

core::Result<void> Scene::seek(std::int64_t at)
{
    const auto start = startFor(at);
    if (!start) {
        return core::Unexpected<core::Error>{start.error()};
    }
    if (auto begun = begin(*start); !begun) {
        return begun;
    }
    if (auto filled = fill(); !filled) {
        return filled;
    }
    while (next() && *next() < at) {
        if (auto stepped = step(); !stepped) {
            return core::Unexpected<core::Error>{stepped.error()};
        }
    }
    m_timeline.clear();
    return {};
}

std::optional<std::int64_t> Scene::next() const
{
    const auto tick = std::find_if(m_ticks.begin(), m_ticks.end(), isTick);
    return tick == m_ticks.end() ? std::nullopt : std::optional(tick->at);
}

// Series that ended before it have ended then.
TickValues Scene::takeTick()
{
    while (!isTick(m_ticks.front())) {
        feed(m_ticks.front());
        m_ticks.pop_front();
    }
    TickValues tick = std::move(m_ticks.front());
    m_ticks.pop_front();
    return tick;
}

// Reads on until there is a tick, or the end.
core::Result<void> Scene::fill()
{
    while (!next() && m_readTo < m_tape.info().to) {
        const std::int64_t from = m_readTo + 1;
        m_readTo = std::min(m_tape.info().to, m_readTo + kWindow);
        auto ticks = m_tape.ticks(from, m_readTo);
        if (!ticks) {
            return core::Unexpected<core::Error>{ticks.error()};
        }
        std::move(ticks->begin(), ticks->end(), std::back_inserter(m_ticks));
        auto frames = m_tape.frames(from, m_readTo, [this](const Frame& frame) {
            if (frame.at > m_frameAt) { // it begins with a whole one, perhaps known already
                m_frames.push_back(frame);
                m_frameAt = frame.at;
            }
            return true;
        });
        if (!frames) {
            return frames;
        }
    }
    return {};
}

core::Result<void> Scene::useRules(std::int64_t at)
{
    const std::vector<RuleTexts>& sets = m_tape.rules();
    std::size_t wanted = m_ruleSet;
    while (wanted < sets.size() && (wanted == 0 || sets[wanted].at <= at)) {
        ++wanted;
    }
    if (wanted == m_ruleSet) {
        return {};
    }
    m_ruleSet = wanted;
    const auto paths = m_folder.lay(sets[wanted - 1]);
    if (!paths) {
        return core::Unexpected<core::Error>{paths.error()};
    }
    if (const auto loaded = m_rules->load(*paths); !loaded) {
        return core::fail(fmt::format("the recorded rules cannot be used: {}", loaded.error().reason), "rules");
    }
    return {};
}

core::Result<void> Scene::takeFrame(std::int64_t at)
{
    while (!m_frames.empty() && m_frames.front().at <= at) {
        auto read = m_frame.read(m_frames.front());
        m_frames.pop_front();
        if (!read) {
            return core::fail(fmt::format("{}: {}", m_tape.file().string(), read.error().message), "damaged");
        }
    }
    return {};
}

core::Result<metrics::SnapshotPtr> Scene::step()
{
    if (auto filled = fill(); !filled) {
        return core::Unexpected<core::Error>{filled.error()};
    }
    if (!next()) {
        return metrics::SnapshotPtr();
    }
    const TickValues tick = takeTick();
    restartRules(tick.at);
    if (auto used = useRules(tick.at); !used) {
        return core::Unexpected<core::Error>{used.error()};
    }
    if (auto taken = takeFrame(tick.at); !taken) {
        return core::Unexpected<core::Error>{taken.error()};
    }
    auto evaluated = evaluate(tick);
    if (auto filled = fill(); !filled) { // so that next() knows
        return core::Unexpected<core::Error>{filled.error()};
    }
    return evaluated;
}

// Samples and ends as they were written, not by what a tick has of families: what a target told a while ago goes on
// between two of its scrapes.
void Scene::feed(const TickValues& tick)
{
    const auto byRules = [this](const metrics::Labels& labels) {
        return m_byRules.contains(std::string(series::labelValue(labels, series::kNameLabel)));
    };
    std::vector<series::NamedSample> samples;
    samples.reserve(tick.values.size());
    for (const auto& [labels, value] : tick.values) {
        if (!byRules(*labels)) {
            samples.push_back({*labels, value});
        }
    }
    std::vector<metrics::Labels> ended;
    for (const series::LabelsPtr& labels : tick.ended) {
        if (!byRules(*labels)) {
            ended.push_back(*labels);
        }
    }
    if (isTick(tick)) {
        m_stage->head.append(tick.at, samples);
    }
    m_stage->head.markStale(tick.at, ended);
}

core::Result<metrics::SnapshotPtr> Scene::evaluate(const TickValues& tick)
{
    m_now = tick.at;
    const std::shared_ptr<metrics::Snapshot> picture = pictureOf(tick);
    feed(tick);
    metrics::Snapshot moment; // what is too old goes with it
    moment.at = picture->at;
    m_stage->head.append(moment);
    m_rules->evaluate(*picture);
    m_folder.nameBack(picture->rules);
    picture->marks = marksAt(picture->at);
    keepCheckpoint(tick.at);
    return metrics::SnapshotPtr(picture);
}

// Where there is no frame, what the samples say.
std::shared_ptr<metrics::Snapshot> Scene::pictureOf(const TickValues& tick)
{
    const bool framed = m_frame.any() && core::epochMillis(m_frame.snapshot().at) == tick.at;
    auto picture = framed ? std::make_shared<metrics::Snapshot>(m_frame.snapshot())
                          : std::make_shared<metrics::Snapshot>();
    m_families.make(tick, framed ? m_frame.exemplars() : std::vector<KeptExemplars>(), *picture);
    if (!framed) {
        picture->at = wallOf(tick.at);
        picture->interval = m_last.tick != 0 ? m_last.interval : kUsualInterval;
        picture->tick = m_last.tick + 1;
        standIn(*picture);
    }
    picture->steady = steadyOf(*picture);
    picture->endpoint.clear(); // nothing is served of a recording
    m_last.at = picture->at;
    m_last.steady = picture->steady;
    m_last.interval = picture->interval;
    m_last.tick = picture->tick;
    return picture;
}

// One clock over the whole recording: by frames while theirs goes on, by the wall's where there are none, or where
// the machine was started again in between.
core::SteadyTime Scene::steadyOf(const metrics::Snapshot& picture) const
{
    const bool recorded = picture.steady != core::SteadyTime{};
    if (m_last.tick == 0) {
        return recorded ? picture.steady : core::SteadyTime(std::chrono::hours(24));
    }
    const core::Nanos byWall = std::max<core::Nanos>(picture.at - m_last.at, core::Nanos(1));
    const core::Nanos bySteady = picture.steady - m_last.steady;
    const bool goesOn = recorded && bySteady > core::Nanos(0) && bySteady < byWall + std::chrono::minutes(1);
    return m_last.steady + (goesOn ? bySteady : byWall);
}

std::shared_ptr<const std::vector<Mark>> Scene::marksAt(core::WallTime at) const
{
    auto marks = std::make_shared<std::vector<Mark>>();
    for (const std::vector<Mark>* all : {&m_marks, &m_alertMarks}) {
        std::copy_if(all->begin(), all->end(), std::back_inserter(*marks), [&](const Mark& mark) {
            return mark.at <= at && (mark.at > at - kMarksShown || mark.kind == Mark::Kind::Note);
        });
    }
    std::stable_sort(marks->begin(), marks->end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return marks;
}

void Scene::keepCheckpoint(std::int64_t at)
{
    const auto before = m_checkpoints.upper_bound(at);
    if (before == m_checkpoints.begin() || at - std::prev(before)->first >= kCheckEvery) {
        m_checkpoints.emplace(at, alert::memoryJson(m_rules->memory()));
    }
}

} // namespace record
