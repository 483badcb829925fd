#include "monitor/report/sections.h"

#include "monitor/metrics/diary.h"
#include "monitor/report/chart_svg.h"
#include "monitor/report/escape.h"
#include "monitor/report/summary.h"
#include "monitor/report/times.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace report {

namespace {

using core::Lang;
using core::Text;
using core::Unit;
using metrics::Severity;

constexpr std::size_t kMostRows = 40;
constexpr std::size_t kStatement = 240; // characters of a statement in a table
constexpr std::size_t kWords = 120;

constexpr Text kMore{"{} more are not shown.", "另有 {} 条未显示。"};

std::string moreText(std::size_t all, std::size_t shown, Lang lang)
{
    return all > shown ? fmt::format(fmt::runtime(kMore.in(lang)), all - shown) : std::string();
}

std::string count(double value)
{
    return std::isnan(value) ? "–" : fmt::format("{}", std::llround(value));
}

// When alerts of a severity were firing, however many of them: laid over each other they would hide the
// lines.
std::vector<Band> bandsOf(const Facts& facts)
{
    std::vector<Band> bands;
    for (const metrics::Incident& incident : facts.records.incidents) {
        bands.push_back({core::epochMillis(incident.firedAt), core::epochMillis(endOf(incident, facts)),
                         incident.severity});
    }
    std::ranges::stable_sort(bands, [](const Band& a, const Band& b) {
        return std::pair(a.severity, a.from) < std::pair(b.severity, b.from);
    });
    std::vector<Band> merged;
    for (const Band& band : bands) {
        if (!merged.empty() && merged.back().severity == band.severity && band.from <= merged.back().to) {
            merged.back().to = std::max(merged.back().to, band.to);
        } else {
            merged.push_back(band);
        }
    }
    return merged;
}

// Requests that were not served are errors, too.
double failedOf(const Figures& f)
{
    return std::fmax(f.timeouts, f.errors);
}

Tone above(double value, double warning, double critical)
{
    return value > critical ? Tone::Critical : value > warning ? Tone::Warning : Tone::Plain;
}

Heading heading(const Text& text, Lang lang, int level = 1)
{
    return {level, std::string(text.in(lang))};
}

} // namespace

namespace {

// What incidents and runs tell better is left out.
const Text* wordsFor(const std::string& kind)
{
    static const std::map<std::string, Text> kKinds{
        {"scenario_started", {"Load scenario started: {}", "负载场景开始：{}"}},
        {"setting_changed", {"Settings changed: {}", "设置已更改：{}"}},
        {"server_down", {"{}", "{}"}},
        {"server_up", {"{}", "{}"}},
        {"restarted", {"Poolscope was started", "Poolscope 已启动"}},
        {"gap", {"No samples: {}", "没有样本：{}"}}, // a moment: the clock was set back
        {"note", {"Note: {}", "备注：{}"}}};
    const auto found = kKinds.find(kind);
    return found != kKinds.end() ? &found->second : nullptr;
}

// The reason of a gap stands there by its name.
std::string textOf(const Note& note, Lang lang)
{
    const auto reason = note.kind == "gap" ? metrics::gapReasonFrom(note.text) : std::nullopt;
    if (!reason) {
        return shortened(note.text, 2 * kWords);
    }
    const auto words = [lang](const Text& text) { return std::string(text.in(lang)); };
    switch (*reason) {
    case metrics::GapReason::NotRunning:
        return words({"Poolscope did not run", "Poolscope 未运行"});
    case metrics::GapReason::Suspended:
        return words({"the machine slept", "主机处于休眠"});
    case metrics::GapReason::ClockStep:
        return words({"the clock was set", "系统时钟被调整"});
    case metrics::GapReason::HeldUp:
        return words({"the program got no processor time", "程序未获得处理器时间"});
    case metrics::GapReason::NotWritten:
        return words({"the history could not be written", "历史无法写入"});
    case metrics::GapReason::ServerAway:
        break;
    }
    return words({"the database could not be asked", "无法查询数据库"});
}

// From when to when, how long, and why.
std::string gapText(const Note& gap, const Times& times, Lang lang)
{
    constexpr Text kFromTo{"No samples from {} to {} ({}): {}", "{} 至 {} 没有样本（{}）：{}"};
    const bool sameDay = times.day(gap.at) == times.day(gap.until);
    return fmt::format(fmt::runtime(kFromTo.in(lang)), sameDay ? times.clock(gap.at) : times.full(gap.at),
                       sameDay ? times.clock(gap.until) : times.full(gap.until), core::spanText(gap.until - gap.at),
                       textOf(gap, lang));
}

} // namespace

std::string severityText(Severity severity, Lang lang)
{
    constexpr Text kInfo{"info", "信息"};
    constexpr Text kWarning{"warning", "警告"};
    constexpr Text kCritical{"critical", "严重"};
    switch (severity) {
    case Severity::Info:
        return std::string(kInfo.in(lang));
    case Severity::Warning:
        return std::string(kWarning.in(lang));
    case Severity::Critical:
        break;
    }
    return std::string(kCritical.in(lang));
}

void addTiles(const Facts& facts, Blocks& blocks)
{
    constexpr Text kUsage{"Highest pool usage", "最高使用率"};
    constexpr Text kOf{"{} of {} connections", "{}/{} 个连接"};
    constexpr Text kWaiting{"Most waiting at once", "最多同时等待"};
    constexpr Text kLongest{"the longest for {}", "最长 {}"};
    constexpr Text kFailed{"Requests that failed", "失败的请求"};
    constexpr Text kSplit{"{} of them timed out", "其中超时 {}"};
    constexpr Text kSlow{"Slow statements", "慢查询"};
    constexpr Text kOfAll{"of {} statements", "共 {} 条语句"};
    constexpr Text kTaken{"Connections taken", "获取连接次数"};
    constexpr Text kUp{"Database answered", "数据库可用"};
    constexpr Text kTime{"of the time", "时间占比"};
    const Figures& f = facts.figures;
    const Lang lang = facts.request.lang;
    const auto words = [lang](const Text& text, auto... args) {
        return fmt::format(fmt::runtime(text.in(lang)), args...);
    };
    const double failed = failedOf(f);
    Tiles tiles;
    tiles.tiles = {{words(kUsage), core::humanText(f.peakUsage, Unit::Ratio),
                    words(kOf, count(f.peakTaken), count(f.places)), above(f.peakUsage, 0.8, 0.9)},
                   {words(kWaiting), count(f.peakWaiters),
                    words(kLongest, core::humanText(f.longestWait, Unit::Seconds)),
                    above(f.peakWaiters, 0.5, 1e9)},
                   {words(kFailed), count(failed), words(kSplit, count(f.timeouts)), above(failed, 1e9, 0.5)},
                   {words(kSlow), count(f.slow), words(kOfAll, count(f.statements)), above(f.slow, 0.5, 1e9)},
                   {words(kTaken), count(f.checkouts), {}, Tone::Plain},
                   {words(kUp), core::humanText(f.up, Unit::Ratio), words(kTime),
                    f.up < 1 ? Tone::Critical : Tone::Plain}};
    blocks.emplace_back(std::move(tiles));
}

void addCharts(const Facts& facts, Blocks& blocks)
{
    constexpr Text kCharts{"Charts", "图表"};
    constexpr Text kBands{"Shaded: an alert was firing. Dashed: its threshold. A gap: nothing was recorded.",
                          "阴影：告警触发期间。虚线：阈值。断开处：没有记录。"};
    const Lang lang = facts.request.lang;
    if (facts.charts.empty()) {
        return;
    }
    blocks.emplace_back(heading(kCharts, lang));
    blocks.emplace_back(Paragraph{std::string(kBands.in(lang))});
    ChartFrame frame{facts.request.from, facts.request.to, {}, Times(facts.request.zone)};
    frame.bands = bandsOf(facts);
    for (const Chart& chart : facts.charts) {
        blocks.emplace_back(
            Figure{chart.title, chartSvg(chart, frame), chart.caption, kChartWidth / kChartHeight});
    }
}

void addSlowStatements(const Facts& facts, Blocks& blocks)
{
    constexpr Text kSlow{"Slow statements", "慢查询"};
    constexpr Text kStatement_{"Statement", "语句"};
    constexpr Text kTimes{"Times", "次数"};
    constexpr Text kLongest{"Longest", "最长"};
    constexpr Text kAverage{"Average", "平均"};
    constexpr Text kWho{"Caller", "调用方"};
    struct Group {
        std::size_t times = 0;
        double sum = 0;
        double longest = 0;
        std::string who;
    };
    const Lang lang = facts.request.lang;
    if (facts.records.slow.empty()) {
        return;
    }
    std::map<std::string, Group> groups;
    for (const SlowStatement& one : facts.records.slow) {
        Group& group = groups[one.text];
        ++group.times;
        group.sum += one.seconds;
        if (one.seconds >= group.longest) {
            group.longest = one.seconds;
            group.who = one.tag;
        }
    }
    std::vector<std::pair<std::string, Group>> sorted(groups.begin(), groups.end());
    std::ranges::stable_sort(sorted,
                             [](const auto& a, const auto& b) { return a.second.sum > b.second.sum; });
    Table table{{{std::string(kStatement_.in(lang)), 5, Align::Left, true},
                 {std::string(kWho.in(lang)), 1.4, Align::Left, false},
                 {std::string(kTimes.in(lang)), 0.8, Align::Right, false},
                 {std::string(kAverage.in(lang)), 1, Align::Right, false},
                 {std::string(kLongest.in(lang)), 1, Align::Right, false}},
                {},
                {}};
    for (const auto& [text, group] : sorted) {
        if (table.rows.size() == kMostRows) {
            break;
        }
        table.rows.push_back({shortened(text, kStatement), shortened(group.who, 40),
                              fmt::format("{}", group.times),
                              core::humanText(group.sum / static_cast<double>(group.times), Unit::Seconds),
                              core::humanText(group.longest, Unit::Seconds)});
    }
    table.more = moreText(sorted.size(), table.rows.size(), lang);
    blocks.emplace_back(heading(kSlow, lang));
    blocks.emplace_back(std::move(table));
}

void addSettings(const Facts& facts, Blocks& blocks)
{
    constexpr Text kPool{"The pool's settings", "连接池设置"};
    constexpr Text kSetting{"Setting", "设置"};
    constexpr Text kValue{"At the end (times in s)", "时段结束时（时间：秒）"};
    constexpr Text kChange{"Changes in this range", "此时段内的更改"};
    constexpr Text kNever{"–", "–"};
    constexpr Text kChanged{"{} → {} at {}", "{2}：{0} → {1}"};
    const Lang lang = facts.request.lang;
    const Times times(facts.request.zone);
    std::map<std::string, std::pair<std::string, std::string>> settings; // name → value, changes
    const core::WallTime from = wallOf(facts.request.from);
    for (const SettingChange& change : facts.records.changes) {
        auto& [value, changes] = settings[change.name];
        value = change.after;
        if (!change.before.empty() && change.at >= from) {
            changes +=
                (changes.empty() ? "" : "; ") + fmt::format(fmt::runtime(kChanged.in(lang)), change.before,
                                                            change.after, times.full(change.at));
        }
    }
    const auto measured = [&](const char* name, double value) {
        if (!std::isnan(value) && !settings.contains(name)) {
            settings[name].first = count(value);
        }
    };
    measured("pool_size", facts.figures.size);
    measured("max_overflow", facts.figures.places - facts.figures.size);
    if (settings.empty()) {
        return;
    }
    Table table{{{std::string(kSetting.in(lang)), 1.6, Align::Left, true},
                 {std::string(kValue.in(lang)), 1.2, Align::Right, false},
                 {std::string(kChange.in(lang)), 3.2, Align::Left, false}},
                {},
                {}};
    for (const auto& [name, told] : settings) {
        table.rows.push_back(
            {shortened(name, 60), shortened(told.first, 60),
             told.second.empty() ? std::string(kNever.in(lang)) : shortened(told.second, 400)});
    }
    blocks.emplace_back(heading(kPool, lang));
    blocks.emplace_back(std::move(table));
}

void addMachine(const Facts& facts, Blocks& blocks)
{
    constexpr Text kHost{"The machine", "主机"};
    constexpr Text kWhat{"Resource", "资源"};
    constexpr Text kHighest{"Highest in this range", "此时段内最高"};
    constexpr Text kCpu{"CPU", "CPU"};
    constexpr Text kMemory{"Memory", "内存"};
    constexpr Text kDisk{"Fullest disk", "占用最高的磁盘"};
    constexpr Text kLoad{"Load over 5 minutes ({} cores)", "5 分钟平均负载（{} 核）"};
    const Figures& f = facts.figures;
    const Lang lang = facts.request.lang;
    if (std::isnan(f.cpu) && std::isnan(f.memory)) {
        return;
    }
    Table table{
        {{std::string(kWhat.in(lang)), 3, Align::Left, false},
         {std::string(kHighest.in(lang)), 1.4, Align::Right, false}},
        {{std::string(kCpu.in(lang)), core::humanText(f.cpu, Unit::Ratio)},
         {std::string(kMemory.in(lang)), core::humanText(f.memory, Unit::Ratio)},
         {std::string(kDisk.in(lang)), core::humanText(f.disk, Unit::Ratio)},
         {fmt::format(fmt::runtime(kLoad.in(lang)), count(f.cores)), core::humanText(f.load, Unit::Load)}},
        {}};
    blocks.emplace_back(heading(kHost, lang));
    blocks.emplace_back(std::move(table));
}

void addTimeline(const Facts& facts, Blocks& blocks)
{
    constexpr Text kLog{"What happened when", "时间线"};
    constexpr Text kTime{"Time", "时间"};
    constexpr Text kWhat{"What", "事项"};
    constexpr Text kFired{"{} fired ({}): {}", "{} 触发（{}）：{}"};
    constexpr Text kResolved{"{} was over", "{} 结束"};
    constexpr Text kAsIs{"{}", "{}"};
    constexpr Text kRun{"Load scenario “{}” ended ({}): {} requests, {} failed",
                        "负载场景“{}”结束（{}）：请求 {}，失败 {}"};
    const Lang lang = facts.request.lang;
    const Times times(facts.request.zone);
    std::vector<std::pair<core::WallTime, std::string>> lines;
    const auto say = [&](core::WallTime at, const Text& text, auto... args) {
        if (at >= wallOf(facts.request.from) && at <= wallOf(facts.request.to)) {
            lines.emplace_back(at, fmt::format(fmt::runtime(text.in(lang)), args...));
        }
    };
    for (const metrics::Incident& one : facts.records.incidents) {
        const std::string rule = shortened(one.rule, 80);
        say(one.firedAt, kFired, rule, severityText(one.severity, lang), shortened(one.summary, kWords));
        if (!one.open()) {
            say(one.resolvedAt, kResolved, rule);
        }
    }
    for (const Note& note : facts.records.notes) {
        if (note.kind == "gap" && note.until > note.at) { // it may have begun before
            say(std::max(note.at, wallOf(facts.request.from)), kAsIs, gapText(note, times, lang));
        } else if (const Text* words = wordsFor(note.kind)) {
            say(note.at, *words, textOf(note, lang));
        }
    }
    for (const ScenarioRun& run : facts.records.runs) {
        say(run.ended, kRun, shortened(run.name, 60), run.state, run.requests, run.failures);
    }
    if (lines.empty()) {
        return;
    }
    std::ranges::stable_sort(lines, {}, &std::pair<core::WallTime, std::string>::first);
    Table table{{{std::string(kTime.in(lang)), 1.5, Align::Left, false},
                 {std::string(kWhat.in(lang)), 6, Align::Left, false}},
                {},
                moreText(lines.size(), std::min(lines.size(), 3 * kMostRows), lang)};
    for (std::size_t i = 0; i < std::min(lines.size(), 3 * kMostRows); ++i) {
        table.rows.push_back({times.full(lines[i].first), lines[i].second});
    }
    blocks.emplace_back(heading(kLog, lang));
    blocks.emplace_back(std::move(table));
}

} // namespace report
