// A source of metrics: reads, parses, computes, pushes. One file a source, one line in catalog.cpp.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/snapshot.h"

#include <span>
#include <string_view>

namespace collect {

// collect() runs on the sampler's thread, once a tick, and must not block (files in /proc, figures in memory; anything
// that can hang lives on a thread of its own and is read here). A failure leaves its samples absent.
class Collector {
public:
    virtual ~Collector() = default;
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    // Every metric it may ever push: the catalogue of HELP texts, rule checks and the README's list.
    [[nodiscard]] virtual std::span<const metrics::MetricDef> metrics() const noexcept = 0;
    [[nodiscard]] virtual core::Result<void> collect(metrics::SampleBuilder& out) = 0;
    // True for what is cheap and must be right at scrape time (the pool): collected again for a scrape.
    [[nodiscard]] virtual bool live() const noexcept { return false; }
};

} // namespace collect
