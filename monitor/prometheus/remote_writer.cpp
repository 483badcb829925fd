#include "monitor/prometheus/remote_writer.h"

#include "monitor/prometheus/transport.h"
#include "monitor/prometheus/write_request.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace prometheus {

namespace {

constexpr core::Nanos kFarewell = std::chrono::seconds(2);

} // namespace

RemoteWriter::RemoteWriter(RemoteWriteSpec spec, const core::Clock& clock, Start start)
    : m_spec(std::move(spec))
    , m_clock(clock)
    , m_held(start == Start::WhenAdopted)
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

RemoteWriter::~RemoteWriter()
{
    stop();
}

void RemoteWriter::push(std::vector<series::LatestSample> tick)
{
    if (tick.empty()) {
        return;
    }
    {
        const core::MutexLock lock(m_mutex);
        if (m_ending || tick.front().sample.at <= m_figures.newestIn) {
            return; // the clock was put back: the server would refuse them
        }
        m_figures.newestIn = tick.front().sample.at;
        if (m_queue.empty()) {
            m_oldestSince = m_clock.steadyNow();
        }
        m_queue.insert(m_queue.end(), tick.begin(), tick.end());
        if (m_queue.size() > m_spec.mostPending) {
            drop(m_queue.size() - m_spec.mostPending);
        }
        m_figures.pending = m_queue.size();
        m_lastTick = std::move(tick);
    }
    m_changed.notify_all();
}

// The oldest.
void RemoteWriter::drop(std::size_t count)
{
    m_queue.erase(m_queue.begin(), m_queue.begin() + static_cast<std::ptrdiff_t>(count));
    m_figures.dropped += count;
    m_figures.lost += count;
}

bool RemoteWriter::isTooOld(const series::LatestSample& sample) const
{
    const auto age = core::Millis(core::epochMillis(m_clock.wallNow()) - sample.sample.at);
    return age > m_spec.mostAge;
}

void RemoteWriter::dropOld()
{
    const auto young =
        std::ranges::find_if(m_queue, [this](const series::LatestSample& one) { return !isTooOld(one); });
    drop(static_cast<std::size_t>(young - m_queue.begin()));
}

void RemoteWriter::adopt(RemoteBacklog backlog)
{
    {
        const core::MutexLock lock(m_mutex);
        m_queue.insert(m_queue.begin(), std::make_move_iterator(backlog.queue.begin()),
                       std::make_move_iterator(backlog.queue.end()));
        if (m_queue.size() > m_spec.mostPending) {
            drop(m_queue.size() - m_spec.mostPending);
        }
        const RemoteWriteFigures& before = backlog.figures;
        m_figures.sent += before.sent;
        m_figures.failed += before.failed;
        m_figures.dropped += before.dropped;
        m_figures.lost += before.lost; // nobody has taken any since
        m_figures.retried += before.retried;
        m_figures.bytes += before.bytes;
        m_figures.newestIn = std::max(m_figures.newestIn, before.newestIn);
        m_figures.newestSent = std::max(m_figures.newestSent, before.newestSent);
        m_figures.pending = m_queue.size();
        m_held = false;
    }
    m_changed.notify_all();
}

RemoteBacklog RemoteWriter::abandon()
{
    if (m_thread.joinable()) {
        {
            const core::MutexLock lock(m_mutex);
            m_abandoned = true;
            m_ending = true;
            m_endBy = m_clock.steadyNow();
        }
        m_cut.request_stop();
        m_thread.request_stop();
        m_changed.notify_all();
        m_thread.join();
    }
    const core::MutexLock lock(m_mutex);
    RemoteBacklog backlog{std::exchange(m_queue, {}), m_figures};
    m_figures.pending = 0;
    return backlog;
}

RemoteWriteFigures RemoteWriter::figures() const
{
    const core::MutexLock lock(m_mutex);
    return m_figures;
}

void RemoteWriter::stop()
{
    if (!m_thread.joinable()) {
        return;
    }
    {
        const core::MutexLock lock(m_mutex);
        for (series::LatestSample& one : m_lastTick) {
            if (!series::isStale(one.sample.value)) {
                m_queue.push_back({one.labels, {one.sample.at + 1, series::staleMarker()}});
            }
        }
        m_lastTick.clear();
        m_figures.pending = m_queue.size();
        m_ending = true;
        m_endBy = m_clock.steadyNow() + kFarewell;
    }
    m_thread.request_stop();
    m_changed.notify_all();
    m_thread.join();
}

// Until a batch is full, old enough, or the end has come.
std::vector<series::LatestSample> RemoteWriter::nextBatch(const std::stop_token& stop)
{
    core::MutexLock lock(m_mutex);
    const auto ready = [this] {
        return m_ending || (!m_held && m_queue.size() >= kBatch) ||
               (!m_held && !m_queue.empty() && m_clock.steadyNow() - m_oldestSince >= m_spec.patience);
    };
    while (!ready() && !stop.stop_requested()) {
        static_cast<void>(
            m_changed.wait_for(lock, std::min<core::Nanos>(m_spec.patience, std::chrono::milliseconds(500))));
    }
    if (m_abandoned) {
        return {};
    }
    dropOld();
    const auto count = static_cast<std::ptrdiff_t>(std::min(m_queue.size(), kBatch));
    std::vector<series::LatestSample> batch(m_queue.begin(), m_queue.begin() + count);
    m_queue.erase(m_queue.begin(), m_queue.begin() + count);
    m_oldestSince = m_clock.steadyNow();
    return batch;
}

void RemoteWriter::run(const std::stop_token& stop)
{
    const std::stop_callback hurry(stop, [this] { m_changed.notify_all(); });
    for (;;) {
        const auto batch = nextBatch(stop);
        if (!batch.empty()) {
            deliverUntilDone(batch);
        }
        const core::MutexLock lock(m_mutex);
        if (m_ending && (m_queue.empty() || m_clock.steadyNow() >= m_endBy)) {
            return;
        }
    }
}

// False when the end has come and its time is over.
bool RemoteWriter::pause(core::Nanos span)
{
    core::MutexLock lock(m_mutex);
    const core::SteadyTime until = m_clock.steadyNow() + span;
    while (m_clock.steadyNow() < (m_ending ? std::min(until, m_endBy) : until)) {
        const core::Nanos left = (m_ending ? std::min(until, m_endBy) : until) - m_clock.steadyNow();
        static_cast<void>(m_changed.wait_for(lock, std::clamp<core::Nanos>(left, std::chrono::milliseconds(1),
                                                                           std::chrono::milliseconds(200))));
    }
    return !m_ending || m_clock.steadyNow() < m_endBy;
}

void RemoteWriter::deliverUntilDone(const std::vector<series::LatestSample>& batch)
{
    const std::string body = snappyBlock(writeRequest(batch, m_spec.external));
    const auto left = [this, &batch] { // until the batch is too old, and a little
        const core::Millis age(core::epochMillis(m_clock.wallNow()) - batch.back().sample.at);
        return std::min<core::Nanos>(m_backOff.left(m_clock.steadyNow()),
                                     m_spec.mostAge - age + std::chrono::milliseconds(1));
    };
    Outcome outcome = deliver(batch, body);
    while (outcome == Outcome::Again && pause(left())) {
        if (isTooOld(batch.back())) {
            outcome = Outcome::TooOld;
            break;
        }
        {
            const core::MutexLock lock(m_mutex);
            m_figures.retried += batch.size();
        }
        outcome = deliver(batch, body);
    }
    settle(batch, outcome, body.size());
}

void RemoteWriter::settle(const std::vector<series::LatestSample>& batch, Outcome outcome, std::size_t bytes)
{
    const std::uint64_t lost = figures().lost;
    if (outcome == Outcome::Sent && lost > 0) {
        spdlog::warn("remote write goes on; {} samples were lost meanwhile", lost);
    }
    const core::MutexLock lock(m_mutex);
    switch (outcome) {
    case Outcome::Sent:
        m_figures.lost = 0;
        m_figures.sent += batch.size();
        m_figures.bytes += bytes;
        m_figures.newestSent = std::max(m_figures.newestSent, batch.back().sample.at);
        break;
    case Outcome::Refused:
        m_figures.failed += batch.size();
        break;
    case Outcome::Again: // the end has come, for the program or for this writer
        if (m_abandoned) {
            m_queue.insert(m_queue.begin(), batch.begin(), batch.end());
        } else {
            m_figures.dropped += batch.size();
        }
        break;
    case Outcome::TooOld:
        m_figures.dropped += batch.size();
        m_figures.lost += batch.size();
        break;
    }
    m_figures.pending = m_queue.size();
}

RemoteWriter::Outcome RemoteWriter::deliver(const std::vector<series::LatestSample>& batch,
                                            const std::string& body)
{
    ServerSpec endpoint = m_spec.endpoint;
    {
        const core::MutexLock lock(m_mutex);
        if (m_ending) {
            endpoint.timeout = std::min(endpoint.timeout, kFarewell);
        }
    }
    const Request request{{},
                          body,
                          "application/x-protobuf",
                          {"Content-Encoding: snappy", "X-Prometheus-Remote-Write-Version: 0.1.0"}};
    const Reply reply = send(endpoint, request, m_cut.get_token());
    const bool well = reply.status >= 200 && reply.status <= 299;
    const bool again = reply.status == 0 || reply.status >= 500 || reply.status == 429;
    std::string problem = well                      ? std::string()
                          : reply.status == 0       ? reply.error
                          : !reply.redirect.empty() ? fmt::format("HTTP {} to {}, which is not followed",
                                                                  reply.status, reply.redirect)
                                                    : fmt::format("HTTP {}", reply.status);
    if (!well && !again) {
        spdlog::warn("remote write: {} samples refused: {}", batch.size(), problem);
    }
    if (well) {
        m_backOff.succeed();
    } else if (again) {
        m_backOff.fail(m_clock.steadyNow(), reply.retryAfter);
    }
    const core::MutexLock lock(m_mutex);
    m_figures.problem = std::move(problem);
    return well ? Outcome::Sent : again ? Outcome::Again : Outcome::Refused;
}

} // namespace prometheus
