// Who asked when and held for how long, put together from the pool's events: what the size advisor replays.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/self/event_ring.h"
#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/request_trace.h"

#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace collect {

struct RecorderOptions {
    std::size_t capacity = 65'536;                     // requests; the newest are kept
    core::Nanos memory = std::chrono::hours(1);        // and none older than this
    core::Nanos blockPause = std::chrono::seconds(30); // after more than the event ring holds, see below
};

// A place that is lent right now, as the pool says.
struct HeldPlace {
    int slot = -1;
    core::SteadyTime grantedAt = {};
};

// Costs the pool nothing: it reads the event ring that is written anyway, once a tick. When more happens
// between two ticks than the ring holds, what is still there is taken as one whole block of requests, and the
// next block after `blockPause`, so that the memory spans minutes at any rate. Thread-safe.
class RequestRecorder {
public:
    explicit RequestRecorder(const EventRing& events, RecorderOptions options = {});

    // What has happened since the last call. `held`: places lent at this moment; used to tell requests that
    // still hold one from those whose return was overwritten.
    void drain(core::SteadyTime now, std::span<const HeldPlace> held);
    // Requests that were under way within `window` before now (0 = all that are known), by arrival. One that
    // began earlier counts from the window's beginning.
    [[nodiscard]] metrics::RequestTrace trace(core::Nanos window, core::SteadyTime now,
                                              core::WallTime at) const;

private:
    struct Holder {
        metrics::RequestRecord request;
        core::SteadyTime grantedAt = {};
        int slot = -1;
    };
    struct Ended {
        metrics::RequestRecord request;
        core::SteadyTime at = {}; // returned, or refused
    };
    struct Missed {
        core::SteadyTime at = {};
        std::uint64_t events = 0;
    };

    void note(const EventView& event) REQUIRES(m_mutex);
    void granted(const EventView& event) REQUIRES(m_mutex);
    void returned(const EventView& event) REQUIRES(m_mutex);
    void cleaned(const EventView& event) REQUIRES(m_mutex);
    void refused(const EventView& event) REQUIRES(m_mutex);
    void end(const metrics::RequestRecord& request, core::SteadyTime at) REQUIRES(m_mutex);
    void loseUnseen(core::SteadyTime now, std::span<const HeldPlace> held) REQUIRES(m_mutex);
    void forget(core::SteadyTime now) REQUIRES(m_mutex);

    const EventRing& m_events;
    const RecorderOptions m_options;
    mutable core::Mutex m_mutex;                  // guards what follows; nothing slow under it
    std::uint64_t m_next GUARDED_BY(m_mutex) = 0; // event to be read next
    core::SteadyTime m_pauseUntil GUARDED_BY(m_mutex) = {};
    std::unordered_map<std::uint64_t, Holder> m_held GUARDED_BY(m_mutex);    // by lease
    // Returned on another thread than the one that got it, and read before its grant.
    std::unordered_set<std::uint64_t> m_early GUARDED_BY(m_mutex);
    std::deque<Ended> m_ended GUARDED_BY(m_mutex);                           // as they ended
    std::uint64_t m_first GUARDED_BY(m_mutex) = 0;                           // number of m_ended.front()
    std::unordered_map<int, std::uint64_t> m_lastOfSlot GUARDED_BY(m_mutex); // slot → number in m_ended
    std::deque<core::Nanos> m_connects GUARDED_BY(m_mutex);
    std::deque<core::SteadyTime> m_excluded GUARDED_BY(m_mutex);
    std::deque<core::SteadyTime> m_resized GUARDED_BY(m_mutex);
    std::deque<Missed> m_missed GUARDED_BY(m_mutex);
    bool m_whole GUARDED_BY(m_mutex) = true; // nothing missed, nothing forgotten yet
};

// Drains once a tick. Must stand behind the pool's collector, whose slot table it reads. Not live.
class RequestCollector final : public Collector {
public:
    // `recorder` must outlive the collector.
    explicit RequestCollector(RequestRecorder& recorder)
        : m_recorder(recorder)
    {
    }
    [[nodiscard]] std::string_view name() const noexcept override { return "requests"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override { return {}; }
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    RequestRecorder& m_recorder;
};

} // namespace collect
