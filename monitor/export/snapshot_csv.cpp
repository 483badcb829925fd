#include "monitor/export/snapshot_csv.h"

#include "monitor/core/format.h"
#include "monitor/export/atomic_file.h"
#include "monitor/export/snapshot_columns.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace exporting {

namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxGapRows = 3600;

std::string_view sourceStateName(metrics::SourceState state) noexcept
{
    switch (state) {
    case metrics::SourceState::Ok:
        return "ok";
    case metrics::SourceState::Stale:
        return "stale";
    case metrics::SourceState::Failed:
        return "failed";
    case metrics::SourceState::Unavailable:
        return "unavailable";
    }
    return "";
}

void beginRow(CsvWriter& csv, core::WallTime at, std::uint64_t tick, const std::string& target)
{
    csv.cell(std::string_view(core::isoUtc(at)));
    csv.cell(static_cast<long long>(core::epochMillis(at)));
    csv.cell(static_cast<long long>(tick));
    csv.cell(std::string_view(core::oneLine(target, 200)));
}

void addHead(CsvWriter& csv, const std::vector<std::string>& columns)
{
    for (const char* name : {"ts_utc", "ts_epoch_ms", "tick_id", "target"}) {
        csv.cell(std::string_view(name));
    }
    for (const std::string& column : columns) {
        csv.cell(std::string_view(column));
    }
    csv.cell(std::string_view("alert_worst")).cell(std::string_view("gap_reason")).endRow();
}

void addTick(CsvWriter& csv, const metrics::Snapshot& tick, const std::vector<std::string>& columns)
{
    beginRow(csv, tick.at, tick.tick, tick.server.target);
    const ColumnValues values = columnValues(tick);
    for (const std::string& column : columns) {
        const auto value = values.find(column);
        csv.cell(value == values.end() ? std::numeric_limits<double>::quiet_NaN() : value->second);
    }
    csv.cell(std::string_view(worstAlert(tick))).cell(std::string_view(gapReason(tick))).endRow();
}

struct Missing {
    core::WallTime at;
    std::uint64_t tick = 0;
    std::string reason;
};

void addMissing(CsvWriter& csv, const Missing& missing, const std::string& target, std::size_t columns)
{
    beginRow(csv, missing.at, missing.tick, target);
    for (std::size_t i = 0; i < columns; ++i) {
        csv.empty();
    }
    csv.empty().cell(std::string_view(missing.reason)).endRow();
}

// Rows for the ticks between two neighbours.
void addGap(CsvWriter& csv, const metrics::Snapshot& before, const metrics::Snapshot& after,
            std::size_t columns)
{
    if (after.tick <= before.tick + 1) {
        return;
    }
    const std::uint64_t missed = after.tick - before.tick - 1;
    const auto span = after.at - before.at;
    const auto step =
        std::chrono::duration_cast<core::WallTime::duration>(span / static_cast<std::int64_t>(missed + 1));
    if (missed > kMaxGapRows || step.count() <= 0) {
        addMissing(csv, {before.at + step, before.tick + 1, fmt::format("{} ticks missed", missed)},
                   after.server.target, columns);
        return;
    }
    for (std::uint64_t i = 1; i <= missed; ++i) {
        addMissing(csv, {before.at + step * static_cast<std::int64_t>(i), before.tick + i, "tick missed"},
                   after.server.target, columns);
    }
}

// Alerts by how much they matter: firing before pending, then by severity; inhibited ones speak for nobody.
int weightOf(const metrics::AlertRow& alert) noexcept
{
    const int severity = static_cast<int>(alert.severity);
    if (metrics::isOpen(alert.state)) {
        return alert.inhibited ? 0 : 10 + severity;
    }
    return alert.state == metrics::AlertState::Pending ? 1 + severity : 0;
}

json alertsJson(const metrics::Snapshot& tick)
{
    json alerts = json::array();
    for (const metrics::AlertRow& alert : tick.alerts) {
        alerts.push_back({{"name", alert.name},
                          {"state", metrics::alertStateName(alert.state)},
                          {"severity", metrics::severityName(alert.severity)},
                          {"active_since", core::isoUtc(alert.activeSince)},
                          {"summary", alert.summary}});
    }
    return alerts;
}

json sourcesJson(const metrics::Snapshot& tick)
{
    json sources = json::array();
    for (const metrics::SourceStatus& source : tick.sources) {
        sources.push_back(
            {{"name", source.name}, {"state", sourceStateName(source.state)}, {"text", source.text}});
    }
    return sources;
}

const metrics::Snapshot* firstOf(std::span<const metrics::SnapshotPtr> ticks)
{
    const auto at = std::ranges::find_if(ticks, [](const auto& tick) { return tick != nullptr; });
    return at == ticks.end() ? nullptr : at->get();
}

const metrics::Snapshot* lastOf(std::span<const metrics::SnapshotPtr> ticks)
{
    for (auto at = ticks.rbegin(); at != ticks.rend(); ++at) {
        if (*at) {
            return at->get();
        }
    }
    return nullptr;
}

std::string fileText(const json& value)
{
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

} // namespace

std::string worstAlert(const metrics::Snapshot& tick)
{
    const metrics::AlertRow* worst = nullptr;
    for (const metrics::AlertRow& alert : tick.alerts) {
        if (weightOf(alert) > (worst ? weightOf(*worst) : 0)) {
            worst = &alert;
        }
    }
    if (!worst) {
        return "ok";
    }
    const bool firing = metrics::isOpen(worst->state);
    return fmt::format("{}:{}", firing ? metrics::severityName(worst->severity) : "pending",
                       core::oneLine(worst->name, 100));
}

std::string gapReason(const metrics::Snapshot& tick)
{
    std::string reason;
    for (const metrics::SourceStatus& source : tick.sources) {
        if (source.state == metrics::SourceState::Ok) {
            continue;
        }
        reason.append(reason.empty() ? "" : "; ")
            .append(source.name)
            .append(" ")
            .append(sourceStateName(source.state));
        if (!source.text.empty()) {
            reason.append(": ").append(source.text);
        }
    }
    return core::oneLine(reason, 500);
}

std::vector<std::string> columnsOf(std::span<const metrics::SnapshotPtr> ticks)
{
    std::set<std::string> names;
    for (const metrics::SnapshotPtr& tick : ticks) {
        if (tick) {
            for (const auto& [name, value] : columnValues(*tick)) {
                names.insert(name);
            }
        }
    }
    return {names.begin(), names.end()};
}

std::string headLine(const std::vector<std::string>& columns)
{
    CsvWriter csv;
    addHead(csv, columns);
    return csv.take();
}

std::string rowLine(const metrics::Snapshot& tick, const std::vector<std::string>& columns)
{
    CsvWriter csv;
    addTick(csv, tick, columns);
    return csv.take();
}

namespace {

// The head, then some ticks at a time, with 0 … 1 of how far it is; until `sink` fails.
core::Result<void> snapshotRows(std::span<const metrics::SnapshotPtr> ticks, Bom bom,
                                const std::function<core::Result<void>(const std::string& rows, double share)>& sink)
{
    constexpr std::size_t kTicksAtATime = 20;
    const std::vector<std::string> columns = columnsOf(ticks);
    CsvWriter csv(bom);
    addHead(csv, columns);
    const metrics::Snapshot* before = nullptr;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        if (ticks[i] && before) {
            addGap(csv, *before, *ticks[i], columns.size());
        }
        if (ticks[i]) {
            addTick(csv, *ticks[i], columns);
            before = ticks[i].get();
        }
        if ((i + 1) % kTicksAtATime == 0) {
            if (auto taken = sink(std::exchange(csv, CsvWriter()).take(), double(i + 1) / double(ticks.size())); !taken) {
                return taken;
            }
        }
    }
    return sink(csv.take(), 1);
}

} // namespace

std::string snapshotCsv(std::span<const metrics::SnapshotPtr> ticks, Bom bom)
{
    std::string text;
    (void)snapshotRows(ticks, bom, [&text](const std::string& rows, double) {
        text += rows;
        return core::Result<void>();
    });
    return text;
}

std::string longCsv(std::span<const metrics::SnapshotPtr> ticks, Bom bom)
{
    CsvWriter csv(bom);
    for (const char* name : {"ts_utc", "ts_epoch_ms", "metric", "labels", "value"}) {
        csv.cell(std::string_view(name));
    }
    csv.endRow();
    for (const metrics::SnapshotPtr& tick : ticks) {
        if (!tick) {
            continue;
        }
        for (const auto& [head, value] : columnValues(*tick)) {
            const auto brace = std::min(head.find('{'), head.size());
            csv.cell(std::string_view(core::isoUtc(tick->at)))
                .cell(static_cast<long long>(core::epochMillis(tick->at)));
            csv.cell(std::string_view(head).substr(0, brace)).cell(std::string_view(head).substr(brace));
            csv.cell(value).endRow();
        }
    }
    return csv.take();
}

std::string metaJson(std::span<const metrics::SnapshotPtr> ticks, const Meta& meta)
{
    json object = {{"format", "poolscope-snapshot"},
                   {"format_version", 1},
                   {"poolscope_version", meta.version},
                   {"time_zone_of_file", "UTC"},
                   {"time_zone_of_machine", meta.zone},
                   {"settings", meta.settings},
                   {"rows", std::ranges::count_if(ticks, [](const auto& tick) { return tick != nullptr; })}};
    if (const metrics::Snapshot* last = lastOf(ticks)) {
        object["first"] = core::isoUtc(firstOf(ticks)->at);
        object["last"] = core::isoUtc(last->at);
        object["target"] = last->server.target;
        object["server_version"] = last->server.version;
        object["interval_seconds"] = core::seconds(last->interval);
        object["alerts"] = alertsJson(*last);
        object["sources"] = sourcesJson(*last);
    }
    return fileText(object);
}

core::Result<void> writeSnapshotCsv(const std::filesystem::path& file,
                                    std::span<const metrics::SnapshotPtr> ticks, const Meta& meta,
                                    const ExportWatch& watch)
{
    if (!lastOf(ticks)) {
        return core::fail(fmt::format("nothing to write to {}: there is no sample yet", file.string()),
                          "EMPTY");
    }
    auto out = AtomicFile::open(file);
    if (!out) {
        return core::Unexpected{out.error()};
    }
    auto written = snapshotRows(ticks, Bom::Without, [&](const std::string& rows, double share) -> core::Result<void> {
        if (watch.stop.stop_requested()) {
            return core::canceled();
        }
        if (watch.progress) {
            watch.progress(share);
        }
        return out->write(rows);
    });
    if (!written) {
        return written;
    }
    if (watch.stop.stop_requested()) {
        return core::canceled();
    }
    return out->isPlain() ? commitWith(*out, file, metaJson(ticks, meta)) : out->commit();
}

} // namespace exporting
