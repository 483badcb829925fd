#include "app/commands/compare_text.h"

#include "monitor/core/format.h"
#include "monitor/core/units.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace app {

namespace {

using Json = nlohmann::ordered_json;
using record::SeriesDifference;
using record::Summary;

constexpr std::size_t kLines = 40;
constexpr std::size_t kLongest = 90; // characters of a series

// "+35 %", or how much more where there is nothing to compare with.
std::string change(const SeriesDifference& one)
{
    const double share = one.relative();
    if (!std::isfinite(share)) {
        return one.after.mean > one.before.mean ? "new" : "gone";
    }
    return (share >= 0 ? "+" : "") + core::humanText(share, core::Unit::Ratio);
}

// One column of it, and a space at least.
QString column(const std::string& text, int width)
{
    return QString::fromStdString(text).leftJustified(width - 1) + QLatin1Char(' ');
}

// Of what is in the file: base units. "none": a number of something.
std::string unitWord(const SeriesDifference& one)
{
    const std::string_view name = core::unitName(one.unit());
    return name.empty() ? "none" : std::string(name);
}

Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

Json jsonOf(const Summary& one)
{
    return {{"n", one.count},         {"mean", number(one.mean)}, {"sd", number(one.deviation)},
            {"p50", number(one.p50)}, {"p95", number(one.p95)},   {"max", number(one.max)}};
}

std::string field(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' ? "\"\"" : std::string(1, c);
    }
    return out + '"';
}

std::string csvNumber(double value)
{
    return std::isfinite(value) ? core::numberText(value) : std::string();
}

} // namespace

QString compareText(const record::Comparison& comparison)
{
    QString text = QString::fromStdString("Before: " + core::oneLine(comparison.before, kLongest) +
                                          "\nAfter:  " + core::oneLine(comparison.after, kLongest) + "\n");
    const std::size_t sure = comparison.sure();
    if (sure == 0) {
        return text + QStringLiteral("Nothing differs by more than noise (%1 series).\n")
                          .arg(comparison.series.size());
    }
    const auto cell = [](const std::string& value) {
        return QString::fromStdString(value).rightJustified(11);
    };
    text += cell("change") + cell("effect") + QStringLiteral("   ");
    for (const char* head : {"mean ~ sd before", "mean ~ sd after", "p50 before / after",
                             "p95 before / after", "max before / after"}) {
        text += column(head, 23);
    }
    text += QStringLiteral("series\n");
    for (std::size_t i = 0; i < std::min(sure, kLines); ++i) {
        const SeriesDifference& one = comparison.series[i];
        const auto spread = [&one](const Summary& side) {
            return one.text(side.mean) + " ~ " + one.text(side.deviation);
        };
        const auto pair = [&one](double before, double after) {
            return one.text(before) + " / " + one.text(after);
        };
        text += cell(change(one)) + cell(fmt::format("{:+.2f}", one.effect)) + "   " +
                column(spread(one.before), 23) + column(spread(one.after), 23) +
                column(pair(one.before.p50, one.after.p50), 23) +
                column(pair(one.before.p95, one.after.p95), 23) +
                column(pair(one.before.max, one.after.max), 23) +
                QString::fromStdString(core::oneLine(one.name, kLongest)) + '\n';
    }
    if (sure > kLines) {
        text += QStringLiteral("… and %1 more; --csv and --json tell all\n").arg(sure - kLines);
    }
    return text +
           QStringLiteral(
               "%1 of %2 series differ; the others do not by more than noise, or are too short to tell.\n")
               .arg(sure)
               .arg(comparison.series.size());
}

QString compareJson(const record::Comparison& comparison)
{
    Json document{
        {"before", comparison.before}, {"after", comparison.after}, {"differing", comparison.sure()}};
    document["series"] = Json::array();
    for (const SeriesDifference& one : comparison.series) {
        document["series"].push_back({{"series", one.name},
                                      {"rate", one.rate},
                                      {"unit", unitWord(one)},
                                      {"verdict", record::verdictName(one.verdict)},
                                      {"difference", number(one.after.mean - one.before.mean)},
                                      {"difference_low", number(one.low)},
                                      {"difference_high", number(one.high)},
                                      {"relative", number(one.relative())},
                                      {"effect", number(one.effect)},
                                      {"p_value", number(one.pValue)},
                                      {"before", jsonOf(one.before)},
                                      {"after", jsonOf(one.after)}});
    }
    return QString::fromStdString(document.dump(2, ' ', false, Json::error_handler_t::replace)) + '\n';
}

QString compareCsv(const record::Comparison& comparison)
{
    std::string text =
        "series,unit,verdict,difference,difference_low,difference_high,relative,effect,p_value,before_n,"
        "before_mean,before_sd,before_p50,before_p95,before_max,after_n,after_mean,after_sd,after_p50,"
        "after_p95,after_max\r\n";
    for (const SeriesDifference& one : comparison.series) {
        text += field(one.name) + ',' + unitWord(one) + ',' + record::verdictName(one.verdict);
        for (const double value :
             {one.after.mean - one.before.mean, one.low, one.high, one.relative(), one.effect, one.pValue}) {
            text += ',' + csvNumber(value);
        }
        for (const Summary* side : {&one.before, &one.after}) {
            text += ',' + std::to_string(side->count);
            for (const double value : {side->mean, side->deviation, side->p50, side->p95, side->max}) {
                text += ',' + csvNumber(value);
            }
        }
        text += "\r\n";
    }
    return QString::fromStdString(text);
}

} // namespace app
