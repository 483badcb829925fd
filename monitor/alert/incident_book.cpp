#include "monitor/alert/incident_book.h"

#include "monitor/alert/incident_json.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace alert {

using metrics::Incident;
using metrics::IncidentFilter;

namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
    return result;
}

bool mentions(const Incident& incident, const std::string& word)
{
    const auto has = [&word](std::string_view text) { return lower(text).find(word) != std::string::npos; };
    return has(incident.rule) || has(incident.summary) || has(incident.description) ||
           has(incident.ackNote) || has(incident.ackedBy) ||
           std::any_of(incident.labels.begin(), incident.labels.end(),
                       [&](const auto& label) { return has(label.first + '=' + label.second); });
}

bool fits(const Incident& incident, const IncidentFilter& filter, const std::string& word)
{
    return (!filter.severity || incident.severity == *filter.severity) && incident.firedAt >= filter.from &&
           incident.firedAt <= filter.to && (word.empty() || mentions(incident, word));
}

} // namespace

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
    const std::string word = lower(filter.text);
    std::vector<Incident> found;
    const core::MutexLock lock(m_mutex);
    for (auto at = m_incidents.rbegin(); at != m_incidents.rend() && found.size() < filter.limit; ++at) {
        if (fits(*at, filter, word)) {
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
