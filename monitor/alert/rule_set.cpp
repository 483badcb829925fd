#include "monitor/alert/rule_set.h"

#include "monitor/alert/rule_overrides.h"
#include "monitor/core/stream_text.h"

#include <filesystem>
#include <functional>
#include <utility>

namespace alert {

namespace {

} // namespace

RuleSet::Stamp RuleSet::stampOf(const std::string& path)
{
    std::error_code error;
    Stamp stamp;
    const auto time = std::filesystem::last_write_time(path, error);
    stamp.modified = error ? 0 : time.time_since_epoch().count();
    const auto size = std::filesystem::file_size(path, error);
    stamp.size = error ? 0 : size;
    return stamp;
}

core::Result<void, RuleFileError> RuleSet::load(std::vector<std::string> paths)
{
    m_paths = std::move(paths);
    m_stamps.assign(m_paths.size(), {});
    readAll();
    if (m_problem) {
        return core::Unexpected{*m_problem};
    }
    return {};
}

// True when what was read is in use now.
bool RuleSet::readAll()
{
    std::vector<RuleFile> files;
    m_problem.reset();
    for (std::size_t i = 0; i < m_paths.size(); ++i) {
        m_stamps[i] = stampOf(m_paths[i]);
        m_stamps[i].hash = std::hash<std::string>()(core::contentOf(m_paths[i]));
        auto file = readRuleFile(m_paths[i]);
        if (file) {
            files.push_back(std::move(*file));
        } else if (!m_problem) {
            m_problem = file.error();
        }
    }
    if (m_problem) {
        return false;
    }
    applyOverrides(files, m_userRules);
    m_files = std::make_shared<const std::vector<RuleFile>>(std::move(files));
    return true;
}

bool RuleSet::reloadIfChanged()
{
    bool changed = false;
    for (std::size_t i = 0; i < m_paths.size() && !changed; ++i) {
        Stamp now = stampOf(m_paths[i]);
        if (now.modified != m_stamps[i].modified || now.size != m_stamps[i].size) {
            now.hash = std::hash<std::string>()(core::contentOf(m_paths[i]));
            // Touched only: the rules and their states stay as they are.
            changed = now.hash != m_stamps[i].hash || now.size != m_stamps[i].size || m_problem.has_value();
            m_stamps[i] = now;
        }
    }
    return changed && readAll();
}

} // namespace alert
