#include "monitor/engine/rule_import.h"

#include "monitor/alert/inhibition_import.h"
#include "monitor/alert/rule_file.h"
#include "monitor/core/stream_text.h"
#include "monitor/export/atomic_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace engine {

namespace fs = std::filesystem;

namespace {

bool isRuleFile(const fs::path& path)
{
    return path.extension() == ".yml" || path.extension() == ".yaml";
}

std::size_t countOf(const alert::RuleFile& file)
{
    std::size_t count = 0;
    for (const alert::RuleGroup& group : file.groups) {
        count += group.rules.size();
    }
    return count;
}

} // namespace

fs::path ruleFolder(const fs::path& dataDir)
{
    return dataDir / "rules";
}

fs::path userRuleFile(const fs::path& dataDir)
{
    return ruleFolder(dataDir) / "user.yml";
}

std::vector<std::string> ruleFilesOf(const fs::path& dataDir, const fs::path& defaults,
                                     const std::vector<fs::path>& others)
{
    std::vector<std::string> imported;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(ruleFolder(dataDir), error)) {
        if (isRuleFile(entry.path())) {
            imported.push_back(entry.path().string());
        }
    }
    std::ranges::sort(imported);
    std::vector<std::string> paths{defaults.string()};
    paths.insert(paths.end(), imported.begin(), imported.end());
    for (const fs::path& file : others) {
        paths.push_back(file.string());
    }
    return paths;
}

core::Result<TakenRules> takeRuleFile(const fs::path& file, const fs::path& dataDir, Existing existing,
                                      Import how)
{
    const auto read = alert::readRuleFile(file.string());
    if (!read) {
        return core::fail(read.error().text(), "rules");
    }
    fs::path target = ruleFolder(dataDir) / file.stem().concat(".yml");
    if (target == userRuleFile(dataDir)) { // the editor's own; never written over
        target = ruleFolder(dataDir) / "user-imported.yml";
    }
    std::error_code error;
    if (existing == Existing::IsKept && fs::exists(target, error)) {
        return core::fail(fmt::format("{} is there already", target.string()), "exists");
    }
    TakenRules taken{countOf(*read), target};
    if (how == Import::Rehearsed) {
        return taken;
    }
    fs::create_directories(target.parent_path(), error);
    const std::string text = core::contentOf(file);
    if (const auto again = alert::parseRuleFile(text, file.string());
        !again) { // changed between the two looks
        return core::fail(again.error().text(), "rules");
    }
    const auto replace =
        existing == Existing::IsKept ? exporting::Replace::Refused : exporting::Replace::Allowed;
    if (auto written = exporting::writeAtomically(target, text, replace); !written) {
        return core::Unexpected{written.error()};
    }
    return taken;
}

core::Result<TakenConfig> takeConfig(std::string_view text, const ConfigTaker& taker)
{
    auto config = alert::readAlertmanagerConfig(text);
    if (!config) {
        return core::Unexpected{config.error()};
    }
    TakenConfig taken;
    std::vector<std::string> refused;
    for (alert::AlertmanagerConfig::Channel& channel : config->channels) {
        const std::string name = channel.setup.name;
        if (const auto saved = taker.keepChannel(std::move(channel)); saved) {
            taken.channels.push_back(name);
        } else {
            refused.push_back(fmt::format("channel {}: {}", name, saved.error().message));
        }
    }
    auto inhibited = alert::inhibitionEdits(config->inhibitions, *taker.rules.files());
    for (metrics::RuleEdit& edit : inhibited.edits) {
        const std::string name = edit.rule.name;
        if (const auto done = taker.edit(std::move(edit)); done) {
            taken.rules.push_back(name);
        } else {
            refused.push_back(fmt::format("rule {}: {}", name, done.error().message));
        }
    }
    for (auto* left : {&refused, &config->left, &inhibited.left}) {
        std::ranges::move(*left, std::back_inserter(taken.left));
    }
    return taken;
}

} // namespace engine
