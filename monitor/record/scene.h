// A recording being played: the same rules over the recorded samples, with the recorded clock.
#pragma once

#include "monitor/alert/rule_engine.h"
#include "monitor/promql/querier.h"
#include "monitor/series/own_reader.h"
#include "monitor/record/families.h"
#include "monitor/record/frame.h"
#include "monitor/record/rule_folder.h"
#include "monitor/record/tape.h"
#include "monitor/record/timeline.h"
#include "monitor/series/head.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace record {

// What charts and tables ask while a recording plays; thread-safe, lives as long as somebody holds it.
struct Stage {
    series::Head head;
    promql::Querier querier{head};
    series::OwnReader ours{head};
    promql::Querier own{ours};
};

struct SceneOptions {
    std::span<const metrics::MetricDef* const> metrics; // the program's own; outlive the snapshots made
    core::Lang lang = core::Lang::English;
};

// Belongs to one thread, as the tape does; `tape` outlives it.
class Scene {
public:
    Scene(Tape& tape, SceneOptions options);
    ~Scene();

    // The next tick is the first one at or after `at` (ms). States of alerts are those of that moment: from a
    // checkpoint before it, or by evaluating what comes before. Everybody's charts begin anew (stage()).
    [[nodiscard]] core::Result<void> seek(std::int64_t at);
    // The next tick, evaluated; null at the end.
    [[nodiscard]] core::Result<metrics::SnapshotPtr> step();
    // Of the next tick; nullopt at the end. A moment at which series only end is none: the program was held up there, and
    // asked its rules nothing.
    [[nodiscard]] std::optional<std::int64_t> next() const;
    [[nodiscard]] std::shared_ptr<Stage> stage() const noexcept { return m_stage; }
    // Changes since seek(), of the last two hours at least.
    [[nodiscard]] const std::vector<TimelineEntry>& timeline() const noexcept { return m_timeline; }
    void setLang(core::Lang lang);

private:
    struct Start {
        std::int64_t at = 0; // states are those after the tick at this moment; the first evaluated one follows
        std::string memory;  // empty: nothing is known
    };

    [[nodiscard]] core::Result<Start> startFor(std::int64_t at);
    [[nodiscard]] core::Result<void> begin(const Start& start);
    void makeRules();
    // Where the program was started again between the tick before and this one (ms).
    void restartRules(std::int64_t at);
    [[nodiscard]] core::Result<void> fill();
    [[nodiscard]] core::Result<void> useRules(std::int64_t at);
    [[nodiscard]] core::Result<void> takeFrame(std::int64_t at);
    [[nodiscard]] core::Result<metrics::SnapshotPtr> evaluate(const TickValues& tick);
    // The samples as they were, those of rules left out: the rules make them anew.
    void feed(const TickValues& tick);
    [[nodiscard]] TickValues takeTick();
    [[nodiscard]] std::shared_ptr<metrics::Snapshot> pictureOf(const TickValues& tick);
    [[nodiscard]] core::SteadyTime steadyOf(const metrics::Snapshot& picture) const;
    void loadMarks();
    void keepCheckpoint(std::int64_t at);
    [[nodiscard]] std::shared_ptr<const std::vector<metrics::Mark>> marksAt(core::WallTime at) const;

    Tape& m_tape;
    const SceneOptions m_options;
    core::Lang m_lang;
    FamilyMaker m_families;
    std::set<std::string> m_byRules; // names of series that rules make
    RuleFolder m_folder;
    std::shared_ptr<Stage> m_stage;
    std::unique_ptr<alert::RuleEngine> m_rules;
    std::size_t m_ruleSet = 0; // of the tape's; the next one to be used
    std::deque<TickValues> m_ticks; // read already
    std::int64_t m_readTo = 0;
    std::deque<Frame> m_frames; // read already
    FrameReader m_frame;
    std::int64_t m_frameAt = 0;
    std::uint64_t m_tick = 0;
    metrics::Snapshot m_last; // its moment only
    std::vector<metrics::Mark> m_marks; // recorded ones but alerts', ascending
    std::vector<metrics::Mark> m_alertMarks;
    std::vector<TimelineEntry> m_timeline;
    std::map<std::int64_t, std::string> m_checkpoints; // states after the tick at this moment
    std::int64_t m_now = 0;
};

} // namespace record
