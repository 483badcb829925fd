// The program's own log as metrics: what the rule on error lines looks at.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/engine/types.h"

#include <functional>

namespace engine {

class LogCollector final : public collect::Collector {
public:
    // `figures` may be empty: then there is nothing to tell.
    explicit LogCollector(std::function<LogFigures()> figures) : m_figures(std::move(figures)) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "log"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    const std::function<LogFigures()> m_figures;
};

} // namespace engine
