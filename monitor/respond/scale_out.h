// Adds replicas while the load lasts, and watches what comes of it: a plan with its steps, a hook, a
// deadline.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/metrics/response_rows.h"
#include "monitor/respond/response_event.h"
#include "monitor/respond/scaler.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace respond {

struct ScaleOutConfig {
    bool enabled = false;
    bool dryRun = true;
    std::vector<std::string> alerts = {}; // sustained load, as rules say it
    int minimum = 1;
    int maximum = 5;
    int step = 1;
    core::Nanos coolDown = std::chrono::minutes(5);  // between two actions
    core::Nanos deadline = std::chrono::minutes(10); // for the load to fall
    core::Nanos lookEvery = std::chrono::seconds(5); // at the replicas, while watching
    ScaleTarget target = {};

    friend bool operator==(const ScaleOutConfig&, const ScaleOutConfig&) = default;
};
[[nodiscard]] core::Result<void> problemOf(const ScaleOutConfig& config);

// Thread-safe; nothing blocks but stop(). Acts on a thread of its own ("scale-out"), one action at a time.
class ScaleOut {
public:
    // `scaler` may be null: then there is nothing to act with.
    ScaleOut(ScaleOutConfig config, std::unique_ptr<Scaler> scaler, EventSink sink,
             const core::Clock& clock = core::SystemClock::instance());
    ~ScaleOut(); // stop()
    void start();
    void stop();

    // Names of the alerts that ask for it, now; once a tick.
    void evaluate(const std::vector<std::string>& firing);
    // By hand, whatever fires, cool-down or not; a person may rehearse, too. Errors: no target, busy.
    [[nodiscard]] core::Result<void> actNow();
    // Back to the number before the last action. Errors: nothing to undo, busy.
    [[nodiscard]] core::Result<void> undo();
    void setDryRun(DryRun dryRun);

    [[nodiscard]] metrics::ScaleView view(core::Lang lang) const;
    struct Figures {
        std::uint64_t done = 0, rehearsed = 0, failed = 0, expired = 0;
        int replicas = -1;
        bool watching = false;
        bool dryRun = true;
    };
    [[nodiscard]] Figures figures() const;
    [[nodiscard]] const ScaleOutConfig& config() const noexcept { return m_config; }

private:
    enum class Phase { Idle, Acting, Watching, CoolDown };
    enum class Order { None, Act, Undo };
    enum StepIndex : std::size_t { kSeen, kReplicas, kReady, kWatch, kSteps };
    struct Step {
        metrics::StepState state = metrics::StepState::Open;
        Words detail;
        core::WallTime since = {};
    };

    void run(const std::stop_token& stop);
    [[nodiscard]] Order nextOrder() REQUIRES(m_mutex);
    void act(const std::stop_token& stop);
    void rehearse(const ScaleRequest& request, const std::stop_token& stop);
    void takeBack(const std::stop_token& stop);
    void watch(const std::stop_token& stop);
    [[nodiscard]] bool judge(core::SteadyTime now);
    void begin(const ScaleRequest& request);
    void acted(const core::Result<ScaleResult>& result);
    void finish(Phase next, Words outcome);
    void put(StepIndex step, metrics::StepState state, Words detail);
    void tell(ResponseEvent::Kind kind, Words text);
    [[nodiscard]] static const char* phaseName(Phase phase) noexcept;

    const ScaleOutConfig m_config;
    const std::unique_ptr<Scaler> m_scaler; // the thread's alone
    const std::string m_title;
    const EventSink m_sink;
    const core::Clock& m_clock;
    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    core::CondVar m_changed;
    bool m_dryRun GUARDED_BY(m_mutex);
    bool m_trouble GUARDED_BY(m_mutex) = false;
    std::string m_why GUARDED_BY(m_mutex);
    Order m_order GUARDED_BY(m_mutex) = Order::None; // by hand
    Phase m_phase GUARDED_BY(m_mutex) = Phase::Idle;
    core::SteadyTime m_until GUARDED_BY(m_mutex) = {}; // the deadline, or the end of the cool-down
    core::SteadyTime m_coolUntil GUARDED_BY(m_mutex) = {};
    bool m_rehearsed GUARDED_BY(m_mutex) = false;          // this trouble's plan was shown already
    std::optional<ScaleResult> m_last GUARDED_BY(m_mutex); // what undo() takes back
    Figures m_figures GUARDED_BY(m_mutex);
    Words m_outcome GUARDED_BY(m_mutex);
    std::array<Step, kSteps> m_steps GUARDED_BY(m_mutex);
    std::jthread m_thread; // last: joins first
};

} // namespace respond
