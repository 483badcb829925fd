#include "widgets/panels/target_waits.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace widgets {

namespace {

std::string labelOf(const metrics::Labels& labels, std::string_view name)
{
    const auto at = std::ranges::find(labels, name, [](const auto& label) { return std::string_view(label.first); });
    return at == labels.end() ? std::string() : at->second;
}

} // namespace

void addMeanWaits(std::vector<models::TargetRow>& rows, const metrics::Querier* querier, core::WallTime at)
{
    if (querier == nullptr || rows.empty()) {
        return;
    }
    const auto answer = querier->instant("rate(target_pool_wait_seconds_total[1m]) / "
                                                   "(rate(target_pool_waits_total[1m]) > 0)",
                                                   core::epochMillis(at));
    if (!answer) {
        return;
    }
    std::map<std::pair<std::string, std::string>, double> waits;
    for (const metrics::PointSeries& series : *answer) {
        if (!series.points.empty()) {
            waits[{labelOf(series.labels, "target"), labelOf(series.labels, "pool")}] =
                series.points.back().value;
        }
    }
    for (models::TargetRow& row : rows) {
        const auto found = waits.find({row.target, row.pool});
        row.meanWait = found == waits.end() ? row.meanWait : found->second;
    }
}

} // namespace widgets
