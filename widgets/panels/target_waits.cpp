#include "widgets/panels/target_waits.h"

#include "monitor/metrics/label_of.h"

#include <map>
#include <string>
#include <utility>

namespace widgets {

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
            waits[{std::string(metrics::labelOf(series.labels, "target")),
                   std::string(metrics::labelOf(series.labels, "pool"))}] = series.points.back().value;
        }
    }
    for (models::TargetRow& row : rows) {
        const auto found = waits.find({row.target, row.pool});
        row.meanWait = found == waits.end() ? row.meanWait : found->second;
    }
}

} // namespace widgets
