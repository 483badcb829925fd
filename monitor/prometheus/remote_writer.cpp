#include "monitor/prometheus/remote_writer.h"

#include "monitor/prometheus/transport.h"
#include "monitor/prometheus/write_request.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace prometheus {

namespace {

constexpr core::Nanos kFarewell = std::chrono::seconds(2);

} // namespace

RemoteWriter::RemoteWriter(RemoteWriteSpec spec, const core::Clock& clock)
    : m_spec(std::move(spec))
    , m_clock(clock)
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
        while (m_queue.size() > m_spec.mostPending) {
            m_queue.pop_front();
            ++m_figures.dropped;
        }
        m_figures.pending = m_queue.size();
        m_lastTick = std::move(tick);
    }
    m_changed.notify_all();
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
        return m_ending || m_queue.size() >= kBatch ||
               (!m_queue.empty() && m_clock.steadyNow() - m_oldestSince >= m_spec.patience);
    };
    while (!ready() && !stop.stop_requested()) {
        static_cast<void>(
            m_changed.wait_for(lock, std::min<core::Nanos>(m_spec.patience, std::chrono::milliseconds(500))));
    }
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
            deliverUntilDone(batch, stop);
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

void RemoteWriter::deliverUntilDone(const std::vector<series::LatestSample>& batch, const std::stop_token&)
{
    const std::string body = snappyBlock(writeRequest(batch, m_spec.external));
    Outcome outcome = deliver(batch, body);
    while (outcome == Outcome::Again && pause(m_backOff.left(m_clock.steadyNow()))) {
        {
            const core::MutexLock lock(m_mutex);
            m_figures.retried += batch.size();
        }
        outcome = deliver(batch, body);
    }
    const core::MutexLock lock(m_mutex);
    if (outcome == Outcome::Sent) {
        m_figures.sent += batch.size();
        m_figures.bytes += body.size();
        m_figures.newestSent = std::max(m_figures.newestSent, batch.back().sample.at);
    } else if (outcome == Outcome::Refused) {
        m_figures.failed += batch.size();
    } else {
        m_figures.dropped += batch.size(); // the program ends
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
