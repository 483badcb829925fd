#include "monitor/report/html.h"

#include "monitor/report/escape.h"

#include <algorithm>

#include <fmt/format.h>

namespace report {

namespace {

// Light and printable; system fonts only, for nothing may be fetched.
constexpr const char* kStyle = R"css(
:root{color-scheme:light;--ink:#1f2733;--faint:#5b6675;--line:#dfe3e8;--paper:#fff;--soft:#f5f7f9;--accent:#0b5fa5;--good:#18794e;--warning:#b45309;--critical:#b3122c}
*{box-sizing:border-box}
body{margin:0;background:#eef1f4;color:var(--ink);font:15px/1.55 "Segoe UI","Noto Sans","Helvetica Neue",Arial,"Liberation Sans","DejaVu Sans","Noto Sans CJK SC",sans-serif}
html[lang=zh-CN] body{font-family:"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC","WenQuanYi Micro Hei","Segoe UI",Arial,sans-serif}
main{max-width:900px;margin:28px auto;background:var(--paper);padding:44px 52px 56px;border-radius:6px;box-shadow:0 1px 4px rgba(20,30,45,.14)}
header{border-top:6px solid var(--tone);padding-top:22px;margin-bottom:30px}
header .kind{color:var(--faint);font-size:13px;letter-spacing:.06em;text-transform:uppercase}
h1{font-size:30px;line-height:1.22;margin:6px 0 20px;letter-spacing:-.01em}
h2{font-size:20px;margin:40px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line)}
h3{font-size:16px;margin:28px 0 8px}
h4{font-size:13.5px;margin:18px 0 2px;color:var(--faint)}
p{margin:10px 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0}
dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}
.points{grid-template-columns:9.5em 1fr;gap:0 18px}
.points dt,.points dd{padding:9px 0;border-top:1px solid var(--line)}
.points dt{font-weight:600;color:var(--ink)}
.points dt:first-of-type,.points dt:first-of-type+dd{border-top:0}
.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:12px;margin:24px 0}
.tile{background:var(--soft);border-left:4px solid var(--tone);border-radius:4px;padding:12px 16px}
.tile b{display:block;font-size:25px;line-height:1.25;font-variant-numeric:tabular-nums}
.tile span{display:block;color:var(--faint);font-size:13px}
.remark{background:var(--soft);border-left:4px solid var(--tone);border-radius:4px;padding:10px 16px;margin:14px 0;white-space:pre-line;overflow-wrap:anywhere}
figure{margin:22px 0}figcaption{display:flex;justify-content:space-between;align-items:baseline;gap:16px}
figcaption b{font-size:15px}figcaption span{color:var(--faint);font-size:12.5px}
figure svg{display:block;width:100%;height:auto}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:12px 0;font-size:13.5px}
th{text-align:left;color:var(--faint);font-weight:600;border-bottom:2px solid var(--line);padding:6px 10px 6px 0;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:6px 10px 6px 0;vertical-align:top;overflow-wrap:break-word}
td code{overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
.r{text-align:right;font-variant-numeric:tabular-nums}
th.r,td.r{padding-right:18px}th.r:last-child,td.r:last-child{padding-right:0}
td.r{white-space:nowrap}
td code{font:12.5px/1.45 "DejaVu Sans Mono",Consolas,Menlo,"Noto Sans Mono",monospace}
.more{color:var(--faint);font-size:13px}
footer{margin-top:44px;padding-top:12px;border-top:1px solid var(--line);color:var(--faint);font-size:12.5px}
.plain{--tone:#9aa4b2}.good{--tone:var(--good)}.warning{--tone:var(--warning)}.critical{--tone:var(--critical)}
.tile.critical b,.tile.warning b,dd.critical,dd.warning{color:var(--tone)}dd.critical,dd.warning{font-weight:600}
@page{size:A4;margin:16mm}
@media (max-width:700px){main{margin:0;padding:24px 18px;border-radius:0}.tiles{grid-template-columns:1fr 1fr}dl,.points{grid-template-columns:1fr}.points dd{border-top:0;padding-top:0}.wide table{min-width:600px}figure{overflow-x:auto}figure svg{min-width:620px}figcaption{flex-wrap:wrap}}
@media print{body{background:#fff;font-size:10.5pt}main{margin:0;padding:0;max-width:none;box-shadow:none}figure,.tile,.remark,tr{break-inside:avoid}h2,h3,h4{break-after:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

const char* nameOf(Tone tone)
{
    switch (tone) {
    case Tone::Plain:
        break;
    case Tone::Good:
        return "good";
    case Tone::Warning:
        return "warning";
    case Tone::Critical:
        return "critical";
    }
    return "plain";
}

struct Writer {
    std::string& out;

    void operator()(const Heading& heading) const
    {
        const int level = heading.level + 1; // h1 is the cover's
        out += fmt::format("<h{0}>{1}</h{0}>\n", level, escaped(heading.text));
    }
    void operator()(const Paragraph& paragraph) const { out += "<p>" + escaped(paragraph.text) + "</p>\n"; }
    void operator()(const Remark& remark) const
    {
        out += fmt::format("<div class=\"remark {}\">{}</div>\n", nameOf(remark.tone), escaped(remark.text));
    }
    void operator()(const Points& points) const
    {
        out += "<dl class=\"points\">\n";
        for (const Point& point : points.points) {
            out += fmt::format("<dt>{}</dt><dd class=\"{}\">{}</dd>\n", escaped(point.label),
                               nameOf(point.tone), escaped(point.text));
        }
        out += "</dl>\n";
    }
    void operator()(const Tiles& tiles) const
    {
        out += "<div class=\"tiles\">\n";
        for (const Tile& tile : tiles.tiles) {
            out += fmt::format("<div class=\"tile {}\"><span>{}</span><b>{}</b><span>{}</span></div>\n",
                               nameOf(tile.tone), escaped(tile.label), escaped(tile.value),
                               escaped(tile.detail));
        }
        out += "</div>\n";
    }
    void operator()(const Table& table) const
    {
        out += "<div class=\"wide\"><table><thead><tr>";
        for (const Column& column : table.columns) {
            out += fmt::format("<th{}>{}</th>", column.align == Align::Right ? " class=\"r\"" : "",
                               escaped(column.title));
        }
        out += "</tr></thead><tbody>\n";
        for (const std::vector<std::string>& row : table.rows) {
            out += "<tr>";
            for (std::size_t i = 0; i < std::min(row.size(), table.columns.size()); ++i) {
                const Column& column = table.columns[i];
                const std::string text = escaped(row[i]);
                out += fmt::format("<td{}>{}</td>", column.align == Align::Right ? " class=\"r\"" : "",
                                   column.code ? "<code>" + text + "</code>" : text);
            }
            out += "</tr>\n";
        }
        out += "</tbody></table></div>\n";
        if (!table.more.empty()) {
            out += "<p class=\"more\">" + escaped(table.more) + "</p>\n";
        }
    }
    void operator()(const Figure& figure) const
    {
        out += fmt::format("<figure><figcaption><b>{}</b><span>{}</span></figcaption>{}</figure>\n",
                           escaped(figure.title), escaped(figure.caption), figure.svg);
    }
};

void writeCover(const Cover& cover, std::string& out)
{
    out += fmt::format("<header class=\"{}\"><div class=\"kind\">{}</div>\n<h1>{}</h1>\n<dl>\n",
                       nameOf(cover.tone), escaped(cover.title), escaped(cover.verdict));
    for (const auto& [name, value] : cover.facts) {
        out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(name), escaped(value));
    }
    out += "</dl></header>\n";
}

} // namespace

std::string html(const Document& document)
{
    const char* lang = document.lang == core::Lang::Chinese ? "zh-CN" : "en";
    std::string out =
        fmt::format("<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"/>\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                    "'unsafe-inline'\"/>\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                    "<title>{}: {}</title>\n<style>{}</style></head>\n<body><main>\n",
                    lang, escaped(document.cover.title), escaped(document.footer), kStyle);
    writeCover(document.cover, out);
    for (const Block& block : document.blocks) {
        std::visit(Writer{out}, block);
    }
    out += "<footer>" + escaped(document.footer) + "</footer>\n</main></body></html>\n";
    return out;
}

} // namespace report
