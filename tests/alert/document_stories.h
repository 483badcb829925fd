// Half an hour in the life of everything the shipped rules look at: exactly on each threshold, just under and
// just over each `for`, dips, counters that are set back, gaps. Both proofs of the documents' rules are fed
// from here.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "monitor/series/head.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace documents {

inline constexpr int kStep = 15;   // s, the scrape interval of the document
inline constexpr int kTicks = 121; // half an hour

// A series and its value at a second; nullopt where there is none.
struct Story {
    const char* metric;
    metrics::Labels labels;
    std::function<std::optional<double>(int second)> value;
};

[[nodiscard]] const std::vector<Story>& stories();
// What the stories say at a second, as Poolscope would serve it. Times are left to the caller.
[[nodiscard]] metrics::Snapshot pictureOf(int second);

// ALERTS as a set: labels (alertname and alertstate among them) of what is pending or fires.
using Alerts = std::set<metrics::Labels>;
[[nodiscard]] Alerts alertsOf(const std::vector<metrics::AlertRow>& rows);

} // namespace documents
