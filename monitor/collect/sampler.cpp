#include "monitor/collect/sampler.h"

#include "monitor/collect/metric_list.h"
#include "monitor/collect/self/sampler_defs.h"
#include "monitor/core/format.h"
#include "monitor/core/latest.h"
#include "monitor/core/mutex.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace collect {

namespace {

constexpr core::Nanos kShortest = std::chrono::milliseconds(100);
constexpr core::Nanos kLongest = std::chrono::seconds(60);
constexpr std::size_t kTextChars = 300;

// A collector with what is remembered about it.
struct Source {
    std::unique_ptr<Collector> collector;
    std::optional<core::SteadyTime> lastGood = {};
};

core::Result<void> collectFrom(Collector& collector, metrics::SampleBuilder& out) try {
    return collector.collect(out);
} catch (const std::exception& error) {
    return core::fail(core::oneLine(error.what(), kTextChars));
}

} // namespace

struct Sampler::Impl {
    Impl(std::vector<std::unique_ptr<Collector>> collectors, SamplerOptions given);

    void tick(const core::PeriodicTick& tick, const std::stop_token& stop);
    void collectAll(metrics::Snapshot& snapshot);
    [[nodiscard]] metrics::SourceStatus collectOne(Source& source, metrics::SampleBuilder& out);
    void pushOwn(metrics::SampleBuilder& out, core::SteadyTime began) const;
    [[nodiscard]] std::uint64_t version() const { return options.liveVersion ? options.liveVersion() : 0; }
    [[nodiscard]] metrics::SnapshotPtr refreshed(const metrics::Snapshot* base) REQUIRES(liveMutex);

    const SamplerOptions options;
    std::vector<Source> sources;          // order of collection; touched by the sampler's thread only
    std::set<std::string_view> liveNames; // of the live collectors' metrics
    std::vector<Collector*> liveOnes;
    std::uint64_t ticks = 0;       // sampler's thread only
    std::uint64_t missed = 0;      // sampler's thread only
    std::uint64_t seenVersion = 0; // before this tick's look at the live ones; sampler's thread only

    core::Latest<metrics::Snapshot> latest;
    // Taken around each call of a live collector, on whichever thread, and around what follows. Nothing that
    // may hang runs under it: live collectors read memory only.
    core::Mutex liveMutex;
    std::uint64_t tickVersion GUARDED_BY(liveMutex) = 0; // of tickOne
    metrics::SnapshotPtr tickOne GUARDED_BY(liveMutex);  // the last tick's
    std::uint64_t freshVersion GUARDED_BY(liveMutex) = 0;
    metrics::SnapshotPtr freshBase GUARDED_BY(liveMutex); // the tick that freshOne was made from
    metrics::SnapshotPtr freshOne GUARDED_BY(liveMutex);

    mutable core::Mutex threadMutex; // guards interval and thread; joining happens without it
    core::Nanos interval GUARDED_BY(threadMutex);
    std::unique_ptr<core::Periodic> thread GUARDED_BY(threadMutex); // last: joins first
};

Sampler::Impl::Impl(std::vector<std::unique_ptr<Collector>> collectors, SamplerOptions given)
    : options(std::move(given))
    , interval(std::clamp(options.interval, kShortest, kLongest)) {
    for (auto& collector : collectors) {
        if (collector->live()) {
            liveOnes.push_back(collector.get());
            for (const metrics::MetricDef& def : collector->metrics()) {
                liveNames.insert(def.name);
            }
        }
        sources.push_back({std::move(collector)});
    }
}

void Sampler::Impl::tick(const core::PeriodicTick& tick, const std::stop_token& stop) {
    auto snapshot = std::make_shared<metrics::Snapshot>();
    snapshot->tick = ticks++;
    missed = tick.missed;
    snapshot->at = options.clock->wallNow();
    snapshot->steady = options.clock->steadyNow();
    {
        const core::MutexLock lock(threadMutex);
        snapshot->interval = interval;
    }
    if (const metrics::SnapshotPtr before = latest.get()) {
        snapshot->server = before->server; // until the probe's collector has spoken
    }
    collectAll(*snapshot);
    if (stop.stop_requested()) {
        return;
    }
    if (options.enrich) {
        options.enrich(*snapshot);
    }
    latest.set(snapshot);
    {
        const core::MutexLock lock(liveMutex);
        tickOne = snapshot;
        tickVersion = seenVersion;
    }
    if (options.publish) {
        options.publish(snapshot);
    }
}

void Sampler::Impl::collectAll(metrics::Snapshot& snapshot) {
    metrics::SampleBuilder out(snapshot);
    const core::SteadyTime began = options.clock->steadyNow();
    snapshot.sources.reserve(sources.size());
    seenVersion = version(); // before the look: a change in between is looked at again
    for (Source& source : sources) {
        if (source.collector->live()) {
            const core::MutexLock lock(liveMutex);
            snapshot.sources.push_back(collectOne(source, out));
        } else {
            snapshot.sources.push_back(collectOne(source, out));
        }
    }
    snapshot.cost.missedTicks = missed;
    pushOwn(out, began);
}

metrics::SourceStatus Sampler::Impl::collectOne(Source& source, metrics::SampleBuilder& out) {
    metrics::SourceStatus status;
    status.name = source.collector->name();
    const core::SteadyTime before = options.clock->steadyNow();
    const core::Result<void> result = collectFrom(*source.collector, out);
    const core::SteadyTime after = options.clock->steadyNow();
    status.cost = after - before;
    if (result) {
        source.lastGood = after;
        return status;
    }
    status.state = source.lastGood ? metrics::SourceState::Failed : metrics::SourceState::Unavailable;
    status.age = source.lastGood ? after - *source.lastGood : core::Nanos(0);
    status.text = core::oneLine(result.error().message, kTextChars);
    return status;
}

void Sampler::Impl::pushOwn(metrics::SampleBuilder& out, core::SteadyTime began) const {
    metrics::Snapshot& snapshot = out.snapshot();
    snapshot.cost.tickCost = options.clock->steadyNow() - began;
    out.push(defs::sampler()[defs::kTicks], static_cast<double>(ticks));
    out.push(defs::sampler()[defs::kTicksMissed], static_cast<double>(missed));
    out.push(defs::sampler()[defs::kTickSeconds], core::seconds(snapshot.cost.tickCost));
    out.push(defs::sampler()[defs::kInterval], core::seconds(snapshot.interval));
    for (const metrics::SourceStatus& status : snapshot.sources) {
        out.push(defs::sampler()[defs::kCollectorSeconds], core::seconds(status.cost),
                 {{"collector", status.name}});
        out.push(defs::sampler()[defs::kCollectorUp], status.state == metrics::SourceState::Ok ? 1 : 0,
                 {{"collector", status.name}});
    }
}

metrics::SnapshotPtr Sampler::Impl::refreshed(const metrics::Snapshot* base) {
    auto snapshot = base ? std::make_shared<metrics::Snapshot>(*base) : std::make_shared<metrics::Snapshot>();
    std::erase_if(snapshot->families,
                  [this](const metrics::Family& family) { return liveNames.contains(family.def->name); });
    snapshot->at = options.clock->wallNow();
    snapshot->steady = options.clock->steadyNow();
    metrics::SampleBuilder out(*snapshot);
    for (Collector* collector : liveOnes) {
        // A failure leaves its samples absent; the next tick says why.
        static_cast<void>(collectFrom(*collector, out).has_value());
    }
    return snapshot;
}

Sampler::Sampler(std::vector<std::unique_ptr<Collector>> collectors, SamplerOptions options)
    : m_impl(std::make_unique<Impl>(std::move(collectors), std::move(options))) {}

Sampler::~Sampler() {
    stop();
}

void Sampler::start() {
    const core::MutexLock lock(m_impl->threadMutex);
    if (!m_impl->thread) {
        m_impl->thread = std::make_unique<core::Periodic>(
            m_impl->interval, [impl = m_impl.get()](const core::PeriodicTick& tick,
                                                    const std::stop_token& stop) { impl->tick(tick, stop); });
    }
}

void Sampler::stop() {
    std::unique_ptr<core::Periodic> thread;
    {
        const core::MutexLock lock(m_impl->threadMutex);
        thread = std::move(m_impl->thread);
    }
    if (thread) {
        thread->stop();
    }
}

void Sampler::setInterval(core::Nanos interval) {
    const core::MutexLock lock(m_impl->threadMutex);
    m_impl->interval = std::clamp(interval, kShortest, kLongest);
    if (m_impl->thread) {
        m_impl->thread->setInterval(m_impl->interval);
    }
}

core::Nanos Sampler::interval() const {
    const core::MutexLock lock(m_impl->threadMutex);
    return m_impl->interval;
}

metrics::SnapshotPtr Sampler::latest() const {
    return m_impl->latest.get();
}

metrics::SnapshotPtr Sampler::fresh() {
    const std::uint64_t seen = m_impl->version();
    const bool versioned = static_cast<bool>(m_impl->options.liveVersion);
    const core::MutexLock lock(m_impl->liveMutex);
    const metrics::SnapshotPtr base = m_impl->tickOne;
    if (versioned && base && seen == m_impl->tickVersion) {
        return base; // nothing has changed since the tick
    }
    if (versioned && m_impl->freshOne && m_impl->freshBase == base && m_impl->freshVersion == seen) {
        return m_impl->freshOne;
    }
    metrics::SnapshotPtr made = m_impl->refreshed(base.get());
    m_impl->freshVersion = seen;
    m_impl->freshBase = base;
    m_impl->freshOne = made;
    return made;
}

std::vector<const metrics::MetricDef*> Sampler::catalog() const {
    std::vector<const metrics::MetricDef*> all = pointersTo(defs::sampler());
    for (const Source& source : m_impl->sources) {
        const auto more = pointersTo(source.collector->metrics());
        all.insert(all.end(), more.begin(), more.end());
    }
    return sortedByName(std::move(all));
}

} // namespace collect
