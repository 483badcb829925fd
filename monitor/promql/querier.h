// metrics::Querier over samples in memory (or any other reader): what charts, tables, exports and HTTP ask.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/metrics/querier.h"
#include "monitor/promql/evaluator.h"
#include "monitor/promql/parser.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace promql {

// Thread-safe; the reader must outlive it. Parsed expressions are remembered: a chart asks the same every
// second.
class Querier final : public metrics::Querier {
public:
    // Prometheus' limit of points a series, so that a wrong step cannot eat the memory.
    static constexpr std::size_t kMaxPoints = 11'000;

    explicit Querier(const series::Reader& reader, EvalOptions options = {});

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
    [[nodiscard]] std::vector<metrics::QueryWord> words() const override;
    [[nodiscard]] core::Result<metrics::ResultType> resultType(std::string_view expression) const override;
    [[nodiscard]] std::int64_t completeFrom() const override { return m_reader.completeFrom(); }
    [[nodiscard]] core::Result<std::string> narrowed(std::string_view expression,
                                                     const metrics::Labels& labels) const override;
    // Of a plain selector, and of the sum of one, from the extremes the reader keeps: a spike of a second is in them
    // whatever the range. The extremes of a sum of several are bounds that it did reach. Of rate(), and of the sum of one,
    // the largest is the steepest five seconds of a series in the step.
    [[nodiscard]] core::Result<std::vector<metrics::ExtremesSeries>>
    extremes(const std::stop_token& stop, std::string_view expression, const metrics::Steps& steps) const override;
    // Straight from the reader, dead series of the range included.
    [[nodiscard]] core::Result<std::vector<metrics::Labels>>
    series(std::string_view selector, std::int64_t start, std::int64_t end) const override;

    // As instant() and range(), with the kind of value; the code of an error is "bad_data" (the expression is
    // none), "execution" or "canceled", Prometheus' errorType.
    [[nodiscard]] core::Result<QueryResult> query(std::string_view expression, std::int64_t at,
                                                  const std::stop_token& stop = {}) const;
    [[nodiscard]] core::Result<QueryResult> queryRange(std::string_view expression, const Grid& grid,
                                                       const std::stop_token& stop = {}) const;
    [[nodiscard]] const series::Reader& reader() const noexcept { return m_reader; }

private:
    [[nodiscard]] EvalOptions optionsUntil(const std::stop_token& stop) const;
    [[nodiscard]] core::Result<std::shared_ptr<const Expr>> parsed(std::string_view expression) const;

    const series::Reader& m_reader;
    const EvalOptions m_options;
    mutable core::Mutex m_mutex; // guards the parsed expressions; nothing slow under it
    mutable std::map<std::string, std::shared_ptr<const Expr>, std::less<>> m_parsed GUARDED_BY(m_mutex);
};

} // namespace promql
