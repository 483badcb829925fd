// Prometheus-compatible servers as the machine uses them: those that are asked, and the one samples are
// pushed to.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/lang.h"
#include "monitor/core/mutex.h"
#include "monitor/engine/boards.h"
#include "monitor/metrics/query_source.h"
#include "monitor/metrics/remote_rows.h"
#include "monitor/prometheus/remote_writer.h"
#include "monitor/prometheus/server_querier.h"
#include "monitor/prometheus/watcher.h"
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

    void start(); // pushing, and looking at what the servers watch
    void stop();  // sends what waits, for 2 s at most
    [[nodiscard]] std::vector<const metrics::QuerySource*> sources() const;
    // What each server watches itself, of the last look; what was known stays after stop().
    [[nodiscard]] metrics::RemoteView watched() const;
    void lookNow();
    // The head's newest samples are pushed. Returns at once.
    void onTick(const series::Head& head);
    // A server that does not answer is a banner of its own, which names it.
    void tell(BannerBoard& banners, core::Lang lang) const;
    [[nodiscard]] std::unique_ptr<collect::Collector> collector() const;
    [[nodiscard]] static std::span<const metrics::MetricDef> metrics() noexcept;

private:
    void tellWatched(BannerBoard& banners, core::Lang lang) const;

    std::vector<std::unique_ptr<prometheus::ServerQuerier>> m_servers;
    const std::optional<prometheus::RemoteWriteSpec> m_writeSpec;
    std::unique_ptr<prometheus::RemoteWriter> m_writer; // null: nothing is pushed
    mutable core::Mutex m_mutex;                        // guards what follows; nothing slow under it
    std::vector<std::unique_ptr<prometheus::Watcher>> m_watchers GUARDED_BY(m_mutex); // they use m_servers
    metrics::RemoteView m_last GUARDED_BY(m_mutex); // once they are gone
};

} // namespace engine
