// A server as the window asks it: a querier whose past is kept.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/metrics/query_source.h"
#include "monitor/prometheus/client.h"
#include "monitor/prometheus/range_plan.h"

#include <string>
#include <vector>

namespace prometheus {

// A range costs one query for what is not known of it (more only beyond 10,920 steps); pieces that lie 5 min
// back are kept, up to about 4 million points. Moments are multiples of the step, which is never finer than
// the server's interval. A `stop` ends a query under way: what was asked for before a zoom costs nothing
// after it. Thread-safe.
class ServerQuerier final : public metrics::QuerySource {
public:
    // `language` knows PromQL's words and types; outlives it.
    ServerQuerier(ServerSpec spec, const metrics::Querier& language,
                  const core::Clock& clock = core::SystemClock::instance());

    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> range(std::string_view expression,
                                                                        std::int64_t start, std::int64_t end,
                                                                        std::int64_t step) const override;
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> instant(std::string_view expression,
                                                                          std::int64_t at) const override;
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>>
    rangeUntil(const std::stop_token& stop, std::string_view expression, std::int64_t start, std::int64_t end,
               std::int64_t step) const override;
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>>
    instantUntil(const std::stop_token& stop, std::string_view expression, std::int64_t at) const override;
    [[nodiscard]] std::vector<metrics::QueryWord> words() const override { return m_language.words(); }
    [[nodiscard]] core::Result<metrics::ResultType> resultType(std::string_view expression) const override
    {
        return m_language.resultType(expression);
    }
    [[nodiscard]] core::Result<std::string> narrowed(std::string_view expression,
                                                     const metrics::Labels& labels) const override
    {
        return m_language.narrowed(expression, labels);
    }
    [[nodiscard]] core::Result<std::vector<metrics::Labels>>
    series(std::string_view selector, std::int64_t start, std::int64_t end) const override;

    [[nodiscard]] std::string name() const override { return m_client.spec().name; }
    [[nodiscard]] std::int64_t leastStep() const override;
    [[nodiscard]] metrics::SourceNews news() const override;
    [[nodiscard]] metrics::Labels own() const override { return m_client.spec().match; }
    [[nodiscard]] Client& client() const noexcept { return m_client; }
    // It is configured no longer: what it kept is let go, and whoever still asks is told so.
    void retire();

private:
    // Pieces from `piece` on that are not known, asked for at once; an end by `stop` is an error.
    [[nodiscard]] core::Result<void> fetch(const std::stop_token& stop, const std::string& expression,
                                           const RangePlan& plan, std::vector<Piece>& pieces) const;
    [[nodiscard]] core::Result<void> inService() const;
    void remember(std::vector<std::string> warnings) const;

    const metrics::Querier& m_language;
    const core::Clock& m_clock;
    mutable Client m_client;
    mutable core::Mutex m_mutex; // guards what follows; never held while asking
    mutable PieceCache m_cache GUARDED_BY(m_mutex){4'000'000};
    mutable std::vector<std::string> m_warnings GUARDED_BY(m_mutex); // of the last answer
    mutable std::string m_flavour GUARDED_BY(m_mutex);
    bool m_retired GUARDED_BY(m_mutex) = false;
};

} // namespace prometheus
