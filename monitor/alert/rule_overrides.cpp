#include "monitor/alert/rule_overrides.h"

#include <algorithm>
#include <utility>

namespace alert {

namespace {

Rule* findTarget(std::vector<RuleFile>& files, const std::string& userFile, const std::string& name)
{
    for (RuleFile& file : files) {
        for (RuleGroup& group : file.groups) {
            for (Rule& rule : group.rules) {
                if (file.path != userFile && overrideName(group.name, rule.name, rule.number) == name) {
                    return &rule;
                }
            }
        }
    }
    return nullptr;
}

// True when it went to where it belongs.
bool moved(Rule& rule, std::vector<RuleFile>& files, const std::string& userFile)
{
    if (rule.extras.overrides.empty()) {
        return false;
    }
    Rule* target = findTarget(files, userFile, rule.extras.overrides);
    if (target == nullptr || target->shipped) {
        rule.extras.notes.push_back(std::string(kOverridesAnnotation) +
                                    (target == nullptr ? " names a rule that is not there: "
                                                       : " names a rule that is changed already: ") +
                                    rule.extras.overrides);
        return false;
    }
    rule.number = target->number;
    rule.shipped = target->draft;
    *target = std::move(rule);
    return true;
}

} // namespace

std::string overrideName(const std::string& group, const std::string& name, int number)
{
    return group + '/' + name + (number > 1 ? '#' + std::to_string(number) : std::string());
}

void applyOverrides(std::vector<RuleFile>& files, const std::string& userFile)
{
    const auto user =
        std::find_if(files.begin(), files.end(), [&](const RuleFile& file) { return file.path == userFile; });
    if (user == files.end()) {
        return;
    }
    for (RuleGroup& group : user->groups) {
        std::vector<Rule> stay;
        for (Rule& rule : group.rules) {
            if (!moved(rule, files, userFile)) {
                stay.push_back(std::move(rule));
            }
        }
        group.rules = std::move(stay);
    }
    std::erase_if(user->groups, [](const RuleGroup& group) { return group.rules.empty(); });
}

} // namespace alert
