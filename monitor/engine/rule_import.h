// Prometheus' rule files and Alertmanager's configurations taken over: what window and command line share.
#pragma once

#include "monitor/alert/alertmanager_config.h"
#include "monitor/alert/rule_engine.h"
#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/engine/rule_desk.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace engine {

// What stands there under the same name already.
enum class Existing { IsReplaced, IsKept };
enum class Import { Done, Rehearsed };

// "rules" of the data folder, and in it the file of the rule editor.
[[nodiscard]] std::filesystem::path ruleFolder(const std::filesystem::path& dataDir);
[[nodiscard]] std::filesystem::path userRuleFile(const std::filesystem::path& dataDir);
// All rule files in use, in their order: the defaults, what was imported (by name), the others named.
[[nodiscard]] std::vector<std::string> ruleFilesOf(const std::filesystem::path& dataDir,
                                                   const std::filesystem::path& defaults,
                                                   const std::vector<std::filesystem::path>& others);

struct TakenRules {
    std::size_t rules = 0;
    std::filesystem::path file; // where they are now
};

// A rule file, checked and copied whole or not at all. The code of an error is "rules" when it is none,
// "exists" when one of its name stands there and is to be kept, else that of the disk.
[[nodiscard]] core::Result<TakenRules> takeRuleFile(const std::filesystem::path& file,
                                                    const std::filesystem::path& dataDir, Existing existing,
                                                    Import how);

struct TakenConfig {
    std::vector<std::string> channels; // their names
    std::vector<std::string> rules;    // those that are inhibited from now on
    std::vector<std::string> left;     // what was not taken or is different here, a sentence each; no secrets
};

struct ConfigTaker {
    const alert::RuleEngine& rules;
    std::function<core::Result<void>(alert::AlertmanagerConfig::Channel)> keepChannel;
    std::function<core::Result<void>(metrics::RuleEdit)> edit;
};

// An Alertmanager's configuration, handed over piece by piece; a piece that is refused is among what is left.
[[nodiscard]] core::Result<TakenConfig> takeConfig(std::string_view text, const ConfigTaker& taker);

} // namespace engine
