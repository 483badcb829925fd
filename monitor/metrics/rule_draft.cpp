#include "monitor/metrics/rule_draft.h"

#include <algorithm>

namespace metrics {

std::string entryOf(const RuleDraft::Entries& entries, const std::string& name)
{
    const auto at =
        std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == name; });
    return at != entries.end() ? at->second : std::string();
}

void setEntry(RuleDraft::Entries& entries, const std::string& name, const std::string& text)
{
    const auto at =
        std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == name; });
    if (text.empty()) {
        if (at != entries.end()) {
            entries.erase(at);
        }
    } else if (at != entries.end()) {
        at->second = text;
    } else {
        entries.emplace_back(name, text);
    }
}

} // namespace metrics
