#include "monitor/alert/user_rules.h"

#include "monitor/alert/rule_overrides.h"
#include "monitor/alert/rule_writer.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace alert {

using metrics::RuleDraft;
using metrics::RuleEdit;

namespace {

constexpr const char* kOwnGroup = "user";
constexpr const char* kOverridesGroup = "poolscope_overrides";
constexpr std::string_view kHead =
    "Rules of your own, and changes of rules that stand elsewhere, as Poolscope's rule editor writes them.\n"
    "You may edit this file; it is read again at once. Comments are lost with the next change in the "
    "window.\n"
    "A rule with the annotation poolscope_overrides takes the place of the rule it names (group/name); "
    "without it that\n"
    "one is in force again. poolscope_disabled: \"true\" keeps a rule from being evaluated; poolscope_owner "
    "says whose word\n"
    "counts: local, prometheus (a server's), shadow (compared, never told).";

RuleGroup& groupNamed(RuleFile& file, const std::string& name)
{
    const auto at = std::find_if(file.groups.begin(), file.groups.end(),
                                 [&](const RuleGroup& group) { return group.name == name; });
    if (at != file.groups.end()) {
        return *at;
    }
    file.groups.push_back({name, {}, 0, {}});
    return file.groups.back();
}

Rule written(RuleDraft draft)
{
    Rule rule;
    rule.draft = std::make_shared<const RuleDraft>(std::move(draft));
    return rule;
}

// Whatever order labels and annotations stand in.
bool sameRule(RuleDraft a, RuleDraft b)
{
    for (RuleDraft* draft : {&a, &b}) {
        std::sort(draft->labels.begin(), draft->labels.end());
        std::sort(draft->annotations.begin(), draft->annotations.end());
    }
    return a == b;
}

// One edit of one file; only drafts count, what is written is read again before it is believed.
class Editor {
public:
    Editor(RuleFile file, const RuleEdit& edit, const EditedRule& rule)
        : m_file(std::move(file))
        , m_edit(edit)
        , m_rule(rule)
    {
    }

    // Why not; nullopt when it is done.
    std::optional<std::string> apply()
    {
        const bool adds = m_edit.kind == RuleEdit::Kind::Add;
        if (!adds && !m_rule.current) {
            return "there is no rule " + m_edit.rule.name + " in group " + m_edit.rule.group + " any more";
        }
        switch (m_edit.kind) {
        case RuleEdit::Kind::Add:
            groupNamed(m_file, kOwnGroup).rules.push_back(written(withoutMarks(m_edit.draft)));
            return std::nullopt;
        case RuleEdit::Kind::Change:
        case RuleEdit::Kind::Threshold: // as a draft by now
            return put(m_edit.draft);
        case RuleEdit::Kind::Remove:
            return remove();
        case RuleEdit::Kind::Reset:
            return dropOverride() ? std::nullopt : std::optional<std::string>("the rule is not changed");
        case RuleEdit::Kind::Enable:
        case RuleEdit::Kind::Disable:
            return put(switched());
        case RuleEdit::Kind::Owner:
            return put(given());
        }
        return std::nullopt;
    }

    [[nodiscard]] const RuleFile& file() const noexcept { return m_file; }

private:
    static RuleDraft withoutMarks(RuleDraft draft)
    {
        metrics::setEntry(draft.annotations, std::string(kOverridesAnnotation), {});
        return draft;
    }

    [[nodiscard]] RuleDraft switched() const
    {
        RuleDraft draft = *m_rule.current;
        metrics::setEntry(draft.annotations, std::string(kDisabledAnnotation),
                          m_edit.kind == RuleEdit::Kind::Disable ? "true" : "");
        return draft;
    }

    // What its file says is only said again where the user says something else.
    [[nodiscard]] RuleDraft given() const
    {
        RuleDraft draft = *m_rule.current;
        const std::string key(kOwnerAnnotation);
        const std::string local = metrics::ruleOwnerName(metrics::RuleOwner::Local);
        const std::string filed = m_rule.shipped ? metrics::entryOf(m_rule.shipped->annotations, key) : "";
        const std::string wanted = metrics::ruleOwnerName(m_edit.owner);
        const bool unsaid = wanted == local && (filed.empty() || filed == local);
        const bool filedElsewhere = !m_rule.own && !m_rule.shipped &&
                                    !metrics::entryOf(draft.annotations, key).empty();
        metrics::setEntry(draft.annotations, key, unsaid && !filedElsewhere ? filed : wanted);
        return draft;
    }

    [[nodiscard]] std::string target() const
    {
        const RuleDraft& original = m_rule.shipped ? *m_rule.shipped : *m_rule.current;
        return overrideName(m_edit.rule.group, original.name, m_edit.rule.number);
    }

    Rule* findOwn()
    {
        for (RuleGroup& group : m_file.groups) {
            for (Rule& rule : group.rules) {
                if (group.name == m_edit.rule.group && rule.name == m_edit.rule.name &&
                    rule.number == m_edit.rule.number) {
                    return &rule;
                }
            }
        }
        return nullptr;
    }

    std::optional<std::string> put(RuleDraft draft)
    {
        if (m_rule.own) {
            Rule* rule = findOwn();
            if (rule == nullptr) {
                return "the rule is not in the file any more";
            }
            *rule = written(std::move(draft));
            return std::nullopt;
        }
        draft = withoutMarks(std::move(draft));
        const RuleDraft& original = m_rule.shipped ? *m_rule.shipped : *m_rule.current;
        if (sameRule(draft, original)) {
            (void)dropOverride();
            return std::nullopt;
        }
        const std::string name = target();
        metrics::setEntry(draft.annotations, std::string(kOverridesAnnotation), name);
        for (RuleGroup& group : m_file.groups) {
            for (Rule& rule : group.rules) {
                if (rule.extras.overrides == name) {
                    rule = written(std::move(draft));
                    return std::nullopt;
                }
            }
        }
        groupNamed(m_file, kOverridesGroup).rules.push_back(written(std::move(draft)));
        return std::nullopt;
    }

    std::optional<std::string> remove()
    {
        Rule* found = m_rule.own ? findOwn() : nullptr;
        if (found == nullptr) {
            return "only rules of your own can be deleted; others can be disabled";
        }
        for (RuleGroup& group : m_file.groups) {
            std::erase_if(group.rules, [found](const Rule& rule) { return &rule == found; });
        }
        dropEmpty();
        return std::nullopt;
    }

    bool dropOverride()
    {
        std::size_t dropped = 0;
        const std::string name = target();
        for (RuleGroup& group : m_file.groups) {
            dropped +=
                std::erase_if(group.rules, [&](const Rule& rule) { return rule.extras.overrides == name; });
        }
        dropEmpty();
        return dropped > 0;
    }

    void dropEmpty()
    {
        std::erase_if(m_file.groups, [](const RuleGroup& group) { return group.rules.empty(); });
    }

    RuleFile m_file;
    const RuleEdit& m_edit;
    const EditedRule& m_rule;
};

} // namespace

core::Result<std::string, RuleFileError> editRules(std::string_view yaml, const std::string& path,
                                                   const RuleEdit& edit, const EditedRule& rule)
{
    auto read = parseRuleFile(yaml, path);
    if (!read) {
        return core::Unexpected{read.error()};
    }
    Editor editor(std::move(*read), edit, rule);
    if (const auto problem = editor.apply()) {
        return core::Unexpected{RuleFileError{path, 0, 0, *problem}};
    }
    std::string text = ruleFileText(editor.file(), kHead);
    if (const auto made = parseRuleFile(text, path); !made) {
        return core::Unexpected{RuleFileError{path, 0, 0, made.error().reason}};
    }
    return text;
}

} // namespace alert
