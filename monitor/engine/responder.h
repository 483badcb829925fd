// Ties the automatic responses to the program: which alerts ask for them, what their steps do, where they are
// told.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/lang.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/response_rows.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/pool/connection_pool.h"
#include "monitor/pool/result_cache.h"
#include "monitor/respond/degrade.h"
#include "monitor/respond/job_gate.h"
#include "monitor/respond/scale_out.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engine {

// Where a response is seen. Called on the sampler's thread, on that of the scale-out, or on a commander's;
// must not block.
struct ResponderHooks {
    std::function<core::Lang()> lang;
    std::function<void(std::string text)> mark;              // for the charts
    std::function<void(bool failed, std::string text)> note; // for the window
    std::function<void(bool degraded, std::string text)> banner;
    std::function<void(std::string line)> record; // one line to be kept for good
};

// evaluate() and stop() belong to the sampler's thread or follow its end; the rest is thread-safe and returns
// at once.
class Responder {
public:
    Responder(const respond::DegradeConfig& degrade, const respond::ScaleOutConfig& scaleOut,
              pool::ConnectionPool& pool, ResponderHooks hooks);
    ~Responder(); // stop()
    void start();
    void stop(); // ends an action under way, takes every step back

    // After the rules: what fires is acted upon.
    void evaluate(metrics::Snapshot& snapshot);
    // Errors by code: parameter, unavailable, busy, nothing.
    [[nodiscard]] core::Result<void> carryOut(const metrics::ResponseCommand& command);
    [[nodiscard]] metrics::ResponseView view() const;
    [[nodiscard]] respond::JobGate& jobs() noexcept { return m_jobs; }
    [[nodiscard]] pool::ResultCache& cache() noexcept { return m_cache; }
    void push(metrics::SampleBuilder& out) const;
    [[nodiscard]] static std::span<const metrics::MetricDef> metrics() noexcept;

private:
    [[nodiscard]] std::array<respond::Lever, respond::kDegradeSteps> levers(pool::ConnectionPool& pool);
    void hear(const respond::ResponseEvent& event);

    const ResponderHooks m_hooks;
    core::Mutex m_commandMutex; // guards m_stopped; held while a command is taken, which is quick
    bool m_stopped GUARDED_BY(m_commandMutex) = false;
    mutable core::Mutex m_mutex; // guards m_log
    std::deque<respond::ResponseEvent> m_log GUARDED_BY(m_mutex); // newest first
    respond::JobGate m_jobs;
    pool::ResultCache m_cache;
    respond::JobGate::Registration m_upkeep;
    respond::Degrader m_degrader;
    respond::ScaleOut m_scaleOut; // last: its thread tells the others
};

// Responses as metrics and as the view of the snapshot.
class ResponseCollector final : public collect::Collector {
public:
    // `responder` outlives the collector.
    explicit ResponseCollector(const Responder& responder)
        : m_responder(responder)
    {
    }
    [[nodiscard]] std::string_view name() const noexcept override { return "responses"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override
    {
        return Responder::metrics();
    }
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;
    [[nodiscard]] bool live() const noexcept override { return true; }

private:
    const Responder& m_responder;
};

} // namespace engine
