// Pushes samples to a server that cannot reach us: Prometheus' remote write 1.0
// (https://prometheus.io/docs/specs/prw/remote_write_spec/).
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/metrics/metric_def.h"
#include "monitor/prometheus/pace.h"
#include "monitor/prometheus/server_spec.h"
#include "monitor/series/reader.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace prometheus {

struct RemoteWriteFigures {
    std::uint64_t sent = 0;      // samples that were accepted
    std::uint64_t failed = 0;    // samples the server refused for good (4xx but 429)
    std::uint64_t dropped = 0;   // samples that no longer fitted, or grew too old
    std::uint64_t lost = 0;      // of them, since the server took some last
    std::uint64_t retried = 0;   // samples sent again
    std::uint64_t bytes = 0;     // accepted, packed
    std::size_t pending = 0;     // samples that wait
    std::int64_t newestIn = 0;   // ms since the epoch, of what was given
    std::int64_t newestSent = 0; // … and of what was accepted
    std::string problem;         // of the last attempt, one line; empty when it went well
};

// What one writer leaves to the next.
struct RemoteBacklog {
    std::deque<series::LatestSample> queue; // in order
    RemoteWriteFigures figures;
};

// One thread, one request at a time: the samples of a series arrive in order. A batch is 2,000 samples or
// what came while the oldest of them waited (5 s). Network errors, 5xx and 429 are tried again (30 ms,
// doubling to 5 s; Retry-After where longer) until the samples are older than spec.mostAge, which are then
// dropped and counted; other answers drop the batch at once. Thread-safe; push() returns at once.
class RemoteWriter {
public:
    static constexpr std::size_t kBatch = 2000;
    enum class Start { Now, WhenAdopted };

    explicit RemoteWriter(RemoteWriteSpec spec, const core::Clock& clock = core::SystemClock::instance(),
                          Start start = Start::Now);
    ~RemoteWriter(); // stop()
    RemoteWriter(const RemoteWriter&) = delete;
    RemoteWriter& operator=(const RemoteWriter&) = delete;

    // The samples of one moment, stale markers among them. Moments must ascend.
    void push(std::vector<series::LatestSample> tick);
    [[nodiscard]] RemoteWriteFigures figures() const;
    // Goes on where another left off: before what was pushed here meanwhile. Once, of Start::WhenAdopted.
    void adopt(RemoteBacklog backlog);
    // Ends within about 0.1 s, without a farewell; what was not accepted is for somebody else.
    [[nodiscard]] RemoteBacklog abandon();
    // Ends all series with stale markers, and sends what waits unless that takes longer than 2 s.
    void stop();

private:
    enum class Outcome { Sent, Again, Refused, TooOld };
    void run(const std::stop_token& stop);
    [[nodiscard]] std::vector<series::LatestSample> nextBatch(const std::stop_token& stop);
    [[nodiscard]] Outcome deliver(const std::vector<series::LatestSample>& batch, const std::string& body);
    void deliverUntilDone(const std::vector<series::LatestSample>& batch);
    void settle(const std::vector<series::LatestSample>& batch, Outcome outcome, std::size_t bytes);
    [[nodiscard]] bool pause(core::Nanos span);
    [[nodiscard]] bool isTooOld(const series::LatestSample& sample) const;
    void dropOld() REQUIRES(m_mutex);
    void drop(std::size_t count) REQUIRES(m_mutex);

    const RemoteWriteSpec m_spec;
    const core::Clock& m_clock;
    mutable core::Mutex m_mutex; // guards what follows; never held while sending
    core::CondVar m_changed;
    std::deque<series::LatestSample> m_queue GUARDED_BY(m_mutex);
    std::vector<series::LatestSample> m_lastTick GUARDED_BY(m_mutex);
    core::SteadyTime m_oldestSince GUARDED_BY(m_mutex) = {}; // when the queue was empty last
    RemoteWriteFigures m_figures GUARDED_BY(m_mutex);
    bool m_held GUARDED_BY(m_mutex) = false; // until it has adopted what came before
    bool m_ending GUARDED_BY(m_mutex) = false;
    bool m_abandoned GUARDED_BY(m_mutex) = false;
    core::SteadyTime m_endBy GUARDED_BY(m_mutex) = {};
    BackOff m_backOff{std::chrono::milliseconds(30), std::chrono::seconds(5)}; // the thread's only
    std::stop_source m_cut; // of the request under way at the end
    std::jthread m_thread;  // last: joins first
};

} // namespace prometheus
