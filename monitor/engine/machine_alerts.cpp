// The machine and its alerts: what rules tell, what is kept of it, what people say about it.
#include "monitor/engine/machine.h"

#include "monitor/alert/rule_file.h"
#include "monitor/export/atomic_file.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace engine {

namespace {

using metrics::Mark;

constexpr core::Text kImported{"{} rules imported: {}", "已导入 {} 条规则：{}"};
constexpr core::Text kExported{"{} rule files exported to {}", "已将 {} 个规则文件导出到 {}"};
constexpr core::Text kTooMuch{"too many files are being written already", "正在写入的文件过多"};
constexpr core::Text kNotSaved{"Alerts cannot be saved: {}", "告警状态无法保存：{}"};

bool isRuleFile(const std::filesystem::path& path)
{
    return path.extension() == ".yml" || path.extension() == ".yaml";
}

std::string contentOf(const std::filesystem::path& path)
{
    std::ifstream input(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
}

} // namespace

alert::RuleEngineOptions Machine::ruleOptions()
{
    alert::RuleEngineOptions options;
    options.lang = lang();
    options.onTransition = [this](const alert::Transition& transition) { onTransition(transition); };
    options.onEvent = [this](const metrics::AlertEvent& event) { m_notify->service().push(event); };
    options.history = m_alertKeeper->sink();
    if (m_store) { // the book of lines, and the history
        options.history.incident = [book = options.history.incident,
                                    past = m_store->alertSink().incident](const metrics::Incident& incident) {
            book(incident);
            past(incident);
        };
        options.history.transition = [book = options.history.transition,
                                      past = m_store->alertSink().transition](const metrics::AlertTransition& change) {
            book(change);
            past(change);
        };
    }
    options.evidence = evidenceOf;
    return options;
}

void Machine::makeRules()
{
    m_alertKeeper = std::make_unique<AlertKeeper>(m_config.dataDir / "alerts", *m_files);
    m_rules = std::make_unique<alert::RuleEngine>(m_head, m_querier, ruleOptions());
    m_alertmanager =
        std::make_unique<alert::AlertmanagerApi>(m_rules->attention(), [this] { return m_rules->alerts(); });
}

void Machine::makeNotifications()
{
    NotifyOptions options;
    options.lang = [this] { return lang(); };
    options.endpoint = [this] {
        const metrics::SnapshotPtr snapshot = latest();
        return snapshot ? snapshot->endpoint : std::string();
    };
    m_notify = std::make_unique<NotifyKeeper>(m_config, std::move(options));
}

// The defaults must be sound; a broken file of the user's leaves them in force, with a banner (see watchRuleFiles).
core::Result<void> Machine::loadRules()
{
    if (auto loaded = m_rules->load({m_config.defaultRules.string()}); !loaded) {
        return core::fail(loaded.error().text(), "rules");
    }
    if (auto loaded = m_rules->load(rulePaths()); !loaded) {
        spdlog::error("{}", loaded.error().text());
    }
    return {};
}

// After the rules: states go back to them with the first evaluation.
void Machine::loadAlerts()
{
    for (const std::string& problem : m_alertKeeper->load(*m_rules)) {
        spdlog::warn("{}", problem);
    }
}

void Machine::keepAlerts(const metrics::Snapshot& snapshot)
{
    m_alertKeeper->afterTick(*m_rules, snapshot.steady);
    if (const std::string problem = m_alertKeeper->problem(); !problem.empty()) {
        m_banners.raise({"alerts",
                         false,
                         {},
                         fmt::format(fmt::runtime(kNotSaved.in(lang())), problem),
                         "",
                         core::Nanos(0)});
    } else {
        m_banners.clear("alerts");
    }
}

void Machine::onTransition(const alert::Transition& transition)
{
    if (transition.to == metrics::AlertState::Firing && transition.cause == alert::Cause::Condition) {
        m_marks.add(Mark::Kind::AlertFired, transition.row.name);
        m_runner->noteAlert(transition.row.name);
    } else if (transition.to == metrics::AlertState::Resolved && transition.from != transition.to) {
        m_marks.add(Mark::Kind::AlertResolved, transition.row.name);
    }
}

net::AlertmanagerBackend Machine::alertmanagerBackend()
{
    return {[this](const net::AlertmanagerQuery& query) {
                return m_alertmanager->alerts({query.filters, query.receiver, query.show.active,
                                               query.show.silenced, query.show.inhibited, true});
            },
            [this](const std::vector<std::string>& filters) { return m_alertmanager->silences(filters); },
            [this](const std::string& id) { return m_alertmanager->silence(id); },
            [this](std::string_view json) { return m_alertmanager->post(json); },
            [this](const std::string& id) { return m_alertmanager->expire(id); }};
}

// The defaults, what was imported (by name), what the command line and the configuration name.
std::vector<std::string> Machine::rulePaths() const
{
    std::vector<std::string> imported;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(m_config.dataDir / "rules", error)) {
        if (isRuleFile(entry.path())) {
            imported.push_back(entry.path().string());
        }
    }
    std::sort(imported.begin(), imported.end());
    std::vector<std::string> paths{m_config.defaultRules.string()};
    paths.insert(paths.end(), imported.begin(), imported.end());
    const core::MutexLock lock(m_mutex);
    for (const std::filesystem::path& file : m_ruleFiles) {
        paths.push_back(file.string());
    }
    return paths;
}

core::Result<std::string> Machine::takeRules(const std::filesystem::path& file)
{
    const auto read = alert::readRuleFile(file.string());
    if (!read) {
        return core::fail(read.error().text(), "rules");
    }
    std::size_t count = 0;
    for (const alert::RuleGroup& group : read->groups) {
        count += group.rules.size();
    }
    const std::filesystem::path folder = m_config.dataDir / "rules";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const std::filesystem::path target = folder / file.stem().concat(".yml");
    if (auto written = exporting::writeAtomically(target, contentOf(file)); !written) {
        return core::Unexpected<core::Error>{written.error()};
    }
    if (auto loaded = m_rules->load(rulePaths()); !loaded) {
        return core::fail(loaded.error().text(), "rules");
    }
    return fmt::format(fmt::runtime(kImported.in(lang())), count, target.filename().string());
}

void Machine::importRules(const std::filesystem::path& file)
{
    const bool queued = m_files->post([this, file] {
        const auto taken = takeRules(file);
        tell({!taken, taken ? *taken : taken.error().message});
    });
    if (!queued) {
        tell({true, say(kTooMuch)});
    }
}

void Machine::exportRules(const std::filesystem::path& folder)
{
    const bool queued = m_files->post([this, folder] {
        const std::vector<std::string> paths = rulePaths();
        for (const std::filesystem::path& path :
             std::vector<std::filesystem::path>(paths.begin(), paths.end())) {
            if (auto written = exporting::writeAtomically(folder / path.filename(), contentOf(path));
                !written) {
                tell({true, written.error().message});
                return;
            }
        }
        tell({false, fmt::format(fmt::runtime(kExported.in(lang())), paths.size(), folder.string())});
    });
    if (!queued) {
        tell({true, say(kTooMuch)});
    }
}

core::Result<void> Machine::acknowledge(const std::string& incident, const std::string& by,
                                        const std::string& note)
{
    return m_rules->attention().acknowledge(incident, {by, note, m_clock.wallNow()});
}

core::Result<void> Machine::snooze(const std::string& incident, core::Nanos span)
{
    const auto until = m_clock.wallNow() + std::chrono::duration_cast<std::chrono::microseconds>(span);
    return m_rules->attention().snooze(incident, until);
}

core::Result<std::string> Machine::silence(metrics::SilenceRow silence)
{
    return m_rules->attention().putSilence(std::move(silence), m_clock.wallNow());
}

core::Result<void> Machine::expireSilence(const std::string& id)
{
    return m_rules->attention().expireSilence(id, m_clock.wallNow());
}

std::vector<metrics::SilenceRow> Machine::silences() const
{
    return m_rules->attention().silences(m_clock.wallNow());
}

std::vector<metrics::Incident> Machine::incidents(const metrics::IncidentFilter& filter) const
{
    return m_alertKeeper->book().find(filter);
}

} // namespace engine
