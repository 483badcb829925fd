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
#include <string>
#include <vector>

namespace engine {

// start() and stop() belong to the owner, onTick() and tell() to the sampler's thread; the rest is
// thread-safe. A source that was given out is there until the end, also when its server is configured no longer:
// it then only says so.
class SourceKeeper {
public:
    // `language` outlives it.
    SourceKeeper(const std::vector<prometheus::ServerSpec>& servers,
                 std::optional<prometheus::RemoteWriteSpec> remoteWrite, const metrics::Querier& language);

    void start(); // pushing, and looking at what the servers watch
    void stop();  // sends what waits, for 2 s at most
    // From now on. A server whose settings are the same goes on with all it knows; waits 0.1 s at most for
    // one that is gone.
    void setServers(const std::vector<prometheus::ServerSpec>& servers);
    // From now on. What waits goes to the new address; when it went well at the old one, that one hears the
    // end of its series first, which takes 2 s at most.
    void setRemoteWrite(std::optional<prometheus::RemoteWriteSpec> remoteWrite);
    [[nodiscard]] std::vector<const metrics::QuerySource*> sources() const;
    // What each server watches itself, of the last look; what was known stays after stop().
    [[nodiscard]] metrics::RemoteView watched() const;
    void lookNow();
    // The head's newest samples are pushed. Returns at once.
    void onTick(const series::Head& head);
    // A server that does not answer is a banner of its own, which names it.
    void tell(BannerBoard& banners, core::Lang lang);
    [[nodiscard]] std::unique_ptr<collect::Collector> collector() const; // lives no longer than this
    [[nodiscard]] static std::span<const metrics::MetricDef> metrics() noexcept;
    // Of pushing; nothing when nothing is pushed.
    [[nodiscard]] std::optional<prometheus::RemoteWriteFigures> figures() const;

private:
    using Querier = std::shared_ptr<prometheus::ServerQuerier>;
    using Writer = std::shared_ptr<prometheus::RemoteWriter>;
    struct Watched {
        Querier server;
        std::unique_ptr<prometheus::Watcher> watcher; // it uses the server
    };
    enum class Phase { New, Running, Ended };

    void watch(const Querier& server) REQUIRES(m_mutex);
    void tellPushed(BannerBoard& banners, core::Lang lang) const;
    [[nodiscard]] std::vector<Querier> servers() const;
    [[nodiscard]] Writer writer() const;

    const metrics::Querier& m_language;
    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    Phase m_phase GUARDED_BY(m_mutex) = Phase::New;
    std::vector<Querier> m_servers GUARDED_BY(m_mutex);
    std::vector<Querier> m_retired GUARDED_BY(m_mutex); // somebody may still ask them
    std::vector<Watched> m_watchers GUARDED_BY(m_mutex);
    std::vector<std::string> m_goneBanners GUARDED_BY(m_mutex); // of servers that are gone
    metrics::RemoteView m_last GUARDED_BY(m_mutex); // once the watchers are gone
    std::optional<prometheus::RemoteWriteSpec> m_writeSpec GUARDED_BY(m_mutex);
    Writer m_writer GUARDED_BY(m_mutex); // null: nothing is pushed
};

} // namespace engine
