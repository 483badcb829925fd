#include "monitor/collect/pg/probe.h"

#include "monitor/collect/pg/probe_session.h"
#include "monitor/collect/self/pool_texts.h"
#include "monitor/core/format.h"
#include "monitor/core/mutex.h"
#include "monitor/core/units.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <pthread.h>
#include <random>
#include <spdlog/logger.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <stop_token>
#include <thread>
#include <utility>

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;
using State = metrics::ServerView::State;

enum : std::size_t { kUp, kLatency, kMaxConnections, kOwn, kOther, kProbes, kFailures, kCount };
// clang-format off
constexpr std::array<MetricDef, kCount> kDefs{{
    {"db_up", Kind::Gauge, Unit::None, "1 when the server answers the monitor's own connection, else 0",
     {"Server up", "数据库可用"}},
    {"db_probe_latency_seconds", Kind::Gauge, Unit::Seconds, "An empty round trip to the server",
     {"Server latency", "数据库延迟"}},
    {"db_server_max_connections", Kind::Gauge, Unit::Count, "The server's max_connections",
     {"Server's limit", "数据库最大连接数"}},
    {"db_server_own_sessions", Kind::Gauge, Unit::Count,
     "Sessions of this pool and its monitor on the server",
     {"Own sessions", "自身会话数"}},
    {"db_server_other_sessions", Kind::Gauge, Unit::Count, "Sessions of everybody else on the server",
     {"Other sessions", "其他会话数"}},
    {"db_probes_total", Kind::Counter, Unit::Count, "Questions to the server, answered or not",
     {"Probes", "探测次数"}},
    {"db_probe_failures_total", Kind::Counter, Unit::Count, "Questions the server did not answer",
     {"Failed probes", "探测失败次数"}},
}};
// clang-format on

constexpr std::size_t kErrorChars = 300;

std::shared_ptr<spdlog::logger> orNamed(std::shared_ptr<spdlog::logger> logger) {
    if (!logger) {
        logger = spdlog::get("poolscope.pg");
    }
    return logger ? std::move(logger)
                  : std::make_shared<spdlog::logger>("poolscope.pg",
                                                     std::make_shared<spdlog::sinks::null_sink_mt>());
}

} // namespace

struct PgProbe::Impl {
    explicit Impl(ProbeOptions given);

    void run(const std::stop_token& stop);
    void aim(pg::ConnInfo info, std::string name);
    [[nodiscard]] std::optional<pg::ConnInfo> takeTarget();
    [[nodiscard]] bool takeWish();
    void wait(const std::stop_token& stop, core::Nanos span);
    void note(const core::Result<ProbeAnswer>& result);
    // What is to be logged about it; empty when nothing has changed.
    [[nodiscard]] std::string noteUp(const ProbeAnswer& answer) REQUIRES(mutex);
    [[nodiscard]] std::string noteDown(const core::Error& error) REQUIRES(mutex);
    [[nodiscard]] core::Nanos pause() EXCLUDES(mutex);

    const ProbeOptions options;
    const std::shared_ptr<spdlog::logger> logger;
    std::minstd_rand random{std::random_device{}()}; // the probe's thread only

    mutable core::Mutex mutex; // guards what follows up to `thread`; nothing slow under it
    core::CondVar changed;
    std::optional<pg::ConnInfo> target GUARDED_BY(mutex); // not yet taken by the thread
    bool hurry GUARDED_BY(mutex) = false;                 // retryNow() or a new target
    core::Nanos interval GUARDED_BY(mutex);
    core::Nanos backoff GUARDED_BY(mutex){0}; // 0 while the server answers
    core::SteadyTime nextTry GUARDED_BY(mutex) = {};
    core::SteadyTime downSince GUARDED_BY(mutex) = {};
    metrics::ServerView view GUARDED_BY(mutex);
    ProbeFigures figures GUARDED_BY(mutex);
    bool blockingWanted GUARDED_BY(mutex) = false;
    std::vector<metrics::Evidence::Session> blocking GUARDED_BY(mutex);
    std::jthread thread; // last: joins first
};

PgProbe::Impl::Impl(ProbeOptions given)
    : options(std::move(given))
    , logger(orNamed(options.logger))
    , interval(options.interval) {}

void PgProbe::Impl::aim(pg::ConnInfo info, std::string name) {
    {
        const core::MutexLock lock(mutex);
        view = metrics::ServerView{};
        view.state = State::Starting;
        view.target = name.empty() ? info.display() : std::move(name);
        view.since = options.clock->wallNow();
        target = std::move(info);
        backoff = core::Nanos(0);
        hurry = true;
    }
    changed.notify_all();
}

std::optional<pg::ConnInfo> PgProbe::Impl::takeTarget() {
    const core::MutexLock lock(mutex);
    hurry = false;
    return std::exchange(target, std::nullopt);
}

bool PgProbe::Impl::takeWish() {
    const core::MutexLock lock(mutex);
    return std::exchange(blockingWanted, false);
}

void PgProbe::Impl::wait(const std::stop_token& stop, core::Nanos span) {
    core::MutexLock lock(mutex);
    nextTry = std::chrono::steady_clock::now() + span;
    changed.wait_for(lock, stop, span, [this]() REQUIRES(mutex) { return hurry; });
}

void PgProbe::Impl::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "pg-probe");
    std::optional<ProbeSession> session;
    while (!stop.stop_requested()) {
        if (auto fresh = takeTarget()) {
            session.emplace(std::move(*fresh), options.ownNames);
        }
        const core::SteadyTime begin = std::chrono::steady_clock::now();
        if (session) {
            const core::Result<ProbeAnswer> result = session->ask(options.deadline, stop);
            if (stop.stop_requested()) {
                return;
            }
            note(result);
            if (result && result->latency <= options.deadline / 4 && takeWish()) {
                auto found = session->askBlocking(options.deadline / 4);
                const core::MutexLock lock(mutex);
                blocking = found ? std::move(*found) : std::vector<metrics::Evidence::Session>();
            }
        }
        const core::Nanos asked = std::chrono::steady_clock::now() - begin;
        wait(stop, std::max(core::Nanos(0), pause() - asked));
    }
}

void PgProbe::Impl::note(const core::Result<ProbeAnswer>& result) try {
    std::string line;
    {
        const core::MutexLock lock(mutex);
        if (target) {
            return; // an answer about the server of before
        }
        ++figures.probes;
        line = result ? noteUp(*result) : noteDown(result.error());
    }
    if (!line.empty()) { // not under the lock: a log file may be slow
        logger->log(result ? spdlog::level::info : spdlog::level::err, line);
    }
} catch (const std::exception&) { // no memory for a log line: asked again soon
}

std::string PgProbe::Impl::noteUp(const ProbeAnswer& answer) {
    figures.serverTime += answer.serverTime;
    std::string line;
    if (view.state == State::Down) {
        const std::string span = core::spanText(std::chrono::steady_clock::now() - downSince);
        line = texts::say(options.lang(), texts::kProbeWell, span);
    }
    if (view.state != State::Up) {
        view.since = options.clock->wallNow();
    }
    view.state = State::Up;
    view.version = answer.version;
    view.timeZone = answer.timeZone;
    view.latency = answer.latency;
    view.maxConnections = answer.maxConnections > 0 ? answer.maxConnections : view.maxConnections;
    view.reservedConnections = answer.reservedConnections;
    view.ownSessions = answer.ownSessions;
    view.otherSessions = answer.otherSessions;
    view.error.clear();
    view.sqlstate.clear();
    backoff = core::Nanos(0);
    return line;
}

std::string PgProbe::Impl::noteDown(const core::Error& error) {
    ++figures.failures;
    view.error = core::oneLine(error.message, kErrorChars);
    view.sqlstate = error.code;
    view.ownSessions = -1;
    view.otherSessions = -1;
    std::string line;
    if (view.state != State::Down) {
        view.state = State::Down;
        view.since = options.clock->wallNow();
        downSince = std::chrono::steady_clock::now();
        line = texts::say(options.lang(), texts::kProbeFailed, view.error); // once an outage
    }
    backoff = backoff.count() == 0 ? options.backoffFirst : std::min(backoff * 2, options.backoffMost);
    return line;
}

// Until the next question begins, counted from the beginning of this one. Jitter of a tenth up or down, so
// that many monitors do not come back to a server at the same moment.
core::Nanos PgProbe::Impl::pause() {
    const core::MutexLock lock(mutex);
    if (backoff.count() == 0) {
        return interval;
    }
    const double jitter = std::uniform_real_distribution<double>(0.9, 1.1)(random);
    return std::chrono::duration_cast<core::Nanos>(backoff * jitter);
}

PgProbe::PgProbe(ProbeOptions options)
    : m_impl(std::make_unique<Impl>(std::move(options))) {}

PgProbe::~PgProbe() {
    stop();
}

void PgProbe::start(pg::ConnInfo target, std::string name) {
    m_impl->aim(std::move(target), std::move(name));
    if (!m_impl->thread.joinable()) {
        m_impl->thread =
            std::jthread([impl = m_impl.get()](const std::stop_token& stop) { impl->run(stop); });
    }
}

void PgProbe::retarget(pg::ConnInfo target, std::string name) {
    m_impl->aim(std::move(target), std::move(name));
}

void PgProbe::retryNow() {
    {
        const core::MutexLock lock(m_impl->mutex);
        m_impl->hurry = true;
        m_impl->backoff = core::Nanos(0);
    }
    m_impl->changed.notify_all();
}

void PgProbe::wantBlocking() {
    {
        const core::MutexLock lock(m_impl->mutex);
        m_impl->blockingWanted = true;
        if (m_impl->backoff.count() > 0) {
            return; // it is away: no more knocking than usual
        }
        m_impl->hurry = true;
    }
    m_impl->changed.notify_all();
}

std::vector<metrics::Evidence::Session> PgProbe::takeBlocking() {
    const core::MutexLock lock(m_impl->mutex);
    return std::exchange(m_impl->blocking, {});
}

void PgProbe::setInterval(core::Nanos interval) {
    const core::MutexLock lock(m_impl->mutex);
    m_impl->interval = interval;
}

void PgProbe::stop() {
    m_impl->thread.request_stop();
    if (m_impl->thread.joinable()) {
        m_impl->thread.join();
    }
}

metrics::ServerView PgProbe::view() const {
    const core::MutexLock lock(m_impl->mutex);
    metrics::ServerView view = m_impl->view;
    if (view.state == State::Down) {
        view.nextTryIn =
            std::max(core::Nanos(0), core::Nanos(m_impl->nextTry - std::chrono::steady_clock::now()));
    }
    return view;
}

ProbeFigures PgProbe::figures() const {
    const core::MutexLock lock(m_impl->mutex);
    return m_impl->figures;
}

std::span<const MetricDef> probeMetrics() noexcept {
    return kDefs;
}

std::span<const MetricDef> ProbeCollector::metrics() const noexcept {
    return probeMetrics();
}

core::Result<void> ProbeCollector::collect(metrics::SampleBuilder& out) {
    metrics::ServerView view = m_probe.view();
    const ProbeFigures figures = m_probe.figures();
    const bool known = view.state == State::Up || view.state == State::Down;
    if (known) { // before the first answer nobody knows
        out.push(kDefs[kUp], view.state == State::Up ? 1 : 0);
    }
    if (view.state == State::Up) {
        out.push(kDefs[kLatency], core::seconds(view.latency));
    }
    if (view.maxConnections > 0) {
        out.push(kDefs[kMaxConnections], view.maxConnections);
    }
    if (view.ownSessions >= 0) {
        out.push(kDefs[kOwn], view.ownSessions);
        out.push(kDefs[kOther], view.otherSessions);
    }
    out.push(kDefs[kProbes], static_cast<double>(figures.probes));
    out.push(kDefs[kFailures], static_cast<double>(figures.failures));
    std::string error = view.error;
    std::string code = view.sqlstate;
    const bool down = view.state == State::Down;
    out.snapshot().server = std::move(view);
    return down ? core::Result<void>(core::fail(std::move(error), std::move(code))) : core::Result<void>();
}

} // namespace collect
