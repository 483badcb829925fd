// Graceful degradation in four steps, up while the trouble lasts, down again when it is over. Decides and
// keeps the books; what a step really does is given to it.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/metrics/response_rows.h"
#include "monitor/respond/response_event.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace respond {

// Step n is in force from level n on.
enum class DegradeStep : std::size_t { ShedBackground, PauseJobs, ServeCached, Record };
inline constexpr int kDegradeSteps = 4;
[[nodiscard]] const char* degradeStepName(DegradeStep step) noexcept; // "shed_background" …

struct DegradeConfig {
    bool enabled = false; // by rule; by hand it works always
    bool dryRun = true;
    std::vector<std::string> alerts =
        {};                        // that degrade while they fire; others may name the response themselves
    int mostLevel = kDegradeSteps; // 1 … 4: not further by itself
    core::Nanos stepUp = std::chrono::seconds(30);   // trouble lasting on a level before the next; 0 … 1 h
    core::Nanos stepDown = std::chrono::seconds(60); // quiet before a level is left; 1 s … 1 h
    int backgroundPlaces = 0;                        // step 1: for background leases; -1 = no limit
    int normalPlaces = -1;                           // step 1: for normal ones
    core::Nanos cacheAge = std::chrono::seconds(30); // step 3: answers may be that old

    friend bool operator==(const DegradeConfig&, const DegradeConfig&) = default;
};
[[nodiscard]] core::Result<void> problemOf(const DegradeConfig& config);

// What a step does and how it is taken back; quick, on the evaluating thread. The text says what was done.
struct Lever {
    std::function<core::Result<Words>()> apply;
    std::function<core::Result<Words>()> undo;
};

// evaluate() belongs to one thread and is the only one that pulls levers; the rest is thread-safe and takes
// effect with the next evaluate(). The destructor leaves things as they are: undoAll() first.
class Degrader {
public:
    Degrader(DegradeConfig config, std::array<Lever, kDegradeSteps> levers, EventSink sink,
             const core::Clock& clock = core::SystemClock::instance());

    // `firing`: names of the alerts that ask for this response, now.
    void evaluate(const std::vector<std::string>& firing);
    // Takes back what is in force, in reverse order; on the evaluating thread.
    void undoAll();

    // Holds the level, whatever fires, until automatic(). 0 … 4.
    [[nodiscard]] core::Result<void> hold(int level);
    void automatic();
    void setDryRun(DryRun dryRun);

    [[nodiscard]] int level() const;
    [[nodiscard]] bool dryRun() const;
    [[nodiscard]] std::uint64_t changes() const;
    [[nodiscard]] bool inForce(DegradeStep step) const; // really, not rehearsed
    [[nodiscard]] metrics::DegradeView view(core::Lang lang) const;
    [[nodiscard]] const DegradeConfig& config() const noexcept { return m_config; }

private:
    struct Step {
        metrics::StepState state = metrics::StepState::Open;
        bool applied = false;
        Words detail;
        core::WallTime since = {};
        core::SteadyTime retryAt = {};
    };
    struct Plan {
        int level = 0;
        bool dryRun = true;
    };

    [[nodiscard]] Plan decide(const std::vector<std::string>& firing, core::SteadyTime now);
    [[nodiscard]] int wanted(bool trouble, core::SteadyTime now) REQUIRES(m_mutex);
    void changeLevel(int level, core::SteadyTime now) REQUIRES(m_mutex);
    void pull(std::size_t index, Plan plan, core::SteadyTime now);
    void put(std::size_t index, metrics::StepState state, Words detail, bool applied);
    void tell(ResponseEvent::Kind kind, Words text) const;

    const DegradeConfig m_config;
    const std::array<Lever, kDegradeSteps> m_levers;
    const EventSink m_sink;
    const core::Clock& m_clock;
    mutable core::Mutex m_mutex; // guards what follows; no lever is pulled and nothing told under it
    bool m_dryRun GUARDED_BY(m_mutex);
    std::optional<int> m_held GUARDED_BY(m_mutex);
    int m_level GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_changes GUARDED_BY(m_mutex) = 0;
    core::WallTime m_since GUARDED_BY(m_mutex) = {};
    core::SteadyTime m_steadySince GUARDED_BY(m_mutex) = {}; // of the level
    std::optional<core::SteadyTime> m_quietSince GUARDED_BY(m_mutex);
    std::string m_why GUARDED_BY(m_mutex); // names of alerts
    core::Nanos m_nextChange GUARDED_BY(m_mutex){0};
    std::array<Step, kDegradeSteps> m_steps GUARDED_BY(m_mutex);
};

} // namespace respond
