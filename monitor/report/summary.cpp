#include "monitor/report/summary.h"

#include "monitor/report/escape.h"
#include "monitor/report/times.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

namespace report {

namespace {

using core::Lang;
using core::Text;
using metrics::Incident;
using metrics::Severity;

template <class... Args>
std::string say(const Text& text, Lang lang, const Args&... args)
{
    return fmt::format(fmt::runtime(text.in(lang)), args...);
}

// The troubles the shipped rules know, in words for people who do not know the rules.
struct Trouble {
    std::string_view rules; // names with a blank on both sides
    Text sentence;
};
constexpr Trouble kTroubles[] = {
    {" DatabaseDown ", {"The database did not answer.", "数据库没有应答。"}},
    {" ConnectionTimeouts ",
     {"Requests for a connection timed out: callers saw errors.", "获取连接的请求超时：调用方收到错误。"}},
    {" CriticalPoolUsage NoIdleConnections ", {"The connection pool was exhausted.", "连接池已耗尽。"}},
    {" HighPoolUsage PoolUsageOver80 LowIdleConnections ",
     {"The connection pool was nearly exhausted.", "连接池几近耗尽。"}},
    {" PoolWaiters PoolWaitP95High ", {"Requests had to wait for a connection.", "请求需要等待连接。"}},
    {" LeakSuspected LongUse SessionLeakSuspected ",
     {"Connections were held and not given back.", "连接被占用而未归还。"}},
    {" HighSlowQueryRate SlowQuery ", {"Many statements were slow.", "慢查询很多。"}},
    {" ConnectionErrors ", {"Connections failed.", "连接出错。"}},
    {" HighCpuLoad HighMemoryUsage LowDiskSpace ", {"The machine ran short of resources.", "主机资源不足。"}},
};

// Of the machine, not of the pool: these speak for the report only when nothing else of their severity fired.
constexpr std::string_view kOfMachine = " HighCpuLoad HighMemoryUsage LowDiskSpace ";
constexpr Text kMachineCause{
    "The machine's highest figures: CPU {}, memory {}, fullest disk {}, load over 5 minutes {} on {} cores.",
    "主机最高值：CPU {}，内存 {}，磁盘 {}，5 分钟平均负载 {}（{} 核）。"};

constexpr Text kOtherTrouble{"The alert {} fired: {}.", "告警 {} 触发：{}。"};
constexpr Text kCalm{"Nothing fired in this time.", "此时段内没有告警触发。"};
constexpr Text kNothing{"Nothing was recorded in this time.", "此时段内没有任何记录。"};
constexpr Text kNothingMore{"There is no sample of this range: Poolscope did not run then, or what it kept "
                            "has expired. Choose another range.",
                            "此时段没有样本：当时 Poolscope 未运行，或数据已过期。请选择其他时段。"};

constexpr Text kWhat{"What happened", "发生了什么"};
constexpr Text kWhen{"When", "何时"};
constexpr Text kHowBad{"How bad", "影响"};
constexpr Text kCause{"Cause", "原因"};
constexpr Text kDone{"What was done", "采取的措施"};
constexpr Text kNow{"At the end", "时段结束时"};

constexpr Text kFromTo{"From {} to {} ({}).", "{} 至 {}（{}）。"};
constexpr Text kSince{"Since {}; it went on at the end of this range ({} so far).",
                      "自 {} 起；时段结束时仍在持续（已 {}）。"};
constexpr Text kAlso{" In all, {} alerts fired, {} of them critical.",
                     "共触发 {} 次告警，其中 {} 次为严重。"};

constexpr Text kUsage{"At its peak {} of {} connections were in use ({}).",
                      "峰值时 {}/{} 个连接在使用中（{}）。"};
constexpr Text kWaiters{" Up to {} requests waited at once, the longest for {}.",
                        "最多同时有 {} 个请求等待，最长 {}。"};
constexpr Text kNobodyWaited{" Nobody had to wait for a connection.", "没有请求需要等待连接。"};
constexpr Text kTimeouts{" {} requests gave up without a connection.", "{} 个请求未获得连接而放弃。"};
constexpr Text kErrors{" {} further connection errors.", "另有连接错误 {} 次。"};
constexpr Text kSlow{" {} statements were slow.", "慢查询 {} 次。"};
constexpr Text kUp{" The database answered {} of the time.", "数据库可用率 {}。"};

constexpr Text kServerDown{"The server was not to be reached ({}).", "无法连接服务器（{}）。"};
constexpr Text kBlocked{"Session {} ({}) stood in the way of {} others; it was {} for {}{}.",
                        "会话 {}（{}）阻塞了其他 {} 个会话；其状态为 {}，已持续 {}{}。"};
constexpr Text kStatementIs{", its statement: {}", "，语句：{}"};
constexpr Text kIdleHolders{
    "{} of {} connections that were taken ran no statement: their callers held them without "
    "working. Mostly {} ({}), the longest for {}{}.",
    "{}/{} 个被占用的连接没有执行语句：调用方占用连接而未使用。主要是 {}（{} 个），最长 {}{}。"};
constexpr Text kBusyHolders{
    "The connections were at work, not forgotten: {} of {} ran a statement, mostly {} ({}), the "
    "longest for {}. Typical statement: “{}”.",
    "连接都在工作：{}/{} 个正在执行语句，主要是 {}（{} 个），最长 {}。典型语句：“{}”。"};
constexpr Text kAt{" at {}", "，位置 {}"};
constexpr Text kScenario{" The load scenario “{}” was running then.", "当时负载场景“{}”正在运行。"};
constexpr Text kUnknownCause{"Not certain from what was recorded when it fired; see the evidence below.",
                             "触发时的记录不足以确定原因；请见下文证据。"};
constexpr Text kSomebody{"callers without a tag", "无标记的调用方"};

constexpr Text kAcked{"Acknowledged by {} at {}{}. ", "{} 于 {} 确认{}。"};
constexpr Text kChanged{"{} was changed from {} to {} at {}. ", "{} 于 {} 由 {} 改为 {}。"};
constexpr Text kByItself{"Nobody acknowledged it and no setting was changed. ", "无人确认，也未更改设置。"};
constexpr Text kEnded{"It ended at {}.", "于 {} 结束。"};
constexpr Text kOpen{"{} alerts were still firing.", "仍有 {} 个告警在触发。"};
constexpr Text kOpenOne{"One alert was still firing.", "仍有一个告警在触发。"};
constexpr Text kClosed{"No alert was firing any more.", "已无告警触发。"};

bool known(double value)
{
    return !std::isnan(value);
}

// A whole number, for increases are extrapolated.
std::string countText(double value)
{
    return std::isnan(value) ? "–" : fmt::format("{}", std::llround(value));
}

std::string nanosText(core::Nanos span)
{
    return core::spanText(span);
}

// The most frequent of some texts, and how often it occurs.
std::pair<std::string, std::size_t> mostFrequent(std::vector<std::string> texts)
{
    std::ranges::sort(texts);
    std::pair<std::string, std::size_t> most{"", 0};
    for (std::size_t i = 0; i < texts.size();) {
        std::size_t end = i;
        while (end < texts.size() && texts[end] == texts[i]) {
            ++end;
        }
        if (end - i > most.second) {
            most = {texts[i], end - i};
        }
        i = end;
    }
    return most;
}

bool isOfMachine(const Incident& incident)
{
    return kOfMachine.find(' ' + incident.rule + ' ') != std::string_view::npos;
}

std::string troubleSentence(const Incident& incident, Lang lang)
{
    for (const Trouble& trouble : kTroubles) {
        if (trouble.rules.find(' ' + incident.rule + ' ') != std::string_view::npos) {
            return std::string(trouble.sentence.in(lang));
        }
    }
    return say(kOtherTrouble, lang, shortened(incident.rule, 80), shortened(incident.summary, 160));
}

std::string blockedCause(const Incident& incident, Lang lang)
{
    const metrics::Evidence::Session* worst = nullptr;
    std::size_t most = 0;
    for (const auto& session : incident.evidence.sessions) {
        const auto behind = static_cast<std::size_t>(
            std::ranges::count_if(incident.evidence.sessions, [&](const auto& other) {
                return std::ranges::find(other.blockedBy, session.pid) != other.blockedBy.end();
            }));
        if (behind > most) {
            most = behind;
            worst = &session;
        }
    }
    if (worst == nullptr) {
        return {};
    }
    const std::string who = worst->application.empty() ? worst->user : worst->application;
    const std::string statement =
        worst->statement.empty() ? std::string() : say(kStatementIs, lang, shortened(worst->statement, 160));
    return say(kBlocked, lang, worst->pid, shortened(who, 60), most, worst->state,
               nanosText(worst->inStateFor), statement);
}

std::string holdersCause(const Incident& incident, Lang lang)
{
    const auto& holders = incident.evidence.holders;
    std::vector<std::string> idle;
    std::vector<std::string> busy;
    std::vector<std::string> statements;
    const metrics::Evidence::Holder* longestIdle = nullptr; // holders come longest first
    for (const auto& holder : holders) {
        const std::string who = holder.tag.empty() ? std::string(kSomebody.in(lang)) : holder.tag;
        if (holder.statement.empty() || holder.leaked) {
            idle.push_back(who);
            longestIdle = longestIdle != nullptr ? longestIdle : &holder;
        } else {
            busy.push_back(who);
            statements.push_back(holder.statement);
        }
    }
    if (holders.size() < 2) {
        return {};
    }
    if (idle.size() >= busy.size() && longestIdle != nullptr) {
        const auto most = mostFrequent(idle);
        return say(kIdleHolders, lang, idle.size(), holders.size(), shortened(most.first, 60), most.second,
                   nanosText(longestIdle->heldFor),
                   longestIdle->site.empty() ? std::string()
                                             : say(kAt, lang, shortened(longestIdle->site, 80)));
    }
    const auto most = mostFrequent(busy);
    return say(kBusyHolders, lang, busy.size(), holders.size(), shortened(most.first, 60), most.second,
               nanosText(holders.front().heldFor), shortened(mostFrequent(statements).first, 160));
}

// Beside the timeouts, which are errors, too.
double otherErrors(const Figures& f)
{
    return std::isnan(f.timeouts) ? f.errors : f.errors - f.timeouts;
}

std::string howBad(const Facts& facts)
{
    const Lang lang = facts.request.lang;
    const Figures& f = facts.figures;
    std::string text;
    if (known(f.peakTaken) && known(f.places)) {
        text += say(kUsage, lang, countText(f.peakTaken), countText(f.places),
                    core::humanText(f.peakUsage, core::Unit::Ratio));
    }
    if (known(f.peakWaiters)) {
        text += f.peakWaiters >= 1
                    ? say(kWaiters, lang, countText(f.peakWaiters),
                          core::humanText(known(f.longestWait) ? f.longestWait : 0, core::Unit::Seconds))
                    : std::string(kNobodyWaited.in(lang));
    }
    const std::pair<double, const Text*> counted[] = {
        {f.timeouts, &kTimeouts}, {otherErrors(f), &kErrors}, {f.slow, &kSlow}};
    for (const auto& [value, words] : counted) {
        if (known(value) && value >= 0.5) {
            text += say(*words, lang, countText(value));
        }
    }
    if (known(f.up) && f.up < 1) {
        text += say(kUp, lang, core::humanText(f.up, core::Unit::Ratio));
    }
    return text;
}

std::string whenOf(const Incident& incident, const Facts& facts)
{
    const Lang lang = facts.request.lang;
    const Times times(facts.request.zone);
    const core::WallTime end = endOf(incident, facts);
    const std::string lasted = core::spanText(std::max(core::Nanos(0), core::Nanos(end - incident.firedAt)));
    std::string text =
        incident.open() || incident.resolvedAt > wallOf(facts.request.to)
            ? say(kSince, lang, times.full(incident.firedAt), lasted)
            : say(kFromTo, lang, times.full(incident.firedAt), times.clock(incident.resolvedAt), lasted);
    if (facts.records.incidents.size() > 1) {
        text += say(kAlso, lang, facts.records.incidents.size(),
                    std::ranges::count_if(facts.records.incidents, [](const Incident& one) {
                        return one.severity == Severity::Critical;
                    }));
    }
    return text;
}

std::string causeText(const Incident& worst, const Facts& facts)
{
    const Lang lang = facts.request.lang;
    const Figures& f = facts.figures;
    std::string text =
        isOfMachine(worst)
            ? say(kMachineCause, lang, core::humanText(f.cpu, core::Unit::Ratio),
                  core::humanText(f.memory, core::Unit::Ratio), core::humanText(f.disk, core::Unit::Ratio),
                  core::humanText(f.load, core::Unit::Load), countText(f.cores))
            : causeOf(worst, lang);
    for (const Incident& other :
         facts.records.incidents) { // another one of the same trouble may have seen more
        if (text.empty()) {
            text = causeOf(other, lang);
        }
    }
    if (text.empty()) {
        text = kUnknownCause.in(lang);
    }
    for (const ScenarioRun& run : facts.records.runs) {
        if (run.at <= worst.firedAt && run.ended >= worst.activeSince) {
            text += say(kScenario, lang, shortened(run.name, 60));
        }
    }
    return text;
}

std::string doneText(const Incident& worst, const Facts& facts)
{
    const Lang lang = facts.request.lang;
    const Times times(facts.request.zone);
    std::string text;
    for (const Incident& one : facts.records.incidents) {
        if (!one.ackedBy.empty() && text.empty()) {
            text += say(kAcked, lang, shortened(one.ackedBy, 60), times.clock(one.ackedAt),
                        one.ackNote.empty() ? std::string() : " (" + shortened(one.ackNote, 160) + ")");
        }
    }
    int told = 0;
    for (const SettingChange& change : facts.records.changes) {
        if (!change.before.empty() && change.at >= worst.activeSince && ++told <= 3) {
            text +=
                lang == Lang::Chinese
                    ? say(kChanged, lang, change.name, times.clock(change.at), change.before, change.after)
                    : say(kChanged, lang, change.name, change.before, change.after, times.clock(change.at));
        }
    }
    if (text.empty()) {
        text += kByItself.in(lang);
    }
    if (!worst.open() && worst.resolvedAt <= wallOf(facts.request.to)) {
        text += say(kEnded, lang, times.full(worst.resolvedAt));
    }
    return text;
}

std::string nowText(const Facts& facts)
{
    const Lang lang = facts.request.lang;
    const core::WallTime to = wallOf(facts.request.to);
    const auto open = std::ranges::count_if(facts.records.incidents, [&](const Incident& incident) {
        return incident.open() || incident.resolvedAt > to;
    });
    if (open == 0) {
        return std::string(kClosed.in(lang));
    }
    return open == 1 ? std::string(kOpenOne.in(lang)) : say(kOpen, lang, open);
}

} // namespace

const Incident* worstIncident(const Facts& facts)
{
    const Incident* worst = nullptr;
    const auto weight = [&](const Incident& one) {
        return std::tuple(static_cast<int>(one.severity), !isOfMachine(one), endOf(one, facts) - one.firedAt);
    };
    for (const Incident& incident : facts.records.incidents) {
        if (worst == nullptr || weight(incident) > weight(*worst)) {
            worst = &incident;
        }
    }
    return worst;
}

core::WallTime endOf(const Incident& incident, const Facts& facts)
{
    const core::WallTime to = wallOf(facts.request.to);
    return incident.open() ? std::max(to, incident.firedAt) : incident.resolvedAt;
}

std::string causeOf(const Incident& incident, Lang lang)
{
    if (incident.evidence.server.starts_with("down")) {
        return say(kServerDown, lang, shortened(incident.evidence.server, 160));
    }
    const std::string blocked = blockedCause(incident, lang);
    return blocked.empty() ? holdersCause(incident, lang) : blocked;
}

Summary summaryOf(const Facts& facts)
{
    const Lang lang = facts.request.lang;
    const Incident* worst = worstIncident(facts);
    const auto word = [lang](const Text& text) { return std::string(text.in(lang)); };
    if (worst == nullptr) {
        if (!facts.measured) {
            return {word(kNothing), Tone::Plain, {{{word(kWhat), word(kNothingMore), Tone::Plain}}}};
        }
        return {word(kCalm),
                Tone::Good,
                {{{word(kWhat), word(kCalm), Tone::Good}, {word(kHowBad), howBad(facts), Tone::Plain}}}};
    }
    const Tone tone = worst->severity == Severity::Critical ? Tone::Critical : Tone::Warning;
    Summary summary{troubleSentence(*worst, lang), tone, {}};
    summary.points.points = {{word(kWhat), troubleSentence(*worst, lang), tone},
                             {word(kWhen), whenOf(*worst, facts), Tone::Plain},
                             {word(kHowBad), howBad(facts), Tone::Plain},
                             {word(kCause), causeText(*worst, facts), Tone::Plain},
                             {word(kDone), doneText(*worst, facts), Tone::Plain},
                             {word(kNow), nowText(facts), Tone::Plain}};
    std::erase_if(summary.points.points, [](const Point& point) { return point.text.empty(); });
    return summary;
}

} // namespace report
