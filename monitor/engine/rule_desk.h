// Rules changed by people: the file rules/user.yml, and the way back.
#pragma once

#include "monitor/alert/rule_engine.h"
#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/metrics/rule_draft.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace engine {

// What became of an edit.
struct RuleOutcome {
    std::string said;          // "HighPoolUsage: db_pool_usage > 0.8 → db_pool_usage > 0.85"
    std::string rule;          // its name
    std::string before, after; // what was changed of it, for the history
};

// Belongs to the thread that writes files. `rules` outlives it.
class RuleDesk {
public:
    // `paths`: all rule files in use, the user's among them once it is there.
    RuleDesk(std::filesystem::path file, alert::RuleEngine& rules,
             std::function<std::vector<std::string>()> paths);

    // Writes the file (the old one or the whole new one stands there, whatever happens; what stood there
    // before is kept beside it as user.yml.before) and takes it into use. When the file is broken or cannot
    // be written, nothing is changed and the error says where and why.
    [[nodiscard]] core::Result<RuleOutcome> edit(metrics::RuleEdit edit, core::Lang lang);
    // Takes the last edit back, as long as nobody else has changed the file since.
    [[nodiscard]] core::Result<RuleOutcome> undo(core::Lang lang);
    // Whether there is an edit to take back; thread-safe.
    [[nodiscard]] bool canUndo() const noexcept { return m_canUndo.load(std::memory_order_relaxed); }

private:
    struct Step {
        std::string before;
        std::string after;
        RuleOutcome outcome;
    };

    [[nodiscard]] core::Result<void> put(const std::string& before, const std::string& text);

    const std::filesystem::path m_file;
    alert::RuleEngine& m_rules;
    const std::function<std::vector<std::string>()> m_paths;
    std::vector<Step> m_steps; // the newest last
    std::atomic<bool> m_canUndo{false};
};

} // namespace engine
