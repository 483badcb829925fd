#include "monitor/store/history.h"

#include "monitor/store/write_session.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace store {

namespace {

constexpr auto kLook =
    std::chrono::milliseconds(100);          // how exactly the second between two transactions is kept
constexpr std::size_t kAtATime = 600;        // ticks a transaction, when many wait
constexpr std::size_t kMostRecords = 10'000; // held while the disk cannot be written
constexpr int kConstraint = 19;
constexpr int kMismatch = 20;
constexpr int kRefusals = 3;

core::SteadyTime now()
{
    return core::SystemClock::instance().steadyNow();
}

} // namespace

History::History(StoreOptions options)
    : m_options(std::move(options))
    , m_queue(m_options.maxWaiting)
    , m_records(kMostRecords)
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

History::~History()
{
    stop();
}

bool History::append(TickSamples tick)
{
    return m_queue.push(std::move(tick));
}

bool History::record(Record record)
{
    return m_records.push(std::move(record));
}

void History::retryNow()
{
    m_retry = true;
}

void History::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

StoreStatus History::status() const
{
    const core::MutexLock lock(m_mutex);
    StoreStatus status = m_status;
    status.ticksDropped += m_queue.dropped();
    status.recordsDropped += m_records.dropped();
    return status;
}

bool History::due(core::SteadyTime at) const
{
    if (!m_session) {
        return at >= m_nextTry;
    }
    return (!m_waiting.empty() || !m_waitingRecords.empty()) && at - m_lastCommit >= m_options.commitEvery;
}

void History::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        if (m_retry.exchange(false)) {
            m_nextTry = {};
        }
        if (due(now())) {
            step();
        }
        take(m_queue.waitAndDrain(stop, kLook));
    }
    take(m_queue.drain());
    if (m_session || !m_waiting.empty() || !m_waitingRecords.empty()) {
        step();
    }
    try {
        if (m_session) {
            m_session->close();
        }
    } catch (const SqlFailure& failure) {
        spdlog::warn("history: {}", failure.message);
    }
    m_session.reset();
    say(StoreState::Off, {});
}

// Keeps what waits within its bound.
void History::take(std::vector<TickSamples> ticks)
{
    m_waiting.insert(m_waiting.end(), std::make_move_iterator(ticks.begin()),
                     std::make_move_iterator(ticks.end()));
    auto records = m_records.drain();
    m_waitingRecords.insert(m_waitingRecords.end(), std::make_move_iterator(records.begin()),
                            std::make_move_iterator(records.end()));
    for (; m_waiting.size() > m_options.maxWaiting; ++m_dropped) {
        lose(m_waiting.front().at);
        m_waiting.pop_front();
    }
    for (; m_waitingRecords.size() > kMostRecords; ++m_recordsDropped) {
        m_waitingRecords.pop_front();
    }
    account();
}

// The file says itself where it lacks something, once it can be written again.
void History::lose(std::int64_t at)
{
    const core::WallTime when{std::chrono::milliseconds(at)};
    if (!m_lost) {
        m_lost = Annotation{when, when, "gap", "not_written", ""};
    }
    m_lost->until = when;
}

void History::step()
{
    try {
        if (!m_session) {
            m_session = std::make_unique<WriteSession>(m_options);
        }
        writeWaiting();
        m_refusals = 0;
        say(StoreState::Open, {});
    } catch (const SqlFailure& failure) {
        failed(failure);
    }
    account();
}

void History::writeWaiting()
{
    while (!m_waiting.empty() || !m_waitingRecords.empty()) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(m_waiting.size(), kAtATime));
        const std::vector<TickSamples> ticks(m_waiting.begin(), m_waiting.begin() + count);
        std::vector<Record> records(m_waitingRecords.begin(), m_waitingRecords.end());
        if (m_lost) {
            records.emplace_back(*m_lost);
        }
        m_session->write(ticks, records);
        m_lost.reset();
        m_waiting.erase(m_waiting.begin(), m_waiting.begin() + count);
        m_waitingRecords.clear();
        m_lastCommit = now();
    }
}

void History::failed(const SqlFailure& failure)
{
    m_samples += m_session ? m_session->samples().samples() : 0;
    m_session.reset();
    m_nextTry = now() + m_options.retryEvery;
    if (failure.code == kCorrupt || failure.code == kNotADatabase) {
        setAside();
        m_nextTry = {};
    } else if ((failure.code == kConstraint || failure.code == kMismatch) && ++m_refusals >= kRefusals) {
        m_dropped += m_waiting.size(); // it will never go in
        m_recordsDropped += m_waitingRecords.size();
        m_waiting.clear();
        m_waitingRecords.clear();
        m_refusals = 0;
    }
    const StoreState state = failure.code == kLockedElsewhere ? StoreState::Locked
                             : failure.code == kNewerFile     ? StoreState::NewerFile
                                                              : StoreState::Failing;
    {
        const core::MutexLock lock(m_mutex);
        ++m_status.failures;
    }
    say(state, failure.message);
}

// A damaged file is kept for whoever wants to mend it; a new one is begun.
void History::setAside() const
{
    const auto stamp = std::chrono::duration_cast<std::chrono::seconds>(
                           core::SystemClock::instance().wallNow().time_since_epoch())
                           .count();
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::filesystem::path from = m_options.file;
        from += suffix;
        std::filesystem::path to = m_options.file;
        to += fmt::format(".damaged-{}{}", stamp, suffix);
        std::error_code error;
        std::filesystem::rename(from, to, error);
    }
    spdlog::error("history: {} is damaged; kept as {}.damaged-{}, begun anew", m_options.file.string(),
                  m_options.file.filename().string(), stamp);
}

void History::say(StoreState state, std::string problem)
{
    StoreStatus changed;
    {
        const core::MutexLock lock(m_mutex);
        if (m_status.state == state && m_status.problem == problem) {
            return;
        }
        m_status.state = state;
        m_status.problem = std::move(problem);
        changed = m_status;
    }
    if (m_options.onState) {
        m_options.onState(changed);
    }
}

void History::account()
{
    const std::uint64_t bytes = bytesOnDisk(m_options.file);
    const core::MutexLock lock(m_mutex);
    m_status.bytes = bytes;
    m_status.waiting = m_waiting.size() + m_waitingRecords.size();
    m_status.ticksDropped = m_dropped;
    m_status.recordsDropped = m_recordsDropped;
    m_status.samplesWritten = m_samples + (m_session ? m_session->samples().samples() : 0);
    m_status.newest = m_session && m_waiting.empty() ? m_session->samples().newest() : m_status.newest;
}

} // namespace store
