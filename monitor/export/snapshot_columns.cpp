#include "monitor/export/snapshot_columns.h"

#include "monitor/core/format.h"
#include "monitor/core/units.h"

#include <cmath>
#include <string_view>

namespace exporting {

namespace {

// Comes and goes with every alert; alert_worst says what it says without ever changing the columns.
constexpr std::string_view kAlerts = "ALERTS";

bool saysUnit(std::string_view name, std::string_view unit)
{
    if (name.ends_with("_total")) {
        name.remove_suffix(6);
    }
    return name == unit ||
           (name.ends_with(unit) && name.size() > unit.size() && name[name.size() - unit.size() - 1] == '_');
}

// Counts and loads need no unit: their names say what is counted.
std::string_view unitSuffix(const metrics::MetricDef& def)
{
    if (def.unit == core::Unit::None || def.unit == core::Unit::Count || def.unit == core::Unit::Load) {
        return {};
    }
    const std::string_view unit = core::unitName(def.unit);
    return saysUnit(def.name, unit) ? std::string_view() : unit;
}

// One line whatever the label holds: heads must not break the line-by-line repair of an appended file.
std::string labelText(const metrics::Labels& labels)
{
    std::string text;
    for (const auto& [name, value] : labels) {
        text.append(text.empty() ? "{" : ",").append(name).append("=\"");
        for (const char letter : core::oneLine(value, 200)) {
            if (letter == '"' || letter == '\\') {
                text += '\\';
            }
            text += letter;
        }
        text += '"';
    }
    return text.empty() ? text : text + "}";
}

void addHistogram(ColumnValues& values, const metrics::MetricDef& def, const metrics::Series& series)
{
    const metrics::HistogramValue& histogram = *series.histogram;
    values[columnHead(def, series.labels, "_count")] = static_cast<double>(histogram.count);
    values[columnHead(def, series.labels, "_sum")] = histogram.sum;
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        cumulative += histogram.counts[i];
        metrics::Labels labels = series.labels;
        labels.emplace_back("le",
                            i < histogram.bounds.size() ? core::floatText(histogram.bounds[i]) : "+Inf");
        values[columnHead(def, labels, "_bucket")] = static_cast<double>(cumulative);
    }
}

void addLatency(ColumnValues& values, const metrics::LatencyView& latency)
{
    const std::string name = core::oneLine(latency.name, 40);
    values[name + "_p50_seconds"] = latency.p50;
    values[name + "_p95_seconds"] = latency.p95;
    values[name + "_p99_seconds"] = latency.p99;
    values[name + "_max_seconds"] = latency.max;
}

} // namespace

std::string columnHead(const metrics::MetricDef& def, const metrics::Labels& labels, std::string_view suffix)
{
    std::string head(def.name);
    head += suffix;
    const bool counted = suffix == "_count" || suffix == "_bucket";
    if (const std::string_view unit = unitSuffix(def); !unit.empty() && !counted) {
        head.append("_").append(unit);
    }
    return head + labelText(labels);
}

std::string seriesHead(const metrics::Labels& series, const metrics::MetricDef* def)
{
    metrics::Labels labels;
    std::string_view name;
    for (const auto& label : series) {
        if (label.first == "__name__") {
            name = label.second;
        } else {
            labels.push_back(label);
        }
    }
    if (!def) {
        return std::string(name) + labelText(labels);
    }
    return columnHead(*def, labels,
                      name.starts_with(def->name) ? name.substr(def->name.size()) : std::string_view());
}

ColumnValues columnValues(const metrics::Snapshot& snapshot)
{
    ColumnValues values;
    for (const metrics::Family& family : snapshot.families) {
        if (!family.def || family.def->name == kAlerts) {
            continue;
        }
        for (const metrics::Series& series : family.series) {
            if (series.histogram) {
                addHistogram(values, *family.def, series);
            } else {
                values[columnHead(*family.def, series.labels, {})] = series.value;
            }
        }
    }
    for (const metrics::LatencyView& latency : snapshot.latency) {
        addLatency(values, latency);
    }
    return values;
}

} // namespace exporting
