// Prometheus-compatible servers as the machine uses them: those that are asked, and the one samples are
// pushed to.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/lang.h"
#include "monitor/engine/boards.h"
#include "monitor/metrics/query_source.h"
#include "monitor/prometheus/remote_writer.h"
#include "monitor/prometheus/server_querier.h"
#include "monitor/series/head.h"

#include <memory>
#include <optional>
#include <vector>

namespace engine {

// start() and stop() belong to the owner, onTick() and tell() to the sampler's thread; the rest is
// thread-safe.
class SourceKeeper {
public:
    // `language` outlives it.
    SourceKeeper(const std::vector<prometheus::ServerSpec>& servers,
                 std::optional<prometheus::RemoteWriteSpec> remoteWrite, const metrics::Querier& language);

    void start(); // pushing
    void stop();  // sends what waits, for 2 s at most
    [[nodiscard]] std::vector<const metrics::QuerySource*> sources() const;
    // The head's newest samples are pushed. Returns at once.
    void onTick(const series::Head& head);
    // A server that does not answer is a banner of its own, which names it.
    void tell(BannerBoard& banners, core::Lang lang) const;
    [[nodiscard]] std::unique_ptr<collect::Collector> collector() const;
    [[nodiscard]] static std::span<const metrics::MetricDef> metrics() noexcept;

private:
    std::vector<std::unique_ptr<prometheus::ServerQuerier>> m_servers;
    const std::optional<prometheus::RemoteWriteSpec> m_writeSpec;
    std::unique_ptr<prometheus::RemoteWriter> m_writer; // null: nothing is pushed
};

} // namespace engine
