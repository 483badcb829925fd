// Memory and whatever remembers longer, as one: from the moment on since which the head is complete the head
// answers, before it the other one, and nothing is told twice.
#pragma once

#include "monitor/series/head.h"
#include "monitor/series/reader.h"

namespace series {

// Thread-safe as far as both are; both outlive it. The longer memory is not even asked when the head knows
// everything.
class MergedReader final : public Reader {
public:
    MergedReader(const Head& head, const Reader& longer)
        : m_head(head)
        , m_longer(longer)
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

private:
    const Head& m_head;
    const Reader& m_longer;
};

} // namespace series
