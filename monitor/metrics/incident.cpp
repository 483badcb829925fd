#include "monitor/metrics/incident.h"

#include <algorithm>
#include <cctype>

namespace metrics {

namespace {

// ASCII letters of any case; everything else as it is.
bool contains(const std::string& text, const std::string& needle)
{
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    return std::search(text.begin(), text.end(), needle.begin(), needle.end(), same) != text.end();
}

bool says(const Incident& incident, const std::string& needle)
{
    const bool inTexts = contains(incident.rule, needle) || contains(incident.summary, needle) ||
                         contains(incident.description, needle) || contains(incident.ackNote, needle) ||
                         contains(incident.ackedBy, needle);
    return inTexts || std::any_of(incident.labels.begin(), incident.labels.end(), [&](const auto& label) {
               return contains(label.first + '=' + label.second, needle);
           });
}

} // namespace

bool matches(const Incident& incident, const IncidentFilter& filter)
{
    const bool phase = filter.phase == IncidentFilter::Phase::Any ||
                       (filter.phase == IncidentFilter::Phase::Open) == incident.open();
    return phase && incident.firedAt >= filter.from && incident.firedAt <= filter.to &&
           (!filter.severity || incident.severity == *filter.severity) &&
           (filter.rule.empty() || incident.rule == filter.rule) &&
           (filter.text.empty() || says(incident, filter.text));
}

} // namespace metrics
