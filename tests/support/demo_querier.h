// The past of the demo: samples by series, and the handful of expressions that panels ask for.
#pragma once

#include "monitor/metrics/querier.h"
#include "monitor/metrics/snapshot.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

// Not thread-safe.
class History final : public metrics::Querier {
public:
    explicit History(std::int64_t lookBack)
        : m_lookBack(lookBack) {}

    // Every scalar series of the snapshot, and the latency views as histogram_quantile() would give them.
    void append(const metrics::Snapshot& snapshot);

    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> range(std::string_view expression,
                                                                        std::int64_t start, std::int64_t end,
                                                                        std::int64_t step) const override;
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> instant(std::string_view expression,
                                                                          std::int64_t at) const override;

private:
    struct Stored {
        metrics::Labels labels;
        std::vector<metrics::Point> points;
    };
    using Matches = std::vector<const Stored*>;

    void add(const std::string& name, const metrics::Labels& labels, metrics::Point point);
    [[nodiscard]] core::Result<Matches> select(std::string_view selector) const;

    std::int64_t m_lookBack = 0;                                      // ms an older sample still counts
    std::map<std::string, std::vector<Stored>, std::less<>> m_series; // by name
};

} // namespace demo
