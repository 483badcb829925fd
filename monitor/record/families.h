// From the samples of a tick back to the families a live tick has.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "monitor/record/frame_fields.h"
#include "monitor/record/tape.h"

#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace record {

// Not thread-safe. What it makes points into it.
class FamilyMaker {
public:
    // `known`: the program's metrics; one that is not among them is a gauge or a counter, by its name.
    explicit FamilyMaker(std::span<const metrics::MetricDef* const> known);

    // Names that rules make anew: left out.
    void leaveOut(std::set<std::string> names) { m_leftOut = std::move(names); }
    // Into snapshot.families; what targets told is none of them.
    void make(const TickValues& tick, const std::vector<KeptExemplars>& exemplars, metrics::Snapshot& snapshot);

private:
    struct Histogram {
        const metrics::MetricDef* def = nullptr;
        metrics::Labels labels;
        std::map<double, double> cumulative;
        double sum = 0;
        double count = 0;
    };

    [[nodiscard]] const metrics::MetricDef& defOf(const std::string& name);
    [[nodiscard]] const metrics::MetricDef* histogramOf(std::string_view name, std::string_view suffix) const;
    [[nodiscard]] bool takeHistogram(const std::string& name, const metrics::Labels& labels, double value);

    std::map<std::string, const metrics::MetricDef*, std::less<>> m_known;
    std::deque<std::pair<std::string, metrics::MetricDef>> m_strange; // a deque: names keep their addresses
    std::set<std::string> m_leftOut;
    std::map<std::pair<std::string_view, metrics::Labels>, Histogram> m_histograms; // of the tick at hand
};

} // namespace record
