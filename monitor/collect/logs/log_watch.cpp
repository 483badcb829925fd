#include "monitor/collect/logs/log_watch.h"

#include <algorithm>
#include <array>
#include <utility>

namespace collect {

namespace {

constexpr std::size_t kMostBytesALook = 4 * 1024 * 1024;
constexpr int kSpeedWindow = 10; // s

LineLevel levelOf(metrics::LogLevel level) noexcept
{
    switch (level) {
    case metrics::LogLevel::Trace:
        return LineLevel::Trace;
    case metrics::LogLevel::Debug:
        return LineLevel::Debug;
    case metrics::LogLevel::Info:
        return LineLevel::Info;
    case metrics::LogLevel::Warning:
        return LineLevel::Warning;
    case metrics::LogLevel::Error:
        return LineLevel::Error;
    case metrics::LogLevel::Critical:
        break;
    }
    return LineLevel::Critical;
}

std::vector<LogWatch> makeWatches(const LogWatcherOptions& options)
{
    std::vector<LogWatch> watches;
    watches.reserve(options.files.size() + 1);
    if (options.ownLog) {
        watches.emplace_back(LogSpec{kOwnLog, {}});
    }
    for (const LogSpec& spec : options.files) {
        watches.emplace_back(spec);
        if (const auto known = options.positions.find(spec.name); known != options.positions.end()) {
            watches.back().resume(known->second);
        }
    }
    return watches;
}

} // namespace

LogWatch::LogWatch(LogSpec spec)
    : m_spec(std::move(spec))
    , m_reader(m_spec)
    , m_tail(m_spec.path.empty() ? nullptr : std::make_unique<Tail>(m_spec.path, m_spec.encoding))
    , m_sessions(m_spec.leakAfter)
{
}

void LogWatch::resume(LogPosition position)
{
    if (m_tail) {
        m_tail->resume(std::move(position));
    }
}

void LogWatch::poll(std::size_t most, core::SteadyTime now)
{
    if (m_tail) {
        m_tail->poll(most, [&](std::string_view line) { take(line, now); });
    }
}

void LogWatch::take(std::string_view line, core::SteadyTime now)
{
    if (!line.empty()) {
        count(m_reader.read(line), now);
    }
}

void LogWatch::take(const metrics::LogEntry& entry, core::SteadyTime now)
{
    LineFacts facts = m_reader.read(entry.text);
    facts.level = levelOf(entry.level);
    facts.error = facts.level >= LineLevel::Error;
    count(facts, now);
}

void LogWatch::count(const LineFacts& facts, core::SteadyTime now)
{
    ++m_lineCount;
    m_lines.note(now);
    m_lastLine = now;
    if (facts.error) {
        ++m_errorCount;
        m_errors.note(now);
    }
    if (facts.text.find(m_spec.sessionCreated) != std::string::npos) {
        m_sessions.created(facts.session, now);
    } else if (facts.text.find(m_spec.sessionClosed) != std::string::npos) {
        m_sessions.closed(facts.session, now);
    } else if (facts.text.find(m_spec.sessionFailed) != std::string::npos) {
        m_sessions.failed(facts.session, now);
    }
}

LogFigures LogWatch::figures(core::SteadyTime now)
{
    LogFigures figures;
    figures.sessions = m_sessions.figures(now);
    metrics::LogFileRow& row = figures.row;
    row.name = m_spec.name;
    row.path = m_spec.path.string();
    row.state = m_tail ? m_tail->state() : metrics::LogFileState::Following;
    row.lines = m_lineCount;
    row.errors = m_errorCount;
    row.linesPerSecond = static_cast<double>(m_lines.last(now, kSpeedWindow)) / kSpeedWindow;
    row.errorsPerMinute = m_errors.last(now);
    row.openSessions = figures.sessions.open;
    row.suspectedLeaks = figures.sessions.suspectedNow;
    row.quietFor = m_lineCount == 0 ? core::Nanos(0) : core::Nanos(now - m_lastLine);
    if (m_tail) {
        row.reason = m_tail->reason();
        row.encoding = m_tail->encoding();
        figures.rotations = m_tail->rotations() + m_tail->truncations();
        figures.skippedBytes = m_tail->skipped();
        figures.cutLines = m_tail->cut();
    }
    return figures;
}

std::optional<LogPosition> LogWatch::position() const
{
    return m_tail ? m_tail->position() : std::nullopt;
}

LogWatcher::LogWatcher(LogWatcherOptions options)
    : m_options(std::move(options))
    , m_watches(makeWatches(m_options))
    , m_positions(m_options.positions)
{
}

LogWatcher::~LogWatcher()
{
    stop();
}

void LogWatcher::start()
{
    m_thread = std::make_unique<core::Periodic>(
        m_options.interval, [this](const core::PeriodicTick&, const std::stop_token&) { look(); });
}

void LogWatcher::stop()
{
    m_thread.reset();
}

void LogWatcher::setFiles(const std::vector<LogSpec>& files)
{
    LogWatcherOptions wanted = m_options;
    wanted.files = files;
    const core::MutexLock looking(m_lookMutex);
    wanted.positions = positions();
    std::vector<LogWatch> fresh = makeWatches(wanted);
    std::vector<LogWatch> watches;
    watches.reserve(fresh.size());
    for (LogWatch& watch : fresh) {
        const auto same = std::find_if(m_watches.begin(), m_watches.end(),
                                       [&](const LogWatch& old) { return old.spec() == watch.spec(); });
        watches.push_back(std::move(same != m_watches.end() ? *same : watch));
    }
    m_watches = std::move(watches);
}

void LogWatcher::look()
{
    const core::MutexLock looking(m_lookMutex);
    const core::SteadyTime now = m_options.clock->steadyNow();
    std::vector<LogFigures> all;
    std::map<std::string, LogPosition> positions;
    for (LogWatch& watch : m_watches) {
        if (watch.spec().path.empty()) {
            for (const metrics::LogEntry& entry : m_options.ownLog()) {
                watch.take(entry, now);
            }
        }
        watch.poll(kMostBytesALook, now);
        all.push_back(watch.figures(now));
        if (auto position = watch.position()) {
            positions.insert_or_assign(watch.spec().name, std::move(*position));
        }
    }
    const core::MutexLock lock(m_mutex);
    m_figures = std::move(all);
    for (auto& [name, position] : positions) {
        m_positions.insert_or_assign(name, std::move(position));
    }
}

std::vector<LogFigures> LogWatcher::figures() const
{
    const core::MutexLock lock(m_mutex);
    return m_figures;
}

std::map<std::string, LogPosition> LogWatcher::positions() const
{
    const core::MutexLock lock(m_mutex);
    return m_positions;
}

} // namespace collect
