// GET /metrics: the snapshot's bytes, made once per snapshot and shared by all scrapes of it.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/net/accept.h"
#include "monitor/net/response.h"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace net {

// Thread-safe.
class MetricsHandler {
public:
    using Expose = std::function<std::string(const metrics::Snapshot&, ExpositionFormat)>;
    explicit MetricsHandler(Expose expose)
        : m_expose(std::move(expose))
    {
    }

    // Text 0.0.4, or OpenMetrics 1.0 when Accept prefers it; 503 before the first tick.
    [[nodiscard]] Response answer(const metrics::SnapshotPtr& snapshot, std::string_view accept,
                                  core::Lang lang);

private:
    using Bytes = std::shared_ptr<const std::string>;

    const Expose m_expose;
    core::Mutex m_mutex; // guards what follows; the text is made outside it
    metrics::SnapshotPtr m_snapshot GUARDED_BY(m_mutex);
    std::array<Bytes, 2> m_bytes GUARDED_BY(m_mutex); // by format; null until asked for
};

} // namespace net
