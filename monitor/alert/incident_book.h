// The newest incidents in memory, and the file of lines they are kept in.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/metrics/incident.h"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace alert {

// Thread-safe.
class IncidentBook {
public:
    static constexpr std::size_t kKept = 1000;

    // Replaces the incident of the same id, or adds it as the newest.
    void put(const metrics::Incident& incident);
    // Newest first.
    [[nodiscard]] std::vector<metrics::Incident> find(const metrics::IncidentFilter& filter) const;
    // Takes lines as incidentLine() writes them, the last of an id holds; others are left out. Gives how many
    // lines there were and how many incidents are kept of them.
    struct Read {
        std::size_t lines = 0;
        std::size_t kept = 0;
        std::size_t broken = 0;
    };
    Read read(std::string_view lines);
    // All of them as lines, oldest first.
    [[nodiscard]] std::string lines() const;

private:
    mutable core::Mutex m_mutex;                                   // guards m_incidents; no I/O under it
    std::deque<metrics::Incident> m_incidents GUARDED_BY(m_mutex); // oldest first
};

} // namespace alert
