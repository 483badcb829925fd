// What a person can say about alerts. Filled in by app/wiring; every call returns at once.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/incident.h"
#include "monitor/metrics/rule_draft.h"
#include "monitor/metrics/silence_rows.h"

#include <QString>
#include <QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace widgets {

// What a silence would hide now.
struct SilencePreview {
    QString problem; // why it cannot be; empty when it can
    std::vector<metrics::SilenceMatcher> matchers;
    std::vector<metrics::AlertRow> caught;
};

// The recording that an incident saved of itself.
struct IncidentRecording {
    enum class State { There, Soon, Off, Gone };
    State state = State::Off; // Soon: it is saved a few minutes after the incident; Off: incidents save none
    QString file;             // of what is there
};

// Refusals come as a toast. `incident` is AlertRow::incidentId.
struct AlertCommands {
    std::function<void(const QString& incident, const QString& by, const QString& note)> acknowledge;
    std::function<void(const QString& incident, std::chrono::minutes span)> snooze; // 0 ends it
    std::function<void(const metrics::SilenceRow& silence)> silence;
    std::function<void(const QString& id)> expireSilence;
    std::function<SilencePreview(const QString& matchers)> preview;
    std::function<std::vector<metrics::SilenceRow>()> silences;
    std::function<std::vector<metrics::Incident>(const metrics::IncidentFilter&)> incidents; // the newest, at once
    // All that are kept, newest first, without what was seen; `answer` comes once, on the main thread. `more`: there are
    // older ones beyond the filter's limit.
    std::function<void(const metrics::IncidentFilter& filter,
                       std::function<void(std::vector<metrics::Incident> rows, bool more)> answer)>
        searchIncidents;
    // One with what was seen when it fired; nullptr when it is gone. As above.
    std::function<void(const metrics::Incident& incident,
                       std::function<void(std::shared_ptr<const metrics::Incident>)> answer)>
        readIncident;
    // At once. Empty where none are made: in the window of a recording.
    std::function<IncidentRecording(const metrics::Incident& incident)> recordingOf;
    std::function<void(const QString& file)> openRecording;
    // `done` comes once, on the main thread: why not; empty when it is done. Without it a refusal comes as a toast. What
    // was done comes as a toast with a way back.
    std::function<void(const metrics::RuleEdit& edit, std::function<void(const QString& problem)> done)> editRule;
    std::function<void()> undoRule; // the last edit
    std::function<bool()> canUndoRule;
    // What the edit's draft would have done in the last `window`, in the place of the rule it changes. Thread-safe; may take
    // a second, so never on the main thread.
    std::function<metrics::RuleTrial(const metrics::RuleEdit& edit, std::chrono::minutes window,
                                     const std::stop_token& stop)>
        tryRule;
    // The draft with another number in its comparison; unchanged when it has none.
    std::function<metrics::RuleDraft(const metrics::RuleDraft& draft, double threshold)> withThreshold;
    // A Prometheus rule file or an Alertmanager's configuration. `report` comes once, on the main thread: how it ended, then
    // what was not taken, a line each.
    std::function<void(const QString& path, std::function<void(const QStringList& lines)> report)> importRules;
    std::function<void(const QString& path)> importSilences; // Alertmanager's JSON
    // Copies of all rule files in use into a folder; the silences as Alertmanager's JSON. As FileWork: on a thread of the
    // caller's.
    using Writer = std::function<core::Result<void>(const QString& path, const std::stop_token& stop,
                                                    const std::function<void(double share)>& progress)>;
    Writer writeRules;
    Writer writeSilences;
};

} // namespace widgets
