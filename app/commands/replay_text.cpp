#include "app/commands/replay_text.h"

#include "monitor/core/format.h"
#include "monitor/core/units.h"
#include "monitor/series/label_ops.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace app {

namespace {

using Json = nlohmann::ordered_json;
using record::TimelineEntry;

constexpr std::size_t kLongest = 160; // characters of what others wrote

std::string isoOf(std::int64_t at)
{
    return core::isoUtc(core::WallTime(core::Millis(at)));
}

// Of the labels what tells one alert from another of its name.
std::string ownLabels(const TimelineEntry& entry)
{
    metrics::Labels labels = entry.labels;
    std::erase_if(labels, [](const auto& label) { return label.first == "alertname" || label.first == "severity"; });
    return labels.empty() ? std::string() : ' ' + core::oneLine(series::labelsText(labels), kLongest);
}

std::string severityOf(const TimelineEntry& entry)
{
    return core::oneLine(series::labelValue(entry.labels, "severity"), 20);
}

Json jsonOf(const TimelineEntry& entry)
{
    Json labels = Json::object();
    for (const auto& [name, value] : entry.labels) {
        labels[name] = value;
    }
    Json json{{"at", isoOf(entry.at)}, {"what", record::whatName(entry.what)}, {"alert", entry.rule}, {"labels", labels}};
    json["value"] = std::isfinite(entry.value) ? Json(entry.value) : Json();
    return json;
}

// A fact that is a number; a foreign file may say anything.
std::int64_t countOf(const record::TapeInfo& info, const char* fact)
{
    const auto at = info.facts.find(fact);
    return at == info.facts.end() ? 0 : std::max(0LL, std::strtoll(at->second.c_str(), nullptr, 10));
}

// What others wrote is no name of ours.
std::string reasonOf(const std::string& name)
{
    const auto reason = metrics::gapReasonFrom(name);
    if (!reason) {
        return core::oneLine(name, 40);
    }
    switch (*reason) {
    case metrics::GapReason::NotRunning:
        return "Poolscope did not run";
    case metrics::GapReason::Suspended:
        return "the machine slept";
    case metrics::GapReason::ClockStep:
        return "the clock was set";
    case metrics::GapReason::HeldUp:
        return "the program got no processor time";
    case metrics::GapReason::NotWritten:
        return "the history could not be written";
    case metrics::GapReason::ServerAway:
        break;
    }
    return "the database could not be asked";
}

} // namespace

std::int64_t toleranceOf(const record::TapeInfo& info)
{
    const auto interval = info.facts.find("interval_seconds");
    const double seconds = interval != info.facts.end() ? std::strtod(interval->second.c_str(), nullptr) : 1;
    return static_cast<std::int64_t>(1500 * std::clamp(std::isfinite(seconds) ? seconds : 1, 0.1, 60.0));
}

QString headText(const record::TapeInfo& info)
{
    const auto span = core::spanText(core::Millis(info.to - info.from));
    return QString::fromStdString("Recording " + core::oneLine(info.title, kLongest) + ": " + isoOf(info.from) + " to " +
                                  isoOf(info.to) + " (" + span + ")" +
                                  (info.target.empty() ? "" : ", server " + core::oneLine(info.target, kLongest)) +
                                  (info.reason.empty() ? "" : ", " + core::oneLine(info.reason, 40)) + "\n");
}

QString entryText(const TimelineEntry& entry)
{
    QString line = QString::fromStdString(isoOf(entry.at) + "  ");
    line += QString::fromLatin1(record::whatName(entry.what)).leftJustified(9);
    line += QString::fromStdString(severityOf(entry)).leftJustified(9);
    line += QString::fromStdString(core::oneLine(entry.rule, kLongest) + ownLabels(entry));
    if (std::isfinite(entry.value) && entry.what != TimelineEntry::What::Resolved) {
        line += QString::fromStdString("  = " + core::humanText(entry.value, core::Unit::None));
    }
    if (!entry.summary.empty()) {
        line += QString::fromStdString("  " + core::oneLine(entry.summary, kLongest));
    }
    return line + '\n';
}

QString gapText(const metrics::Mark& gap)
{
    const std::string span = core::spanText(std::max(core::Nanos(0), core::Nanos(gap.until - gap.at)));
    return QString::fromStdString(isoOf(core::epochMillis(gap.at)) + "  no data           " + span + ": " +
                                  reasonOf(gap.text) + '\n');
}

QString footText(const std::vector<TimelineEntry>& entries)
{
    const auto fired = std::count_if(entries.begin(), entries.end(),
                                     [](const auto& entry) { return entry.what == TimelineEntry::What::Fired; });
    return entries.empty() ? QStringLiteral("No alert fired.\n")
                           : QStringLiteral("%1 incident(s), %2 change(s).\n").arg(fired).arg(entries.size());
}

QString differencesText(const std::vector<TimelineEntry>& recorded,
                        const std::vector<record::TimelineDifference>& differences)
{
    if (differences.empty()) {
        return QStringLiteral("As recorded: all %1 change(s).\n").arg(recorded.size());
    }
    QString text = QStringLiteral("Not as recorded:\n");
    for (const record::TimelineDifference& difference : differences) {
        text += difference.side == record::TimelineDifference::Side::RecordedOnly ? QStringLiteral("- recorded only  ")
                                                                                  : QStringLiteral("+ replayed only  ");
        text += entryText(difference.entry);
    }
    return text;
}

QString replayJson(const record::TapeInfo& info, const std::vector<metrics::Mark>& gaps,
                   const std::vector<TimelineEntry>& entries,
                   const std::vector<TimelineEntry>& recorded,
                   const std::vector<record::TimelineDifference>& differences)
{
    Json document;
    document["recording"] = {{"title", info.title},     {"from", isoOf(info.from)}, {"to", isoOf(info.to)},
                             {"version", info.version}, {"target", info.target},    {"reason", info.reason},
                             {"ticks", countOf(info, "ticks")}, {"frames", countOf(info, "frames")}};
    document["gaps"] = Json::array();
    for (const metrics::Mark& gap : gaps) {
        document["gaps"].push_back({{"from", isoOf(core::epochMillis(gap.at))},
                                    {"to", isoOf(core::epochMillis(std::max(gap.at, gap.until)))},
                                    {"reason", core::oneLine(gap.text, 40)}});
    }
    document["timeline"] = Json::array();
    for (const TimelineEntry& entry : entries) {
        document["timeline"].push_back(jsonOf(entry));
    }
    document["recorded_changes"] = recorded.size();
    document["as_recorded"] = differences.empty();
    document["differences"] = Json::array();
    for (const record::TimelineDifference& difference : differences) {
        Json one = jsonOf(difference.entry);
        one["side"] = difference.side == record::TimelineDifference::Side::RecordedOnly ? "recorded" : "replayed";
        document["differences"].push_back(std::move(one));
    }
    return QString::fromStdString(document.dump(2, ' ', false, Json::error_handler_t::replace)) + '\n';
}

} // namespace app
