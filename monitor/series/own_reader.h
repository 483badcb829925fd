// The program's own series only: what other people's targets tell under the same names is left out, unless a selector asks
// for it by its label `target` or by a metric target_*.
#pragma once

#include "monitor/series/reader.h"

namespace series {

// Thread-safe as far as the other is, which outlives it.
class OwnReader final : public Reader {
public:
    explicit OwnReader(const Reader& all)
        : m_all(all)
    {
    }

    [[nodiscard]] std::vector<SeriesData> select(std::span<const Matcher> matchers, std::int64_t from,
                                                 std::int64_t to) const override;
    [[nodiscard]] std::vector<SeriesData> sampled(std::span<const Matcher> matchers, std::int64_t from,
                                                  std::int64_t to, const Use& use) const override;
    [[nodiscard]] std::vector<Envelope> envelope(std::span<const Matcher> matchers, const ColumnGrid& grid,
                                                 std::int64_t from, std::int64_t to) const override;
    [[nodiscard]] std::vector<LatestSample> latest(std::span<const Matcher> matchers, std::int64_t from,
                                                   std::int64_t to) const override;
    [[nodiscard]] std::vector<RangeEnds> ends(std::span<const Matcher> matchers, std::int64_t from,
                                              std::int64_t to) const override;
    [[nodiscard]] std::vector<LabelsPtr> list(std::span<const Matcher> matchers, std::int64_t from,
                                              std::int64_t to) const override;
    [[nodiscard]] std::vector<std::string> labelNames(std::span<const Matcher> matchers) const override;
    [[nodiscard]] std::vector<std::string> labelValues(std::string_view name,
                                                       std::span<const Matcher> matchers) const override;

    [[nodiscard]] std::int64_t completeFrom() const override { return m_all.completeFrom(); }

private:
    const Reader& m_all;
};

} // namespace series
