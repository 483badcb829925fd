// One scenario on the whole program without a face: which alerts fire, against those it names.
#pragma once

#include "monitor/engine/engine.h"
#include "tests/support/pg_server.h"

#include <QString>
#include <QTemporaryDir>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace support {

struct ScenarioPlan {
    std::string name;
    std::map<std::string, double> parameters;
};

// An engine, a pool and rules of its own, so that trials side by side do not see each other's alerts. Main thread only.
class ScenarioTrial {
public:
    // Without a server it brings its own, as the program does.
    ScenarioTrial(ScenarioPlan plan, const PgServer* server);

    // Starts the engine, then (waits for its first ticks) the scenario. What went wrong, or nothing.
    [[nodiscard]] QString bringUp();
    [[nodiscard]] QString start();
    // Ended, and so long ago that no alert can be its doing any more.
    [[nodiscard]] bool over();
    // What is wrong with the alerts that fired, or nothing. The host's own alerts are nobody's doing here: the machine
    // has other work too.
    [[nodiscard]] QString verdict() const;
    // What a replay of the trial's recording tells otherwise than the trial did, or nothing. Ask when it is over.
    [[nodiscard]] QString replayed();

private:
    [[nodiscard]] std::optional<metrics::ScenarioRow> row() const;

    ScenarioPlan m_plan;
    QTemporaryDir m_folder;
    std::optional<core::WallTime> m_endSeen;
    engine::Engine m_engine;
};

using ScenarioTrials = std::vector<std::unique_ptr<ScenarioTrial>>;

// Makes and starts all of them, `trials` being empty before; what went wrong, or nothing.
[[nodiscard]] QString startAll(ScenarioTrials& trials, const std::vector<ScenarioPlan>& plans, const PgServer* server);
// Waits until all are over; every verdict that is not empty, and whatever a replay tells otherwise.
[[nodiscard]] QString verdictsOf(ScenarioTrials& trials, core::Nanos atMost);

} // namespace support
