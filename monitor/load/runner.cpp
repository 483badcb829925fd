#include "monitor/load/runner.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <utility>

namespace load {

namespace {

using metrics::ScenarioState;

// An alert that fires this long after a run's end is still its doing: rules are looked at once a tick.
constexpr core::Nanos kGrace = std::chrono::seconds(3);

constexpr core::Text kNotHere{"only on the PostgreSQL that Poolscope itself has started",
                              "仅可用于 Poolscope 自己启动的 PostgreSQL"};
constexpr core::Text kConsent{"this server is not Poolscope's own: the run needs your consent",
                              "该服务器不属于 Poolscope：运行前需要您的同意"};

bool isUnderWay(ScenarioState state) {
    return state == ScenarioState::Running || state == ScenarioState::Stopping;
}

void addOnce(std::vector<std::string>& names, std::string_view name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.emplace_back(name);
    }
}

} // namespace

// A scenario and its present or last run. Everything but spec and step is guarded by the runner's mutex.
struct Runner::Entry {
    ScenarioSpec spec;
    const StepDef* step = nullptr;
    ScenarioState state = ScenarioState::Ready;
    Parameters parameters;
    core::WallTime startedAt = {};
    core::SteadyTime begun = {};
    core::SteadyTime ended = {};
    std::string message;
    std::vector<std::string> expected;
    std::vector<std::string> seen;
    std::shared_ptr<RunFigures> figures = std::make_shared<RunFigures>();
    std::jthread thread; // last: joins first
};

Runner::Runner(pool::ConnectionPool& pool, RunnerOptions options)
    : m_pool(pool)
    , m_options(std::move(options))
    , m_schema(m_options.connInfo, m_options.lang) {
    Catalog catalog = loadCatalog(m_options.folders);
    m_problems = std::move(catalog.problems);
    for (ScenarioSpec& spec : catalog.scenarios) {
        auto entry = std::make_unique<Entry>();
        entry->step = findStep(spec.step);
        entry->parameters = completed(spec, {}, m_options.lang()).value_or(Parameters());
        entry->expected = expectedAlerts(spec, entry->parameters);
        entry->spec = std::move(spec);
        m_entries.push_back(std::move(entry));
    }
}

Runner::~Runner() {
    stopAll();
    for (const auto& entry : m_entries) {
        std::jthread thread;
        {
            const core::MutexLock lock(m_mutex);
            thread = std::move(entry->thread);
        }
    } // joins one by one; all have been told to stop
}

core::Result<void> Runner::start(std::string_view name, const Parameters& parameters, Consent consent) {
    const std::vector<std::string> firing =
        m_options.firingAlerts ? m_options.firingAlerts() : std::vector<std::string>();
    std::jthread previous; // has come to its end; joined when the lock is gone
    const core::MutexLock lock(m_mutex);
    Entry* entry = find(name);
    if (!entry) {
        return unknown(name);
    }
    auto all = completed(entry->spec, parameters, m_options.lang());
    if (!all) {
        return core::fail(all.error().message, all.error().code);
    }
    if (auto refused = refusal(*entry, consent); !refused) {
        return refused;
    }
    previous = std::move(entry->thread);
    begin(*entry, std::move(all).value(), firing);
    return {};
}

core::Result<void> Runner::refusal(const Entry& entry, Consent consent) const {
    const core::Lang lang = m_options.lang();
    if (entry.step->reach == Reach::OwnServer && !m_options.server.ours()) {
        return core::fail(fmt::format("{}: {}", entry.spec.name, kNotHere.in(lang)), "unavailable");
    }
    if (isUnderWay(entry.state)) {
        return core::fail(lang == core::Lang::Chinese
                              ? fmt::format("场景 {} 正在运行", entry.spec.name)
                              : fmt::format("scenario {} is already running", entry.spec.name),
                          "running");
    }
    if (entry.step->reach == Reach::Server && m_options.consentNeeded && consent == Consent::NotGiven) {
        return core::fail(fmt::format("{}: {}", entry.spec.name, kConsent.in(lang)), "consent");
    }
    return {};
}

void Runner::begin(Entry& entry, Parameters parameters, const std::vector<std::string>& firing) {
    entry.state = ScenarioState::Running;
    entry.parameters = parameters;
    entry.startedAt = m_options.clock->wallNow();
    entry.begun = m_options.clock->steadyNow();
    entry.ended = {};
    entry.message.clear();
    entry.expected = expectedAlerts(entry.spec, parameters);
    entry.seen.clear();
    for (const std::string& alert :
         firing) { // already there, and kept up by this run: it will not begin again
        if (std::find(entry.expected.begin(), entry.expected.end(), alert) != entry.expected.end()) {
            entry.seen.push_back(alert);
        }
    }
    entry.figures = std::make_shared<RunFigures>();
    entry.thread =
        std::jthread([this, &entry, parameters = std::move(parameters)](std::stop_token stop) mutable {
            run(entry, std::move(parameters), std::move(stop));
        });
}

void Runner::run(Entry& entry, Parameters parameters, std::stop_token stop) {
    mark(entry, metrics::Mark::Kind::ScenarioStarted);
    auto result = perform(entry, std::move(parameters), stop);
    if (stop.stop_requested()) {
        result = {}; // what was cut short did not fail
    } else if (!result) {
        spdlog::warn("scenario {}: {}", entry.spec.name, result.error().message);
    }
    mark(entry, metrics::Mark::Kind::ScenarioEnded);
    {
        const core::MutexLock lock(m_mutex);
        entry.ended = m_options.clock->steadyNow();
        entry.message = result ? std::string() : result.error().message;
        entry.state = stop.stop_requested() ? ScenarioState::Stopped
                      : result              ? ScenarioState::Done
                                            : ScenarioState::Failed;
    }
    m_ended.notify_all();
}

core::Result<void> Runner::perform(const Entry& entry, Parameters parameters, std::stop_token stop) {
    std::shared_ptr<RunFigures> figures;
    {
        const core::MutexLock lock(m_mutex);
        figures = entry.figures;
    }
    try {
        Context context(
            {m_pool, m_schema, m_options.server, *m_options.clock, m_options.connInfo, m_options.lang,
             m_timedStepsWait},
            std::move(parameters), *figures, std::move(stop));
        return entry.step->run(context);
    } catch (const std::exception& error) { // the machine has no more threads or memory
        return core::fail(core::oneLine(error.what(), 200), "machine");
    }
}

core::Result<void> Runner::stop(std::string_view name) {
    const core::MutexLock lock(m_mutex);
    Entry* entry = find(name);
    if (!entry) {
        return unknown(name);
    }
    if (!isUnderWay(entry->state)) {
        return core::fail(m_options.lang() == core::Lang::Chinese
                              ? fmt::format("场景 {} 未在运行", entry->spec.name)
                              : fmt::format("scenario {} is not running", entry->spec.name),
                          "not_running");
    }
    entry->state = ScenarioState::Stopping;
    entry->thread.request_stop();
    return {};
}

void Runner::stopAll() {
    const core::MutexLock lock(m_mutex);
    for (const auto& entry : m_entries) {
        if (isUnderWay(entry->state)) {
            entry->state = ScenarioState::Stopping;
            entry->thread.request_stop();
        }
    }
}

bool Runner::waitIdle(core::Nanos atMost) {
    const core::SteadyTime until = std::chrono::steady_clock::now() + atMost;
    const auto idle = [this] {
        return std::none_of(m_entries.begin(), m_entries.end(),
                            [](const auto& entry) { return isUnderWay(entry->state); });
    };
    core::MutexLock lock(m_mutex);
    return m_ended.wait_until(lock, until, idle);
}

bool Runner::running() const {
    const core::MutexLock lock(m_mutex);
    return std::any_of(m_entries.begin(), m_entries.end(),
                       [](const auto& entry) { return isUnderWay(entry->state); });
}

std::vector<metrics::ScenarioRow> Runner::rows(core::Lang lang) const {
    const core::MutexLock lock(m_mutex);
    std::vector<metrics::ScenarioRow> rows;
    rows.reserve(m_entries.size());
    for (const auto& entry : m_entries) {
        rows.push_back(rowOf(*entry, lang));
    }
    return rows;
}

metrics::ScenarioRow Runner::rowOf(const Entry& entry, core::Lang lang) const {
    metrics::ScenarioRow row;
    row.name = entry.spec.name;
    row.title = entry.spec.title.in(lang);
    row.description = entry.spec.description.in(lang);
    for (const ParameterSpec& parameter : entry.spec.parameters) {
        const auto value = entry.parameters.find(parameter.name);
        row.parameters.push_back({parameter.name, parameter.title.in(lang), parameter.unit,
                                  value == entry.parameters.end() ? parameter.fallback : value->second,
                                  parameter.fallback, parameter.minimum, parameter.maximum, parameter.whole});
    }
    row.state = entry.state;
    const auto duration = entry.parameters.find("duration");
    row.duration = std::chrono::duration_cast<core::Nanos>(
        std::chrono::duration<double>(duration == entry.parameters.end() ? 0 : duration->second));
    row.requests = entry.figures->requests.load(std::memory_order_relaxed);
    row.failures = entry.figures->failures.load(std::memory_order_relaxed);
    row.startedAt = entry.startedAt;
    row.message = entry.message;
    row.expectedAlerts = entry.expected;
    row.seenAlerts = entry.seen;
    row.needsConsent = m_options.consentNeeded && entry.step->reach == Reach::Server;
    row.available = entry.step->reach != Reach::OwnServer || m_options.server.ours();
    if (!row.available) {
        row.message = std::string(kNotHere.in(lang));
    }
    if (entry.state != ScenarioState::Ready) {
        const bool underWay = isUnderWay(entry.state);
        row.elapsed = (underWay ? m_options.clock->steadyNow() : entry.ended) - entry.begun;
        row.progress = entry.state == ScenarioState::Done
                           ? 1
                           : std::clamp(core::seconds(row.elapsed) / core::seconds(row.duration), 0.0, 1.0);
        const core::MutexLock phaseLock(entry.figures->mutex);
        row.phase = underWay ? std::string(entry.figures->phase.in(lang)) : std::string();
    }
    return row;
}

void Runner::noteAlert(std::string_view name) {
    const core::MutexLock lock(m_mutex);
    const core::SteadyTime now = m_options.clock->steadyNow();
    for (const auto& entry : m_entries) {
        const bool justEnded =
            entry->state != ScenarioState::Ready && !isUnderWay(entry->state) && now - entry->ended <= kGrace;
        if (isUnderWay(entry->state) || justEnded) {
            addOnce(entry->seen, name);
        }
    }
}

Runner::Entry* Runner::find(std::string_view name) const {
    const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                 [name](const auto& entry) { return entry->spec.name == name; });
    return at == m_entries.end() ? nullptr : at->get();
}

core::Unexpected<core::Error> Runner::unknown(std::string_view name) const {
    std::string known;
    for (const auto& entry : m_entries) {
        known += (known.empty() ? "" : ", ") + entry->spec.name;
    }
    const std::string shown = core::oneLine(name, 60);
    return core::fail(m_options.lang() == core::Lang::Chinese
                          ? fmt::format("没有名为“{}”的场景；可用场景：{}", shown, known)
                          : fmt::format("there is no scenario \"{}\"; there are {}", shown, known),
                      "unknown_scenario");
}

void Runner::mark(const Entry& entry, metrics::Mark::Kind kind) const {
    if (m_options.onMark) {
        m_options.onMark({kind, m_options.clock->wallNow(), entry.spec.title.in(m_options.lang())});
    }
}

} // namespace load
