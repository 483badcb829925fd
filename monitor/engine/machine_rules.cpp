// The machine and its rules: which files are in use, and what people do with them.
#include "monitor/engine/machine.h"

#include "monitor/alert/alertmanager_config.h"
#include "monitor/alert/rule_file.h"
#include "monitor/alert/rule_trial.h"
#include "monitor/alert/rule_writer.h"
#include "monitor/alert/user_rules.h"
#include "monitor/core/stream_text.h"
#include "monitor/engine/rule_desk.h"
#include "monitor/engine/rule_import.h"
#include "monitor/export/atomic_file.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace engine {

namespace {

constexpr core::Text kImported{"{} rules imported: {}", "已导入 {} 条规则：{}"};
constexpr core::Text kAlertmanagerTaken{
    "taken: {} channels, inhibition of {} rules; not taken or changed: {}",
    "已导入 {} 个通道、{} 条规则的抑制关系；未导入或有出入：{} 项"};
constexpr core::Text kTooMuch{"too many files are being written already", "正在写入的文件过多"};

} // namespace

std::filesystem::path Machine::userRules() const
{
    return userRuleFile(m_config.dataDir);
}

void Machine::makeRuleDesk()
{
    m_ruleDesk = std::make_unique<RuleDesk>(userRules(), *m_rules, [this] { return rulePaths(); });
}

// The defaults must be sound; a broken file of the user's leaves them in force, with a banner (see
// watchRuleFiles).
core::Result<void> Machine::loadRules()
{
    if (auto loaded = m_rules->load({m_config.defaultRules.string()}); !loaded) {
        return core::fail(loaded.error().text(), "rules");
    }
    if (auto loaded = m_rules->load(rulePaths()); !loaded) {
        spdlog::error("{}", loaded.error().text());
        std::vector<std::string> sound;
        std::ranges::copy_if(rulePaths(), std::back_inserter(sound),
                             [](const std::string& path) { return alert::readRuleFile(path).has_value(); });
        (void)m_rules->load(sound);       // one broken file costs no other its rules
        (void)m_rules->load(rulePaths()); // refused again: all are watched, and the banner says which and why
    }
    recordRules();
    return {};
}

// The defaults, those on targets while any is watched, what was imported (by name), what the command line and the configuration name.
std::vector<std::string> Machine::rulePaths() const
{
    std::vector<std::filesystem::path> others;
    {
        const core::MutexLock lock(m_mutex);
        others = m_ruleFiles;
    }
    auto paths = ruleFilesOf(m_config.dataDir, m_config.defaultRules, others);
    std::error_code error;
    if (const auto onTargets = m_config.defaultRules.parent_path() / "targets.yml";
        m_targetRules && std::filesystem::exists(onTargets, error)) {
        paths.insert(paths.begin() + 1, onTargets.string());
    }
    return paths;
}

core::Result<std::string> Machine::takeRules(const std::filesystem::path& file)
{
    const auto taken = takeRuleFile(file, m_config.dataDir, Existing::IsReplaced, Import::Done);
    if (!taken) {
        return core::Unexpected<core::Error>{taken.error()};
    }
    if (auto loaded = m_rules->load(rulePaths()); !loaded) {
        return core::fail(loaded.error().text(), "rules");
    }
    return fmt::format(fmt::runtime(kImported.in(lang())), taken->rules, taken->file.filename().string());
}

std::vector<std::string> Machine::takeAlertmanager(const std::string& text)
{
    const auto keepChannel = [this](alert::AlertmanagerConfig::Channel channel) {
        return m_notify->service().save(std::move(channel.setup), std::move(channel.secrets),
                                        [this](const core::Result<void>& outcome) {
                                            if (!outcome) {
                                                tell({true, outcome.error().message});
                                            }
                                        });
    };
    const auto edit = [this](metrics::RuleEdit change) -> core::Result<void> {
        const auto done = m_ruleDesk->edit(std::move(change), lang());
        return done ? core::Result<void>() : core::Unexpected<core::Error>{done.error()};
    };
    const auto taken = takeConfig(text, {*m_rules, keepChannel, edit});
    if (!taken) {
        return {taken.error().message};
    }
    std::vector<std::string> lines{fmt::format(fmt::runtime(kAlertmanagerTaken.in(lang())), taken->channels.size(),
                                               taken->rules.size(), taken->left.size())};
    lines.insert(lines.end(), taken->left.begin(), taken->left.end());
    return lines;
}

void Machine::importRules(const std::filesystem::path& file,
                          std::function<void(std::vector<std::string> lines)> report)
{
    const bool queued = m_files->post([this, file, report] {
        const std::string text = core::contentOf(file);
        std::vector<std::string> lines;
        if (alert::looksLikeAlertmanagerConfig(text)) {
            lines = takeAlertmanager(text);
        } else {
            const auto taken = takeRules(file);
            lines.push_back(taken ? *taken : taken.error().message);
        }
        for (const std::string& line : lines) {
            spdlog::info("import of {}: {}", file.filename().string(), line);
        }
        if (report) {
            report(std::move(lines));
        } else {
            tell({false, lines.front()});
        }
    });
    if (!queued) {
        tell({true, say(kTooMuch)});
    }
}

// As they are in force: a file some rule of which is changed is written with the change in it, and without
// what is disabled, so that a Prometheus that loads the folder does the same. All others word for word.
core::Result<std::size_t> Machine::writeRules(const std::filesystem::path& folder,
                                              const exporting::ExportWatch& watch) const
{
    const auto files = m_rules->files();
    std::vector<exporting::AtomicFile> written;
    for (alert::RuleFile file : *files) {
        bool changed = false;
        for (alert::RuleGroup& group : file.groups) {
            changed |= std::ranges::any_of(group.rules,
                                           [](const alert::Rule& rule) { return rule.shipped != nullptr; });
            changed |=
                std::erase_if(group.rules, [](const alert::Rule& rule) { return rule.extras.disabled; }) > 0;
        }
        const bool own = file.path == userRules().string();
        std::erase_if(file.groups, [](const alert::RuleGroup& group) { return group.rules.empty(); });
        if (own && file.groups.empty()) {
            continue; // changes only, and these stand where they belong
        }
        const std::string text = changed || own ? alert::ruleFileText(file) : core::contentOf(file.path);
        auto out = exporting::AtomicFile::open(folder / std::filesystem::path(file.path).filename());
        if (!out) {
            return core::Unexpected{out.error()};
        }
        for (const auto& step : {out->write(text), out->prepare()}) {
            if (!step) {
                return core::Unexpected{step.error()};
            }
        }
        written.push_back(std::move(*out));
        if (watch.progress) {
            watch.progress(static_cast<double>(written.size()) / static_cast<double>(files->size()));
        }
    }
    if (watch.stop.stop_requested()) {
        return core::canceled();
    }
    for (exporting::AtomicFile& file : written) { // all of them are on the disk by now
        if (auto committed = file.commit(); !committed) {
            return core::Unexpected{committed.error()};
        }
    }
    return written.size();
}

void Machine::keepEdit(const RuleOutcome& outcome, const std::string& by)
{
    m_marks.add(metrics::Mark::Kind::SettingChanged, outcome.said);
    if (m_store) {
        m_store->keep(
            store::SettingChange{m_clock.wallNow(), "rule", outcome.rule, outcome.before, outcome.after, by});
    }
    spdlog::info("rule {}", outcome.said);
}

void Machine::editRule(metrics::RuleEdit edit, std::function<void(const std::string& problem)> done)
{
    const bool queued = m_files->post([this, edit = std::move(edit), done] {
        const auto outcome = m_ruleDesk->edit(edit, lang());
        if (outcome) {
            keepEdit(*outcome, edit.by);
            tell({false, outcome->said, false, Notice::Offer::UndoRule});
        } else if (!done) {
            tell({true, outcome.error().message});
        }
        if (done) {
            done(outcome ? std::string() : outcome.error().message);
        }
    });
    if (!queued && done) {
        done(say(kTooMuch));
    }
}

void Machine::undoRule()
{
    const bool queued = m_files->post([this] {
        const auto outcome = m_ruleDesk->undo(lang());
        if (outcome) {
            keepEdit(*outcome, {});
        }
        tell({!outcome, outcome ? outcome->said : outcome.error().message});
    });
    if (!queued) {
        tell({true, say(kTooMuch)});
    }
}

metrics::RuleTrial Machine::tryRule(const metrics::RuleEdit& edit, core::Nanos window,
                                    const std::stop_token& stop) const
{
    const std::int64_t now = core::epochMillis(m_clock.wallNow());
    const auto millis = [](core::Nanos span) { return span / std::chrono::milliseconds(1); };
    const metrics::SnapshotPtr snapshot = latest();
    // As the engine looks: a rule of our own file at our own series. Names do not tell: others' rules may have them, too.
    const bool own = edit.kind != metrics::RuleEdit::Kind::Add && edit.rule.file == m_config.defaultRules.string();
    return alert::tryRule(
        edit.draft, own ? ownLongQuerier() : longQuerier(), snapshot.get(),
        {now - millis(window), now, std::max<std::int64_t>(millis(m_config.interval), 1000)}, stop);
}

} // namespace engine
