#include "monitor/record/rule_folder.h"

#include "monitor/alert/rule_file.h"
#include "monitor/export/atomic_file.h"

#include <QTemporaryDir>

#include <fmt/format.h>

#include <filesystem>

namespace record {

RuleFolder::RuleFolder()
    : m_folder(std::make_unique<QTemporaryDir>())
{
}

RuleFolder::~RuleFolder() = default;

core::Result<std::vector<std::string>> RuleFolder::lay(const RuleTexts& rules)
{
    std::vector<std::string> paths;
    ++m_sets;
    for (const RuleText& file : rules.files) {
        const std::string path = fmt::format("{}/{}-{}.yml", m_folder->path().toStdString(), m_sets, paths.size());
        if (auto written = exporting::writeAtomically(path, file.text); !written) {
            return core::Unexpected<core::Error>{written.error()};
        }
        m_names.emplace(path, file.path);
        paths.push_back(path);
    }
    return paths;
}

bool RuleFolder::isShipped(const std::string& copy) const
{
    const auto at = m_names.find(copy);
    return at != m_names.end() && copy.ends_with("-0.yml") &&
           std::filesystem::path(at->second).filename() == "default.yml";
}

void RuleFolder::nameBack(std::vector<metrics::RuleRow>& rows) const
{
    for (metrics::RuleRow& row : rows) {
        if (const auto at = m_names.find(row.file); at != m_names.end()) {
            row.file = at->second;
        }
    }
}

std::set<std::string> recordedNames(const std::vector<RuleTexts>& rules)
{
    std::set<std::string> names{"ALERTS"};
    for (const RuleTexts& set : rules) {
        for (const RuleText& text : set.files) {
            const auto file = alert::parseRuleFile(text.text, text.path);
            for (const alert::RuleGroup& group : file ? file->groups : std::vector<alert::RuleGroup>()) {
                for (const alert::Rule& rule : group.rules) {
                    if (rule.kind == alert::Rule::Kind::Recording) {
                        names.insert(rule.name);
                    }
                }
            }
        }
    }
    return names;
}

} // namespace record
