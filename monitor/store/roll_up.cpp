#include "monitor/store/roll_up.h"

#include <algorithm>
#include <cmath>

namespace store {

namespace {

constexpr const char* kAddMinute =
    "INSERT INTO minute (series_id, at, span, count, min, max, sum, first, last, increase, peak) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (series_id, at) DO UPDATE SET "
    "count = count + excluded.count, min = min(min, excluded.min), max = max(max, excluded.max), "
    "sum = sum + excluded.sum, last = excluded.last, increase = increase + excluded.increase, "
    "peak = max(coalesce(peak, 0), excluded.peak)";
constexpr const char* kAddHour =
    "INSERT INTO hour (series_id, at, count, min, max, sum, first, last, increase, peak) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (series_id, at) DO UPDATE SET "
    "count = count + excluded.count, min = min(min, excluded.min), max = max(max, excluded.max), "
    "sum = sum + excluded.sum, last = excluded.last, increase = increase + excluded.increase, "
    "peak = max(coalesce(peak, 0), excluded.peak)";

std::int64_t floorTo(std::int64_t at, std::int64_t width) noexcept
{
    return at - ((at % width) + width) % width;
}

// Successive minutes brought together into wider buckets; `visit` gets each with where it begins.
template <class Minutes, class Visit>
void gather(const Minutes& minutes, std::int64_t width, Visit visit)
{
    Bucket bucket;
    std::int64_t at = 0;
    for (const auto& minute : minutes) {
        const std::int64_t begin = floorTo(minute.at, width);
        if (bucket.count != 0 && begin != at) {
            visit(at, bucket);
            bucket = {};
        }
        at = begin;
        bucket.merge(minute.bucket);
    }
    if (bucket.count != 0) {
        visit(at, bucket);
    }
}

} // namespace

QVariant RollUp::ofCounter(std::int64_t series, double value) const
{
    return m_isCounter(series) ? QVariant(value) : QVariant(QMetaType(QMetaType::Double));
}

RollUp::Minutes RollUp::minutesOf(const OpenBlock& block, const OpenBlock::Column& column, std::int64_t from)
{
    Minutes minutes;
    const auto known = m_before.find(column.series);
    std::optional<double> before = known == m_before.end() ? std::nullopt : std::optional(known->second);
    series::RatePeak* rates = m_isCounter(column.series) ? &m_rates[column.series] : nullptr;
    for (std::size_t i = 0; i < column.values.size(); ++i) {
        const double value = column.values[i];
        if (!std::isfinite(value)) {
            continue;
        }
        const std::int64_t at = block.times()[column.first + i];
        const double rate = rates != nullptr ? rates->add(at, value) : 0;
        if (at >= from) {
            const std::int64_t minute = floorTo(at, kMinute * 1000) / 1000;
            if (minutes.empty() || minutes.back().at != minute) {
                minutes.push_back({minute, {}});
            }
            Bucket& bucket = minutes.back().bucket;
            bucket.add(value, before);
            bucket.peak = std::max(bucket.peak, rate);
        }
        before = value;
    }
    if (before) {
        m_before[column.series] = *before;
    }
    return minutes;
}

void RollUp::write(std::int64_t series, Run& run)
{
    if (run.span == 0) {
        return;
    }
    if (run.stored) {
        m_database.run("UPDATE minute SET span = ? WHERE series_id = ? AND at = ?",
                       {qint64(run.span), qint64(series), qint64(run.at)});
        return;
    }
    const Bucket& bucket = run.bucket;
    m_database.run(kAddMinute,
                   {qint64(series), qint64(run.at), qint64(run.span), qint64(bucket.count), bucket.min,
                    bucket.max, bucket.sum, bucket.first, bucket.last, ofCounter(series, bucket.increase), ofCounter(series, bucket.peak)});
    run.stored = true;
}

RollUp::Run RollUp::addMinutes(std::int64_t series, const Minutes& minutes, BlockEnd end)
{
    Run run;
    if (const auto known = m_runs.find(series); known != m_runs.end()) {
        run = known->second;
    }
    bool changed = false;
    for (const Minute& minute : minutes) {
        // A minute that two blocks share is a row of its own: its parts meet there.
        const bool shared =
            minute.at == m_lastMinute || (end == BlockEnd::Early && &minute == &minutes.back());
        const Bucket& bucket = minute.bucket;
        const bool joins = !shared && run.open && minute.at == run.at + kMinute * run.span &&
                           floorTo(minute.at, kHour) == floorTo(run.at, kHour) && bucket.constant() &&
                           bucket.last == run.bucket.last && bucket.count == run.bucket.count &&
                           bucket.increase == 0 && bucket.peak == 0;
        if (joins) {
            ++run.span;
            changed = true;
            continue;
        }
        if (changed) {
            write(series, run);
        }
        run = {minute.at, 1, bucket, false, !shared && bucket.constant()};
        changed = true;
    }
    if (changed) {
        write(series, run);
    }
    return run;
}

void RollUp::addCells(std::int64_t series, const Minutes& minutes)
{
    gather(minutes, kCell, [&](std::int64_t at, const Bucket& bucket) {
        const std::int64_t day = floorTo(at, kDay);
        const qint64 key = (day / kDay) << 24 | series;
        std::vector<PageCell> cells;
        QSqlQuery& rows = m_database.rows("SELECT cells FROM page WHERE key = ?", {key});
        if (rows.next()) {
            static_cast<void>(unpackPage(bytesOf(rows.value(0).toByteArray()), cells)); // damaged: begun anew
        }
        rows.finish();
        const auto slot = static_cast<int>((at - day) / kCell);
        if (!cells.empty() && cells.back().slot == slot) {
            cells.back().bucket.merge(bucket);
        } else if (cells.empty() || cells.back().slot < slot) {
            cells.push_back({slot, bucket});
        }
        m_database.run("INSERT OR REPLACE INTO page (key, cells) VALUES (?, ?)",
                       {key, blobOf(packPage(cells))});
    });
}

void RollUp::addHours(std::int64_t series, const Minutes& minutes)
{
    gather(minutes, kHour, [&](std::int64_t at, const Bucket& bucket) {
        m_database.run(kAddHour, {qint64(series), qint64(at), qint64(bucket.count), bucket.min, bucket.max,
                                  bucket.sum, bucket.first, bucket.last, ofCounter(series, bucket.increase), ofCounter(series, bucket.peak)});
    });
}

void RollUp::add(const OpenBlock& block, BlockEnd end, std::int64_t from)
{
    std::unordered_map<std::int64_t, Run> runs;
    for (const OpenBlock::Column& column : block.columns()) {
        const Minutes minutes = minutesOf(block, column, from);
        if (minutes.empty()) {
            continue;
        }
        runs[column.series] = addMinutes(column.series, minutes, end);
        addCells(column.series, minutes);
        addHours(column.series, minutes);
    }
    m_runs = std::move(runs);
    if (!block.empty()) {
        m_lastMinute = floorTo(block.times().back(), kMinute * 1000) / 1000;
    }
}

void RollUp::cut(std::int64_t from)
{
    m_runs.clear();
    m_before.clear();
    m_rates.clear();
    m_lastMinute = 0;
    m_database.run("DELETE FROM minute WHERE at >= ?", {qint64(from)});
    m_database.run("DELETE FROM hour WHERE at >= ?", {qint64(from)});
    const std::int64_t day = floorTo(from, kDay);
    m_database.run("DELETE FROM page WHERE key >= ?", {qint64((day / kDay + 1) << 24)});
    struct Page {
        qint64 key;
        QByteArray cells;
    };
    std::vector<Page> pages;
    QSqlQuery& rows =
        m_database.rows("SELECT key, cells FROM page WHERE key >= ?", {qint64((day / kDay) << 24)});
    while (rows.next()) {
        pages.push_back({rows.value(0).toLongLong(), rows.value(1).toByteArray()});
    }
    rows.finish();
    const auto slot = static_cast<int>((from - day) / kCell);
    for (const Page& page : pages) {
        std::vector<PageCell> cells;
        static_cast<void>(unpackPage(bytesOf(page.cells), cells));
        std::erase_if(cells, [&](const PageCell& cell) { return cell.slot >= slot; });
        m_database.run("INSERT OR REPLACE INTO page (key, cells) VALUES (?, ?)",
                       {page.key, blobOf(packPage(cells))});
    }
}

} // namespace store
