#include "monitor/engine/elsewhere.h"

#include "monitor/core/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace engine {

using metrics::AlertRow;
using metrics::ClusterAlert;
using metrics::RuleRow;
using Watch = metrics::RuleStanding::Watch;

namespace {

constexpr core::Text kNobody{"Rules nobody watches: {}. {} was to: {}. {}",
                             "无人监控的规则：{} 条。应由 {} 负责：{}。{}"};
constexpr core::Text kSoon{"They are told here from {} s on", "{} 秒后改由本程序通知"};
constexpr core::Text kNever{"They are not told here either", "本程序也不通知"};
constexpr core::Text kTaken{"Rules told here in place of {}: {}. Why: {}",
                            "代替 {} 由本程序通知的规则：{} 条。原因：{}"};
constexpr const char* kSomebody = "Prometheus";

bool hasAll(const metrics::Labels& all, const metrics::Labels& wanted)
{
    return std::ranges::all_of(wanted,
                               [&](const auto& label) { return std::ranges::find(all, label) != all.end(); });
}

// The rules that stand so; the soonest counts.
struct Count {
    int rules = 0;
    const RuleRow* first = nullptr;
    std::string names;
};

Count countOf(const std::vector<RuleRow>& rules, Watch watch)
{
    Count count;
    for (const RuleRow& rule : rules) {
        if (rule.standing.watch != watch || rule.disabled) {
            continue;
        }
        ++count.rules;
        count.names += (count.names.empty() ? "" : ", ") + rule.name;
        if (count.first == nullptr || rule.standing.takesOverIn < count.first->standing.takesOverIn) {
            count.first = &rule;
        }
    }
    return count;
}

std::string serverOf(const RuleRow& rule)
{
    return rule.standing.server.empty() ? kSomebody : rule.standing.server;
}

} // namespace

void markSaid(std::vector<AlertRow>& rows, const metrics::ClusterViewPtr& cluster)
{
    for (AlertRow& row : rows) {
        if (row.source.empty() || !cluster) {
            continue;
        }
        for (const ClusterAlert& alert : cluster->alerts) {
            if (alert.name == row.name && hasAll(alert.labels, row.labels)) {
                row.ackedBy = alert.ackedBy;
                row.silencedBy = alert.silencedBy;
                row.inhibited = !alert.inhibitedBy.empty();
                break;
            }
        }
    }
}

void tellOwners(BannerBoard& banners, const std::vector<RuleRow>& rules, core::Lang lang)
{
    const auto text = [lang](const core::Text& words, const auto&... with) {
        return fmt::format(fmt::runtime(words.in(lang)), with...);
    };
    if (const Count nobody = countOf(rules, Watch::Nobody); nobody.rules > 0) {
        const auto left = std::chrono::ceil<std::chrono::seconds>(nobody.first->standing.takesOverIn).count();
        banners.raise({"rules_unwatched",
                       false,
                       {},
                       text(kNobody, nobody.rules, serverOf(*nobody.first), nobody.first->standing.reason,
                            left > 0 ? text(kSoon, left) : text(kNever)),
                       core::oneLine(nobody.names, 500),
                       core::Nanos(0)});
    } else {
        banners.clear("rules_unwatched");
    }
    if (const Count taken = countOf(rules, Watch::TakenOver); taken.rules > 0) {
        banners.raise({"rules_taken_over",
                       false,
                       {},
                       text(kTaken, serverOf(*taken.first), taken.rules, taken.first->standing.reason),
                       core::oneLine(taken.names, 500),
                       core::Nanos(0)});
    } else {
        banners.clear("rules_taken_over");
    }
}

} // namespace engine
