// Any bytes as a page of metrics: what comes out is bounded, clean and each series once, in both formats.
#include "monitor/core/format.h"
#include "monitor/series/label_ops.h"
#include "monitor/targets/exposition_parser.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

namespace {

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

void requireSound(const metrics::Labels& labels, std::size_t most)
{
    require(labels.size() <= most);
    require(std::is_sorted(labels.begin(), labels.end()));
    for (const auto& [name, value] : labels) {
        require(series::isLabelName(name) && !value.empty() && core::validUtf8(value) == value);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    targets::PageLimits limits;
    limits.series = 200;
    limits.labels = 8;
    for (const auto format : {targets::TextFormat::Text, targets::TextFormat::OpenMetrics}) {
        const targets::Page page = targets::parsePage(text, format, limits);
        require(page.samples.size() <= limits.series && page.families.size() <= limits.series);
        require(page.faults.badLines == 0 || page.faults.firstBadLine > 0);
        std::set<metrics::Labels> seen;
        for (const targets::PageSample& sample : page.samples) {
            requireSound(sample.labels, limits.labels + 1);
            require(series::isMetricName(series::labelValue(sample.labels, series::kNameLabel)));
            require(seen.insert(sample.labels).second);
        }
        for (const targets::PageExemplar& exemplar : page.exemplars) {
            requireSound(exemplar.labels, limits.labels);
            require(exemplar.sample < page.samples.size());
        }
    }
    return 0;
}
