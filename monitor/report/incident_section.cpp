#include "monitor/report/escape.h"
#include "monitor/report/sections.h"
#include "monitor/report/summary.h"
#include "monitor/report/times.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace report {

namespace {

using core::Lang;
using core::Text;
using metrics::Evidence;
using metrics::Incident;

constexpr std::size_t kDetailed = 3; // incidents with their evidence; the others stand in the table only
constexpr std::size_t kMostRows = 10;
constexpr std::size_t kListed = 60;

constexpr Text kIncidents{"Incidents", "事件"};
constexpr Text kAlert{"Alert", "告警"};
constexpr Text kSeverity{"Severity", "级别"};
constexpr Text kFired{"Fired", "触发"};
constexpr Text kLasted{"Lasted", "持续"};
constexpr Text kPeak{"Worst value", "最差值"};
constexpr Text kThreshold{"Threshold", "阈值"};
constexpr Text kAcked{"Acknowledged", "确认"};
constexpr Text kGoesOn{"{} (goes on)", "{}，持续中"};
constexpr Text kNone{"No alert fired in this range.", "此时段内没有告警触发。"};
constexpr Text kMore{"{} more are not shown.", "另有 {} 条未显示。"};
constexpr Text kHolders{"Who held connections when it fired", "触发时占用连接者"};
constexpr Text kWaiters{"Who waited when it fired", "触发时等待者"};
constexpr Text kSessions{"Sessions of the server when it fired", "触发时的服务器会话"};
constexpr Text kCaller{"Caller", "调用方"};
constexpr Text kNumber{"Count", "数量"};
constexpr Text kPlace{"Place in the code", "代码位置"};
constexpr Text kHeld{"Held for", "占用时长"}; // the longest of a row
constexpr Text kWaited{"Waited", "已等待"};
constexpr Text kStatement{"Statement", "语句"};
constexpr Text kNoneAfter{"(none running; before: {})", "（未在执行；上一条：{}）"};
constexpr Text kNoStatement{"(no statement running)", "（没有执行语句）"};
constexpr Text kSession{"Session", "会话"};
constexpr Text kState{"State", "状态"};
constexpr Text kBlockedBy{"Blocked by", "被阻塞于"};

std::string in(const Text& text, Lang lang)
{
    return std::string(text.in(lang));
}

std::string moreText(std::size_t all, std::size_t shown, Lang lang)
{
    return all > shown ? fmt::format(fmt::runtime(kMore.in(lang)), all - shown) : std::string();
}

std::string lastedText(const Incident& incident, const Facts& facts)
{
    const std::string span =
        core::spanText(std::max(core::Nanos(0), core::Nanos(endOf(incident, facts) - incident.firedAt)));
    return incident.open() ? fmt::format(fmt::runtime(kGoesOn.in(facts.request.lang)), span) : span;
}

Table listOf(const Facts& facts)
{
    const Lang lang = facts.request.lang;
    const Times times(facts.request.zone);
    const bool oneDay = times.day(wallOf(facts.request.from)) == times.day(wallOf(facts.request.to));
    Table table{{{in(kAlert, lang), 2.2, Align::Left, false},
                 {in(kSeverity, lang), 1.1, Align::Left, false},
                 {in(kFired, lang), oneDay ? 1.1 : 1.5, Align::Left, false},
                 {in(kLasted, lang), 2.0, Align::Right, false},
                 {in(kPeak, lang), 1.2, Align::Right, false},
                 {in(kThreshold, lang), 1.5, Align::Right, false},
                 {in(kAcked, lang), 1.5, Align::Left, false}},
                {},
                {}};
    for (const Incident& one : facts.records.incidents) {
        if (table.rows.size() == kListed) {
            break;
        }
        table.rows.push_back(
            {shortened(one.rule, 60), severityText(one.severity, lang),
             oneDay && times.day(one.firedAt) == times.day(wallOf(facts.request.to))
                 ? times.clock(one.firedAt)
                 : times.full(one.firedAt),
             lastedText(one, facts), core::humanText(one.peak, one.unit),
             one.threshold ? one.op + " " + core::humanText(*one.threshold, one.unit) : "–",
             one.ackedBy.empty() ? "–" : shortened(one.ackedBy, 30) + ", " + times.clock(one.ackedAt)});
    }
    table.more = moreText(facts.records.incidents.size(), table.rows.size(), lang);
    return table;
}

// Holders of the same caller, place and statement stand in one row: thirty equal rows tell nothing more.
template <class T, class Key, class Span>
auto grouped(const std::vector<T>& all, Key key, Span span)
{
    struct Group {
        const T* first = nullptr;
        std::size_t count = 0;
        core::Nanos longest{0};
    };
    std::map<std::vector<std::string>, Group> byKey;
    for (const T& one : all) {
        Group& group = byKey[key(one)];
        group.first = group.first != nullptr ? group.first : &one;
        ++group.count;
        group.longest = std::max(group.longest, span(one));
    }
    std::vector<Group> groups;
    for (const auto& [known, group] : byKey) {
        groups.push_back(group);
    }
    std::ranges::stable_sort(groups, [](const Group& a, const Group& b) { return a.count > b.count; });
    return groups;
}

std::string doingOf(const Evidence::Holder& holder, Lang lang)
{
    if (!holder.statement.empty()) {
        return shortened(holder.statement, 160);
    }
    return holder.before.empty() ? in(kNoStatement, lang)
                                 : fmt::format(fmt::runtime(kNoneAfter.in(lang)), shortened(holder.before, 140));
}

void addHolders(const Evidence& evidence, Lang lang, Blocks& blocks)
{
    if (evidence.holders.empty()) {
        return;
    }
    const auto groups = grouped(
        evidence.holders,
        [](const Evidence::Holder& one) {
            return std::vector<std::string>{one.tag, one.site, one.statement, one.before};
        },
        [](const Evidence::Holder& one) { return one.heldFor; });
    Table table{{{in(kNumber, lang), 0.9, Align::Right, false},
                 {in(kCaller, lang), 1.7, Align::Left, false},
                 {in(kPlace, lang), 2.2, Align::Left, true},
                 {in(kHeld, lang), 1.15, Align::Right, false},
                 {in(kStatement, lang), 3.2, Align::Left, true}},
                {},
                moreText(groups.size(), std::min(groups.size(), kMostRows), lang)};
    for (std::size_t i = 0; i < std::min(groups.size(), kMostRows); ++i) {
        const Evidence::Holder& holder = *groups[i].first;
        table.rows.push_back(
            {std::to_string(groups[i].count), shortened(holder.tag, 60), shortened(holder.site, 80),
             core::spanText(groups[i].longest),
             doingOf(holder, lang)});
    }
    blocks.emplace_back(Heading{3, in(kHolders, lang)});
    blocks.emplace_back(std::move(table));
}

void addWaiters(const Evidence& evidence, Lang lang, Blocks& blocks)
{
    if (evidence.waiters.empty()) {
        return;
    }
    const auto groups = grouped(
        evidence.waiters,
        [](const Evidence::Waiter& one) {
            return std::vector<std::string>{one.tag, one.site};
        },
        [](const Evidence::Waiter& one) { return one.waitedFor; });
    Table table{{{in(kNumber, lang), 0.9, Align::Right, false},
                 {in(kCaller, lang), 2.6, Align::Left, false},
                 {in(kPlace, lang), 4, Align::Left, true},
                 {in(kWaited, lang), 1.2, Align::Right, false}},
                {},
                moreText(groups.size(), std::min(groups.size(), kMostRows), lang)};
    for (std::size_t i = 0; i < std::min(groups.size(), kMostRows); ++i) {
        const Evidence::Waiter& waiter = *groups[i].first;
        table.rows.push_back({std::to_string(groups[i].count), shortened(waiter.tag, 60),
                              shortened(waiter.site, 80), core::spanText(groups[i].longest)});
    }
    blocks.emplace_back(Heading{3, in(kWaiters, lang)});
    blocks.emplace_back(std::move(table));
}

void addSessions(const Evidence& evidence, Lang lang, Blocks& blocks)
{
    if (evidence.sessions.empty()) {
        return;
    }
    Table table{{{in(kSession, lang), 1.6, Align::Left, false},
                 {in(kState, lang), 1.4, Align::Left, false},
                 {in(kHeld, lang), 1.1, Align::Right, false},
                 {in(kBlockedBy, lang), 1, Align::Left, false},
                 {in(kStatement, lang), 3.6, Align::Left, true}},
                {},
                moreText(evidence.sessions.size(), std::min(evidence.sessions.size(), kMostRows), lang)};
    for (std::size_t i = 0; i < std::min(evidence.sessions.size(), kMostRows); ++i) {
        const Evidence::Session& session = evidence.sessions[i];
        std::string blockers;
        for (const int pid : session.blockedBy) {
            blockers += (blockers.empty() ? "" : ", ") + std::to_string(pid);
        }
        table.rows.push_back({fmt::format("{} {}", session.pid, shortened(session.application, 40)),
                              shortened(session.state, 40), core::spanText(session.inStateFor), blockers,
                              shortened(session.statement, 160)});
    }
    blocks.emplace_back(Heading{3, in(kSessions, lang)});
    blocks.emplace_back(std::move(table));
}

void addDetails(const Incident& incident, const Facts& facts, Blocks& blocks)
{
    const Lang lang = facts.request.lang;
    const Times times(facts.request.zone);
    blocks.emplace_back(
        Heading{2, fmt::format("{}, {}", shortened(incident.rule, 80), times.full(incident.firedAt))});
    const Tone tone = incident.severity == metrics::Severity::Critical ? Tone::Critical : Tone::Warning;
    const std::string& words = incident.description.empty() ? incident.summary : incident.description;
    const std::string cause = causeOf(incident, lang);
    blocks.emplace_back(Remark{tone, shortened(words, 400) + (cause.empty() ? "" : "\n" + cause)});
    addHolders(incident.evidence, lang, blocks);
    addWaiters(incident.evidence, lang, blocks);
    addSessions(incident.evidence, lang, blocks);
}

} // namespace

void addIncidents(const Facts& facts, Blocks& blocks)
{
    const Lang lang = facts.request.lang;
    blocks.emplace_back(Heading{1, in(kIncidents, lang)});
    if (facts.records.incidents.empty()) {
        blocks.emplace_back(Remark{Tone::Good, in(kNone, lang)});
        return;
    }
    blocks.emplace_back(listOf(facts));
    // The worst first; of the same severity the earliest.
    std::vector<const Incident*> ordered;
    for (const Incident& incident : facts.records.incidents) {
        ordered.push_back(&incident);
    }
    std::ranges::stable_sort(ordered, [](const auto* a, const auto* b) { return a->severity > b->severity; });
    for (std::size_t i = 0; i < std::min(ordered.size(), kDetailed); ++i) {
        addDetails(*ordered[i], facts, blocks);
    }
}

} // namespace report
