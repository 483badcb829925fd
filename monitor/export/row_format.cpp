#include "monitor/export/row_format.h"

#include "monitor/core/format.h"
#include "monitor/series/label_ops.h"

#include <cmath>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace exporting {

namespace {

using nlohmann::json;

std::string timeText(std::int64_t at, TimeZone zone)
{
    const core::WallTime time{std::chrono::milliseconds(at)};
    return zone == TimeZone::Local ? core::isoLocal(time) : core::isoUtc(time);
}

const char* timeHead(TimeZone zone)
{
    return zone == TimeZone::Local ? "ts_local" : "ts_utc";
}

std::string jsonText(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string jsonNumber(double value)
{
    if (std::isnan(value)) {
        return "null";
    }
    return std::isinf(value) ? (value > 0 ? "\"+Inf\"" : "\"-Inf\"") : core::numberText(value);
}

json labelsJson(const metrics::Labels& labels)
{
    json object = json::object();
    for (const auto& [name, value] : labels) {
        if (name != series::kNameLabel) {
            object[name] = value;
        }
    }
    return object;
}

class WideCsv final : public RowFormat {
public:
    explicit WideCsv(TimeZone zone)
        : m_zone(zone)
    {
    }
    std::string begin(std::span<const RangeColumn> columns) override
    {
        CsvWriter csv;
        csv.cell(std::string_view(timeHead(m_zone))).cell(std::string_view("ts_epoch_ms"));
        for (const RangeColumn& column : columns) {
            csv.cell(std::string_view(column.head));
        }
        return csv.endRow().take();
    }
    std::string row(const RangeRow& row) override
    {
        CsvWriter csv;
        csv.cell(std::string_view(timeText(row.at, m_zone))).cell(static_cast<long long>(row.at));
        for (const double value : row.values) {
            csv.cell(value);
        }
        return csv.endRow().take();
    }

private:
    const TimeZone m_zone;
};

class LongCsv final : public RowFormat {
public:
    explicit LongCsv(TimeZone zone)
        : m_zone(zone)
    {
    }
    std::string begin(std::span<const RangeColumn> columns) override
    {
        for (const RangeColumn& column : columns) {
            const auto brace = std::min(column.head.find('{'), column.head.size());
            m_names.emplace_back(column.head.substr(0, brace), column.head.substr(brace));
        }
        CsvWriter csv;
        for (const char* name : {timeHead(m_zone), "ts_epoch_ms", "metric", "labels", "value"}) {
            csv.cell(std::string_view(name));
        }
        return csv.endRow().take();
    }
    std::string row(const RangeRow& row) override
    {
        CsvWriter csv;
        const std::string time = timeText(row.at, m_zone);
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            if (!std::isnan(row.values[i])) {
                csv.cell(std::string_view(time)).cell(static_cast<long long>(row.at));
                csv.cell(std::string_view(m_names[i].first)).cell(std::string_view(m_names[i].second));
                csv.cell(row.values[i]).endRow();
            }
        }
        return csv.take();
    }

private:
    const TimeZone m_zone;
    std::vector<std::pair<std::string, std::string>> m_names; // of each column: metric, labels
};

class JsonTable final : public RowFormat {
public:
    explicit JsonTable(RowStyle style)
        : m_style(std::move(style))
    {
    }
    std::string begin(std::span<const RangeColumn> columns) override
    {
        json head = {{"format", "poolscope-range"},
                     {"format_version", 1},
                     {"poolscope_version", m_style.meta.version},
                     {"time_zone_of_machine", m_style.meta.zone},
                     {"from", timeText(m_style.range.from, m_style.zone)},
                     {"to", timeText(m_style.range.to, m_style.zone)},
                     {"settings", m_style.meta.settings},
                     {"columns", json::array()}};
        head["columns"].push_back({{"head", "time"}});
        head["columns"].push_back({{"head", "epoch_ms"}});
        for (const RangeColumn& column : columns) {
            head["columns"].push_back({{"head", column.head},
                                       {"metric", series::labelValue(column.labels, series::kNameLabel)},
                                       {"labels", labelsJson(column.labels)}});
        }
        std::string text = jsonText(head);
        text.pop_back(); // the object goes on
        return text + ",\n\"rows\":[";
    }
    std::string row(const RangeRow& row) override
    {
        std::string text = m_any ? ",\n[" : "\n[";
        m_any = true;
        text.append("\"").append(timeText(row.at, m_style.zone)).append("\",").append(std::to_string(row.at));
        for (const double value : row.values) {
            text.append(",").append(jsonNumber(value));
        }
        return text + "]";
    }
    std::string end() override { return "\n]}\n"; }

private:
    const RowStyle m_style;
    bool m_any = false;
};

class JsonRows final : public RowFormat {
public:
    explicit JsonRows(TimeZone zone)
        : m_zone(zone)
    {
    }
    std::string begin(std::span<const RangeColumn> columns) override
    {
        for (const RangeColumn& column : columns) {
            m_keys.push_back("," + jsonText(column.head) + ":");
        }
        return {};
    }
    std::string row(const RangeRow& row) override
    {
        std::string text =
            "{\"time\":\"" + timeText(row.at, m_zone) + "\",\"epoch_ms\":" + std::to_string(row.at);
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            if (!std::isnan(row.values[i])) {
                text.append(m_keys[i]).append(jsonNumber(row.values[i]));
            }
        }
        return text + "}\n";
    }

private:
    const TimeZone m_zone;
    std::vector<std::string> m_keys;
};

} // namespace

std::optional<Format> formatNamed(std::string_view name)
{
    constexpr std::pair<std::string_view, Format> kNames[] = {{"csv", Format::CsvWide},
                                                              {"csv-long", Format::CsvLong},
                                                              {"json", Format::Json},
                                                              {"jsonl", Format::JsonLines}};
    for (const auto& [known, format] : kNames) {
        if (known == name) {
            return format;
        }
    }
    return std::nullopt;
}

Format formatOfFile(std::string_view fileName)
{
    if (fileName.ends_with(".json")) {
        return Format::Json;
    }
    return fileName.ends_with(".jsonl") || fileName.ends_with(".ndjson") ? Format::JsonLines
                                                                         : Format::CsvWide;
}

std::unique_ptr<RowFormat> rowFormat(const RowStyle& style)
{
    switch (style.format) {
    case Format::CsvWide:
        break;
    case Format::CsvLong:
        return std::make_unique<LongCsv>(style.zone);
    case Format::Json:
        return std::make_unique<JsonTable>(style);
    case Format::JsonLines:
        return std::make_unique<JsonRows>(style.zone);
    }
    return std::make_unique<WideCsv>(style.zone);
}

} // namespace exporting
