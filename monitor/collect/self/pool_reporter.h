// The periodic line about the pool, and the two cries for help of the reference: once when it gets bad, once
// when it is over.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/clock.h"
#include "monitor/core/lang.h"

#include <functional>
#include <memory>

namespace spdlog {
class logger;
}

namespace collect {

struct ReporterOptions {
    std::shared_ptr<spdlog::logger> logger; // must not be null
    std::function<core::Lang()> lang = [] { return core::Lang::English; };
    core::Nanos every = std::chrono::seconds(60); // between two state lines
    core::Nanos calm = std::chrono::seconds(10);  // how long it must be well before it is called over
};

// Looks at every tick's pool, so that it sees peaks that are over after a minute (D28). Must stand behind the
// pool's collector. Not thread-safe: the sampler's thread.
class PoolReporter final : public Collector {
public:
    explicit PoolReporter(ReporterOptions options);

    [[nodiscard]] std::string_view name() const noexcept override { return "pool_report"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override { return {}; }
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

    // One look. Time is an argument: pure but for the log.
    void look(const metrics::PoolView& pool, core::SteadyTime now);

private:
    // A condition with a beginning and an end.
    struct Alarm {
        bool raised = false;
        core::SteadyTime lastBad = {};
        enum class Turn { None, Begins, Ends };
        [[nodiscard]] Turn look(bool bad, core::SteadyTime now, core::Nanos calm);
    };

    const ReporterOptions m_options;
    bool m_reported = false;
    core::SteadyTime m_lastReport = {};
    Alarm m_usage;
    Alarm m_noneLeft;
};

} // namespace collect
