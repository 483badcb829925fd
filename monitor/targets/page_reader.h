// A page's samples as PromQL reads them: every one at the same moment. Inside of this room only.
#pragma once

#include "monitor/series/reader.h"
#include "monitor/targets/exposition_parser.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace targets {

// The moment all samples seem to be of, whatever the page says: mappings ask for the present one.
inline constexpr std::int64_t kPageMoment = 1'000'000;

// A view of the page, which must outlive it. NaN samples are left out: unknown. Thread-safe.
class PageSeries final : public series::Reader {
public:
    explicit PageSeries(const Page& page);

    [[nodiscard]] std::vector<series::SeriesData> select(std::span<const series::Matcher> matchers,
                                                         std::int64_t from, std::int64_t to) const override;
    [[nodiscard]] std::vector<series::LatestSample> latest(std::span<const series::Matcher> matchers,
                                                           std::int64_t from, std::int64_t to) const override;
    [[nodiscard]] std::vector<series::LabelsPtr> list(std::span<const series::Matcher> matchers,
                                                      std::int64_t from, std::int64_t to) const override;
    [[nodiscard]] std::vector<std::string>
    labelNames(std::span<const series::Matcher> matchers) const override;
    [[nodiscard]] std::vector<std::string>
    labelValues(std::string_view name, std::span<const series::Matcher> matchers) const override;

private:
    [[nodiscard]] std::vector<const PageSample*> matching(std::span<const series::Matcher> matchers) const;

    std::unordered_map<std::string_view, std::vector<const PageSample*>> m_byName; // each sorted by labels
};

} // namespace targets
