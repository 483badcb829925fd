#include "monitor/alert/incident_book.h"

#include "monitor/alert/incident_json.h"

#include <algorithm>
#include <utility>

namespace alert {

using metrics::Incident;
using metrics::IncidentFilter;

void IncidentBook::put(const Incident& incident)
{
    const core::MutexLock lock(m_mutex);
    const auto known = std::find_if(m_incidents.rbegin(), m_incidents.rend(),
                                    [&](const Incident& one) { return one.id == incident.id; });
    if (known != m_incidents.rend()) {
        *known = incident;
        return;
    }
    m_incidents.push_back(incident);
    if (m_incidents.size() > kKept) {
        m_incidents.pop_front();
    }
}

std::vector<Incident> IncidentBook::find(const IncidentFilter& filter) const
{
    std::vector<Incident> found;
    const core::MutexLock lock(m_mutex);
    for (auto at = m_incidents.rbegin(); at != m_incidents.rend() && found.size() < filter.limit; ++at) {
        if (metrics::matches(*at, filter)) {
            found.push_back(*at);
        }
    }
    return found;
}

IncidentBook::Read IncidentBook::read(std::string_view text)
{
    Read read;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) {
            continue;
        }
        ++read.lines;
        if (const auto incident = readIncident(line)) {
            put(*incident);
        } else {
            ++read.broken;
        }
    }
    const core::MutexLock lock(m_mutex);
    read.kept = m_incidents.size();
    return read;
}

std::string IncidentBook::lines() const
{
    std::string text;
    const core::MutexLock lock(m_mutex);
    for (const Incident& incident : m_incidents) {
        text.append(incidentLine(incident)).append(1, '\n');
    }
    return text;
}

} // namespace alert
