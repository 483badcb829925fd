// What a person can say about alerts. Filled in by app/wiring; every call returns at once.
#pragma once

#include "monitor/metrics/incident.h"
#include "monitor/metrics/silence_rows.h"

#include <QString>

#include <functional>
#include <vector>

namespace widgets {

// What a silence would hide now.
struct SilencePreview {
    QString problem; // why it cannot be; empty when it can
    std::vector<metrics::SilenceMatcher> matchers;
    std::vector<metrics::AlertRow> caught;
};

// Refusals come as a toast. `incident` is AlertRow::incidentId.
struct AlertCommands {
    std::function<void(const QString& incident, const QString& by, const QString& note)> acknowledge;
    std::function<void(const QString& incident, std::chrono::minutes span)> snooze; // 0 ends it
    std::function<void(const metrics::SilenceRow& silence)> silence;
    std::function<void(const QString& id)> expireSilence;
    std::function<SilencePreview(const QString& matchers)> preview;
    std::function<std::vector<metrics::SilenceRow>()> silences;
    std::function<std::vector<metrics::Incident>(const metrics::IncidentFilter&)> incidents;
    std::function<void(const QString& path)> importRules;    // a Prometheus rule file
    std::function<void(const QString& folder)> exportRules;  // copies of all rule files in use
    std::function<void(const QString& path)> importSilences; // Alertmanager's JSON
    std::function<void(const QString& path)> exportSilences;
};

} // namespace widgets
