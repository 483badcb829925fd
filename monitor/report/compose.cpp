#include "monitor/report/compose.h"

#include "monitor/report/escape.h"
#include "monitor/report/sections.h"
#include "monitor/report/summary.h"
#include "monitor/report/times.h"

#include <utility>

#include <fmt/format.h>

namespace report {

namespace {

using core::Text;

constexpr Text kTitle{"Connection pool report", "连接池报告"};
constexpr Text kRange{"Range", "时段"};
constexpr Text kZone{"Time zone", "时区"};
constexpr Text kServer{"Database", "数据库"};
constexpr Text kHost{"Host", "主机"};
constexpr Text kMade{"Report made", "生成时间"};
constexpr Text kSummary{"Summary", "摘要"};
constexpr Text kAdvice{"Advice on the pool's size", "关于连接池容量的建议"};
constexpr Text kAbout{
    "Percentages and counts cover the whole range. Statements are shown without their literals. Times are in "
    "the zone named on the first page.",
    "百分比和计数覆盖整个时段。语句中的常量已隐藏。时间采用首页所示时区。"};

Cover coverOf(const Facts& facts, const Summary& summary)
{
    const Request& request = facts.request;
    const Times times(request.zone);
    const core::Lang lang = request.lang;
    const core::WallTime from = wallOf(request.from);
    const core::WallTime to = wallOf(request.to);
    Cover cover{std::string(kTitle.in(lang)), summary.verdict, summary.tone, {}};
    const auto add = [&](const Text& name, std::string value) {
        if (!value.empty()) {
            cover.facts.emplace_back(name.in(lang), std::move(value));
        }
    };
    add(kRange, fmt::format("{} – {} ({})", times.full(from),
                            times.day(from) == times.day(to) ? times.clock(to) : times.full(to),
                            core::spanText(to - from)));
    add(kZone, times.zoneText(from));
    add(kServer,
        shortened(request.target, 120) +
            (request.serverVersion.empty() ? ""
                                           : " (PostgreSQL " + shortened(request.serverVersion, 40) + ")"));
    add(kHost, shortened(request.host, 80));
    add(kMade, times.full(request.made) + ", Poolscope " + request.version);
    return cover;
}

} // namespace

Document compose(const Facts& facts)
{
    const core::Lang lang = facts.request.lang;
    Summary summary = summaryOf(facts);
    Document document{lang, coverOf(facts, summary), {}, {}};
    document.footer = document.cover.facts.front().second;
    document.blocks.emplace_back(Heading{1, std::string(kSummary.in(lang))});
    document.blocks.emplace_back(std::move(summary.points));
    if (!facts.measured && facts.records.incidents.empty()) {
        return document;
    }
    addTiles(facts, document.blocks);
    if (std::string advice = sizeAdvice(facts); !advice.empty()) {
        document.blocks.emplace_back(Heading{2, std::string(kAdvice.in(lang))});
        document.blocks.emplace_back(Paragraph{std::move(advice)});
    }
    addCharts(facts, document.blocks);
    addIncidents(facts, document.blocks);
    addSlowStatements(facts, document.blocks);
    addSettings(facts, document.blocks);
    addMachine(facts, document.blocks);
    addTimeline(facts, document.blocks);
    document.blocks.emplace_back(Remark{Tone::Plain, std::string(kAbout.in(lang))});
    return document;
}

} // namespace report
