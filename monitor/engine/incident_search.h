// Incidents of the past: the history on disk and the newest in memory as one list.
#pragma once

#include "monitor/metrics/incident.h"
#include "monitor/store/records.h"

#include <functional>
#include <memory>
#include <vector>

namespace engine {

struct FoundIncidents {
    std::vector<metrics::Incident>
        rows;          // newest first, each once, without what was seen (Incident::evidence)
    bool more = false; // there are older ones beyond the limit
};

// Reads page by page on the reader's thread; `answer` comes there, once. `recent` (newest first) stand for
// those of the same id on disk, which may not have been written yet. `reader` outlives the answer.
void searchIncidents(const store::HistoryReader& reader, const metrics::IncidentFilter& filter,
                     std::vector<metrics::Incident> recent, std::function<void(FoundIncidents)> answer);
// The one incident with everything that was seen; nullptr when it is not there. `answer` as above.
void readIncidentOf(const store::HistoryReader& reader, const metrics::Incident& incident,
                    std::function<void(std::shared_ptr<const metrics::Incident>)> answer);

} // namespace engine
