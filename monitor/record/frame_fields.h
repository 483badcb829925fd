// Which parts of a snapshot a frame keeps: all but the samples, which are series, and what rules find anew.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "monitor/record/fields.h"

#include <map>
#include <string>
#include <vector>

namespace record {

// Exemplars of one histogram: the only part of a family that is not in its samples.
struct KeptExemplars {
    std::string family;
    metrics::Labels labels;
    std::vector<metrics::Exemplar> exemplars;
};

// Each part as JSON text under its name ("pool", "slots", "server" …). Thread-safe, as values are.
[[nodiscard]] std::map<std::string, std::string> sectionsOf(const metrics::Snapshot& snapshot);
// Puts the parts that are there into `snapshot`; what is missing or malformed leaves it as it was.
void takeSections(const Json& sections, metrics::Snapshot& snapshot, std::vector<KeptExemplars>& exemplars);

} // namespace record
