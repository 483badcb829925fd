// A run of the demo's story with real rules, kept by a black box, and what the rules told of it.
#pragma once

#include "monitor/alert/alert_memory.h"
#include "monitor/alert/incident_json.h"
#include "monitor/alert/rule_engine.h"
#include "monitor/core/format.h"
#include "monitor/promql/querier.h"
#include "monitor/record/black_box.h"
#include "monitor/record/scene.h"
#include "monitor/record/tape.h"
#include "monitor/record/timeline.h"
#include "monitor/series/head.h"
#include "tests/support/demo_flow.h"

#include <QTemporaryDir>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace support {

inline std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
}

inline const char* const kRules = POOLSCOPE_SOURCE_DIR "/resources/rules/default.yml";

// Main thread only.
class StoryRun {
public:
    explicit StoryRun(record::BoxOptions options = {}, const std::string& rules = kRules)
        : m_rules(m_head, m_querier, ruleOptions())
        , m_box(withSamples(std::move(options)))
    {
        const auto loaded = m_rules.load({rules});
        m_box.useRules({1, {{rules, contentOf(rules)}}});
    }

    // Ticks until so many seconds of the story are over.
    void runUntil(std::chrono::seconds span)
    {
        const core::WallTime end = demo::FlowOptions().start + span;
        while (!m_last || m_last->at < end) {
            auto snapshot = std::make_shared<metrics::Snapshot>(*m_flow.next());
            snapshot->alerts.clear();
            snapshot->rules.clear();
            if (m_beforeTick) {
                m_beforeTick(*snapshot, m_head);
            }
            m_head.append(*snapshot);
            m_rules.evaluate(*snapshot);
            m_last = snapshot;
            m_box.take(snapshot, m_box.wantsMemory() ? alert::memoryJson(m_rules.memory()) : std::string());
        }
    }

    // So much of the story is missed, as when the machine is too busy to look.
    void holdUp(std::chrono::seconds span)
    {
        (void)m_flow.runUntil(std::chrono::duration_cast<std::chrono::seconds>(m_last->at - demo::FlowOptions().start) + span);
        m_head.interrupt(std::chrono::seconds(1));
    }
    // What else is put into the history with a tick.
    void beforeTick(std::function<void(const metrics::Snapshot&, series::Head&)> what) { m_beforeTick = std::move(what); }
    // As the recording of `from` … `to` seconds of the story; the file.
    core::Result<std::filesystem::path> save(int from, int to, const std::string& name)
    {
        const auto told = std::make_shared<std::promise<core::Result<std::filesystem::path>>>();
        auto outcome = told->get_future();
        const auto posted =
            m_box.saveRange(millisAt(from), millisAt(to), m_folder.filePath(QString::fromStdString(name)).toStdString(),
                            [told](const auto& saved) { told->set_value(saved); });
        if (!posted) {
            return core::Unexpected<core::Error>{posted.error()};
        }
        return outcome.get();
    }

    [[nodiscard]] static std::int64_t millisAt(int second)
    {
        return core::epochMillis(demo::FlowOptions().start) + std::int64_t{second} * 1000;
    }
    [[nodiscard]] record::BlackBox& box() { return m_box; }
    [[nodiscard]] const std::vector<record::TimelineEntry>& told() const { return m_told; }
    [[nodiscard]] metrics::SnapshotPtr last() const { return m_last; }
    [[nodiscard]] QTemporaryDir& folder() { return m_folder; }

private:
    alert::RuleEngineOptions ruleOptions()
    {
        alert::RuleEngineOptions options;
        options.onTransition = [this](const alert::Transition& change) {
            if (auto entry = record::entryOf(change, m_head.stats().newest)) {
                m_told.push_back(std::move(*entry));
            }
        };
        options.history.transition = [this](const metrics::AlertTransition& change) {
            m_box.note(store::AlertTransition{change.at, change.rule, change.labels, metrics::alertStateName(change.from),
                                              metrics::alertStateName(change.to), change.incidentId, change.value,
                                              change.reason});
        };
        options.history.incident = [this](const metrics::Incident& incident) {
            m_box.note(store::Incident{incident.firedAt, incident.id, incident.rule, incident.labels,
                                       metrics::severityName(incident.severity),
                                       incident.open() ? std::nullopt : std::optional(incident.resolvedAt),
                                       incident.peak, incident.summary, alert::incidentLine(incident)});
        };
        return options;
    }
    record::BoxOptions withSamples(record::BoxOptions options)
    {
        options.samples = &m_head;
        options.mostWaiting = 10'000; // the story runs faster than any box can write
        options.facts.emplace("version", "test");
        return options;
    }

    QTemporaryDir m_folder;
    demo::Flow m_flow;
    series::Head m_head;
    promql::Querier m_querier{m_head};
    std::vector<record::TimelineEntry> m_told;
    metrics::SnapshotPtr m_last;
    std::function<void(const metrics::Snapshot&, series::Head&)> m_beforeTick;
    alert::RuleEngine m_rules;
    record::BlackBox m_box; // last: its thread reads the head
};

// The demo's metrics, as the program's catalogue would say them.
inline std::vector<const metrics::MetricDef*> defsOf(const metrics::Snapshot& snapshot)
{
    std::vector<const metrics::MetricDef*> defs;
    for (const metrics::Family& family : snapshot.families) {
        defs.push_back(family.def);
    }
    return defs;
}

} // namespace support
