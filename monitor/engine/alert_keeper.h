// What alerts leave on disk: their states, silences, incidents. All of it in the folder "alerts" of the data
// folder.
#pragma once

#include "monitor/alert/incident_book.h"
#include "monitor/alert/rule_engine.h"
#include "monitor/core/mutex.h"
#include "monitor/engine/file_writer.h"
#include "monitor/metrics/incident.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engine {

// The moment's evidence, from the tick's own picture. Pure.
[[nodiscard]] metrics::Evidence evidenceOf(const metrics::Snapshot& snapshot);

// Files: state.json (pending and firing alerts, what was told), said.json (acknowledgements, snoozes), silences.json (as
// Alertmanager writes them: `amtool silence import` reads it), incidents.jsonl and transitions.jsonl. A file
// that cannot be read is put aside as FILE.broken, the others are not touched. load(), sink() and afterTick()
// belong to the evaluating thread and its owner; the book is thread-safe.
class AlertKeeper {
public:
    AlertKeeper(std::filesystem::path folder, FileWriter& files);

    // Reads everything; what was wrong, one line each.
    [[nodiscard]] std::vector<std::string> load(alert::RuleEngine& rules);
    [[nodiscard]] metrics::IncidentSink sink();
    // Saves when something changed, and now and then while alerts are alive (an outage is measured from the
    // last time). `before` runs on the writer's thread ahead of the writing and may wait: what the states speak of as
    // told must be on disk before they are.
    void afterTick(const alert::RuleEngine& rules, core::SteadyTime now, std::function<void()> before = {});
    // What people have said, on disk when this returns, on the caller's thread; thread-safe. An error: it holds, but
    // not beyond the end of the program.
    [[nodiscard]] core::Result<void> keepSaid(const alert::Attention& attention);
    // At once, on the caller's thread: for the end.
    [[nodiscard]] core::Result<void> flush(const alert::RuleEngine& rules);
    // Why the last writing failed; empty when it did not.
    [[nodiscard]] std::string problem() const;

    [[nodiscard]] const alert::IncidentBook& book() const noexcept { return m_shared->book; }

private:
    // What jobs of the file writer use; they may outlive this.
    struct Shared {
        std::filesystem::path folder;
        alert::IncidentBook book;
        std::atomic<bool> writing{false};
        mutable core::Mutex mutex;                 // guards what follows; no I/O under it
        std::string incidents GUARDED_BY(mutex);   // lines not yet written
        std::string transitions GUARDED_BY(mutex); // lines not yet written
        std::string problem GUARDED_BY(mutex);
        // One writes at a time, and nothing older than what stands there; those wait here who have said something, nobody
        // else.
        core::Mutex saying;
        std::uint64_t saidVersion GUARDED_BY(saying) = 0;
        std::string said GUARDED_BY(saying);     // as it stands in said.json
        std::string silences GUARDED_BY(saying); // as it stands in silences.json
    };
    // At least as new as `version`.
    struct Said {
        std::uint64_t version = 0;
        std::string said;
        std::string silences;
    };
    struct Documents {
        std::string state;
        Said said;
    };

    [[nodiscard]] static Documents documentsOf(const alert::RuleEngine& rules);
    [[nodiscard]] static Said saidOf(const alert::Attention& attention);
    [[nodiscard]] static core::Result<void> writeSaid(Shared& shared, const Said& said);
    [[nodiscard]] std::optional<alert::Attention::Saved> readSaid(std::vector<std::string>& problems) const;
    [[nodiscard]] static core::Result<void> write(Shared& shared, const Documents& documents);

    const std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
    FileWriter& m_files;
    std::uint64_t m_saved = 0; // version
    core::SteadyTime m_nextSave = {};
};

} // namespace engine
