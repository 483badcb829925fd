#include "monitor/engine/rule_desk.h"

#include "monitor/alert/user_rules.h"
#include "monitor/core/stream_text.h"
#include "monitor/export/atomic_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace engine {

namespace fs = std::filesystem;
using metrics::RuleDraft;
using metrics::RuleEdit;

namespace {

constexpr std::size_t kMostSteps = 50;
constexpr core::Text kAdded{"{}: rule added", "{}：已添加规则"};
constexpr core::Text kRemoved{"{}: rule deleted", "{}：已删除规则"};
constexpr core::Text kReset{"{}: as shipped again", "{}：已恢复为自带规则"};
constexpr core::Text kEnabled{"{}: enabled", "{}：已启用"};
constexpr core::Text kDisabled{"{}: disabled", "{}：已停用"};
constexpr core::Text kOwnedHere{"{}: watched and told here", "{}：由本程序监控并通知"};
constexpr core::Text kOwnedThere{"{}: Prometheus tells, we do not", "{}：由 Prometheus 负责通知，本程序不通知"};
constexpr core::Text kShadow{"{}: a shadow, compared with Prometheus and never told",
                             "{}：影子规则，只与 Prometheus 对比，不通知"};
constexpr core::Text kChanged{"{}: changed", "{}：已更改"};
constexpr core::Text kUndone{"{}: undone", "{}：已撤销"};
constexpr core::Text kNothing{"there is no change of a rule to undo", "没有可撤销的规则更改"};
constexpr core::Text kElse{"{} was changed by somebody else since; nothing was undone",
                           "{} 之后又被其他程序更改，未撤销"};

std::string filled(const core::Text& text, core::Lang lang, const std::string& with)
{
    return fmt::format(fmt::runtime(text.in(lang)), with);
}

// What differs, field by field: "expr", "for 5m".
std::pair<std::string, std::string> difference(const RuleDraft& before, const RuleDraft& after)
{
    std::pair<std::string, std::string> texts;
    const auto add = [&texts](const std::string& name, const std::string& from, const std::string& to) {
        if (from != to) {
            const std::string gap = texts.first.empty() && texts.second.empty() ? "" : ", ";
            const std::string head = name.empty() ? "" : name + ' ';
            texts.first += gap + head + (from.empty() ? "–" : from);
            texts.second += gap + head + (to.empty() ? "–" : to);
        }
    };
    add("", before.expr, after.expr);
    add("for", before.holdFor, after.holdFor);
    add("keep_firing_for", before.keepFiringFor, after.keepFiringFor);
    add("clear", metrics::entryOf(before.annotations, "poolscope_clear"),
        metrics::entryOf(after.annotations, "poolscope_clear"));
    add("owner", metrics::entryOf(before.annotations, "poolscope_owner"),
        metrics::entryOf(after.annotations, "poolscope_owner"));
    add("severity", metrics::entryOf(before.labels, "severity"), metrics::entryOf(after.labels, "severity"));
    return texts;
}

// What of that rule cannot be used as it is now: a clear level beyond the new threshold, say.
std::vector<std::string> notesIn(const std::string& yaml, const std::string& name)
{
    const auto file = alert::parseRuleFile(yaml, "");
    std::vector<std::string> notes;
    for (const alert::RuleGroup& group : file ? file->groups : std::vector<alert::RuleGroup>()) {
        for (const alert::Rule& rule : group.rules) {
            if (rule.name == name) {
                notes.insert(notes.end(), rule.extras.notes.begin(), rule.extras.notes.end());
            }
        }
    }
    return notes;
}

RuleOutcome changed(const RuleDraft& before, const RuleDraft& after, core::Lang lang)
{
    RuleOutcome outcome;
    outcome.rule = after.name;
    std::tie(outcome.before, outcome.after) = difference(before, after);
    outcome.said = outcome.before.empty() && outcome.after.empty()
                       ? filled(kChanged, lang, after.name)
                       : fmt::format("{}: {} → {}", after.name, outcome.before, outcome.after);
    return outcome;
}

const core::Text& ownedText(metrics::RuleOwner owner)
{
    switch (owner) {
    case metrics::RuleOwner::Local:
        return kOwnedHere;
    case metrics::RuleOwner::Prometheus:
        return kOwnedThere;
    case metrics::RuleOwner::Shadow:
        break;
    }
    return kShadow;
}

RuleOutcome outcomeOf(const RuleEdit& edit, const alert::EditedRule& rule, core::Lang lang)
{
    const std::string& name = edit.rule.name;
    switch (edit.kind) {
    case RuleEdit::Kind::Add:
        return {filled(kAdded, lang, edit.draft.name), edit.draft.name, "", edit.draft.expr};
    case RuleEdit::Kind::Remove:
        return {filled(kRemoved, lang, name), name, rule.current->expr, ""};
    case RuleEdit::Kind::Reset:
        return {filled(kReset, lang, name), name, "changed", "as shipped"};
    case RuleEdit::Kind::Enable:
        return {filled(kEnabled, lang, name), name, "disabled", "enabled"};
    case RuleEdit::Kind::Disable:
        return {filled(kDisabled, lang, name), name, "enabled", "disabled"};
    case RuleEdit::Kind::Owner: {
        const std::string before = metrics::entryOf(rule.current->annotations, "poolscope_owner");
        return {filled(ownedText(edit.owner), lang, name), name, "owner " + (before.empty() ? "local" : before),
                std::string("owner ") + metrics::ruleOwnerName(edit.owner)};
    }
    case RuleEdit::Kind::Change:
    case RuleEdit::Kind::Threshold:
        break;
    }
    return changed(*rule.current, edit.draft, lang);
}

} // namespace

RuleDesk::RuleDesk(fs::path file, alert::RuleEngine& rules, std::function<std::vector<std::string>()> paths)
    : m_file(std::move(file))
    , m_rules(rules)
    , m_paths(std::move(paths))
{
}

core::Result<RuleOutcome> RuleDesk::edit(RuleEdit edit, core::Lang lang)
{
    const alert::EditedRule rule = m_rules.find(edit.rule);
    if (edit.kind == RuleEdit::Kind::Threshold && rule.current) {
        auto draft = alert::withThreshold(*rule.current, edit.threshold);
        if (!draft) {
            return core::Unexpected{draft.error()};
        }
        edit.draft = std::move(*draft);
        edit.kind = RuleEdit::Kind::Change;
    }
    const std::string before = core::contentOf(m_file);
    const auto text = alert::editRules(before, m_file.string(), edit, rule);
    if (!text) {
        return core::fail(text.error().line > 0 ? text.error().text() : text.error().reason, "rules");
    }
    if (auto written = put(before, *text); !written) {
        return core::Unexpected{written.error()};
    }
    if (m_steps.size() >= kMostSteps) {
        m_steps.erase(m_steps.begin());
    }
    RuleOutcome outcome = outcomeOf(edit, rule, lang);
    for (const std::string& note : notesIn(*text, outcome.rule)) {
        outcome.said += " · ! " + note;
    }
    m_steps.push_back({before, *text, outcome});
    m_canUndo = true;
    return outcome;
}

core::Result<RuleOutcome> RuleDesk::undo(core::Lang lang)
{
    if (m_steps.empty()) {
        return core::fail(std::string(kNothing.in(lang)), "rules");
    }
    const Step step = m_steps.back();
    if (core::contentOf(m_file) != step.after) {
        m_steps.clear(); // what lies before it cannot be undone either
        m_canUndo = false;
        return core::fail(filled(kElse, lang, m_file.string()), "rules");
    }
    // A file without groups, where there was none: it stays watched.
    if (auto written = put(step.after, step.before.empty() ? "groups: []\n" : step.before); !written) {
        return core::Unexpected{written.error()};
    }
    m_steps.pop_back();
    if (step.before.empty() && !m_steps.empty()) {
        m_steps.clear();
    }
    m_canUndo = !m_steps.empty();
    return RuleOutcome{filled(kUndone, lang, step.outcome.rule), step.outcome.rule, step.outcome.after,
                       step.outcome.before};
}

core::Result<void> RuleDesk::put(const std::string& before, const std::string& text)
{
    std::error_code error;
    fs::create_directories(m_file.parent_path(), error);
    if (!before.empty()) {
        fs::path kept = m_file;
        kept += ".before";
        if (auto written = exporting::writeAtomically(kept, before); !written) {
            return written;
        }
    }
    if (auto written = exporting::writeAtomically(m_file, text); !written) {
        return written;
    }
    if (const auto loaded = m_rules.load(m_paths()); !loaded) {
        return core::fail(loaded.error().text(), "rules");
    }
    return {};
}

} // namespace engine
