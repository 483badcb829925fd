#include "monitor/store/read_session.h"

#include "monitor/series/breaks.h"
#include "monitor/series/rate_peak.h"
#include "monitor/store/open_block.h"
#include "monitor/store/sample_writer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace store {

namespace {

// Of a column of a row that stands for a minute or an hour; `at` and `span` first.
constexpr const char* kMinutes = "SELECT at, span, count, min, max, sum, first, last, increase, peak FROM minute "
                                 "WHERE series_id = ? AND at BETWEEN ? AND ? ORDER BY at";
constexpr const char* kHours = "SELECT at, 1, count, min, max, sum, first, last, increase, peak FROM hour "
                               "WHERE series_id = ? AND at BETWEEN ? AND ? ORDER BY at";

// How wide a roll-up's buckets may be for this use.
std::int64_t usefulWidth(const series::Use& use) noexcept
{
    if (use.kind == series::Use::Kind::Exact) {
        return 0;
    }
    // A fifth of a window, so that its edges are sharp enough; and no more than a step.
    return use.range > 0 ? std::min(use.range / 5, use.step) : use.step;
}

enum class Peaks { Read, LeftOut };

// Each column asked of Qt's driver costs as much as all of SQLite's work for the row: of a counter's totals only three are.
Bucket bucketOf(const QSqlQuery& row, series::Use::Kind kind, Peaks peaks)
{
    const auto number = [&](int column) { return row.value(column).toDouble(); };
    if (kind == series::Use::Kind::Counter) {
        Bucket bucket;
        bucket.count = row.value(2).toLongLong();
        bucket.last = number(7);
        bucket.increase = number(8);
        return bucket;
    }
    return {row.value(2).toLongLong(), number(3), number(4), number(5), number(6), number(7), number(8),
            peaks == Peaks::Read ? number(9) : 0}; // NULL of what was written before there were any
}

series::EnvelopeColumn columnOf(const Bucket& bucket) noexcept
{
    return {bucket.count, bucket.min, bucket.max, bucket.sum, bucket.last, bucket.peak};
}

} // namespace

ReadSession::ReadSession(const std::filesystem::path& file)
    : m_database(file, OpenMode::ReadOnly)
{
}

void ReadSession::refresh()
{
    const std::int64_t newest = m_database.number(QStringLiteral("SELECT max(id) FROM block"));
    if (newest != m_block) {
        readSeries();
        readCoverage();
        m_block = newest;
    }
}

void ReadSession::readSeries()
{
    m_entries.clear();
    std::unordered_map<std::int64_t, series::LabelsPtr> kept;
    QSqlQuery& rows =
        m_database.rows("SELECT id, first_at, last_at, kind = 'counter', name, labels FROM series", {});
    while (rows.next()) {
        const std::int64_t id = rows.value(0).toLongLong();
        series::LabelsPtr labels;
        if (const auto known = m_labels.find(id); known != m_labels.end()) {
            labels = known->second;
        } else {
            series::Labels read;
            if (!readLabelsJson(rows.value(4).toString().toStdString(),
                                rows.value(5).toString().toStdString(), read)) {
                continue;
            }
            labels = std::make_shared<const series::Labels>(std::move(read));
        }
        kept.emplace(id, labels);
        m_entries.push_back({id, std::move(labels), rows.value(1).toLongLong(), rows.value(2).toLongLong(),
                             rows.value(3).toBool()});
    }
    rows.finish();
    m_labels = std::move(kept);
    std::sort(m_entries.begin(), m_entries.end(),
              [](const Entry& a, const Entry& b) { return *a.labels < *b.labels; });
}

void ReadSession::readCoverage()
{
    m_coverage.raw = m_database.number(QStringLiteral("SELECT min(first_at) FROM block"));
    m_coverage.until = m_database.number(QStringLiteral("SELECT max(last_at) FROM block"));
    // Tables kept by series: of each its first row.
    m_coverage.minutes =
        1000 * m_database.number(QStringLiteral(
                   "SELECT min((SELECT min(at) FROM minute WHERE series_id = series.id)) FROM series"));
    m_coverage.hours =
        1000 * m_database.number(QStringLiteral(
                   "SELECT min((SELECT min(at) FROM hour WHERE series_id = series.id)) FROM series"));
}

std::vector<ReadSession::Entry> ReadSession::matching(std::span<const series::Matcher> matchers,
                                                      std::int64_t from, std::int64_t to) const
{
    std::vector<Entry> found;
    std::copy_if(m_entries.begin(), m_entries.end(), std::back_inserter(found), [&](const Entry& entry) {
        return entry.first <= to && entry.last >= from && series::matchesAll(matchers, *entry.labels);
    });
    return found;
}

std::vector<ReadSession::Block> ReadSession::blocksWithin(std::int64_t from, std::int64_t to)
{
    std::vector<Block> blocks;
    QSqlQuery& rows =
        m_database.rows("SELECT id, times FROM block WHERE last_at >= ? AND first_at <= ? ORDER BY last_at",
                        {qint64(from), qint64(to)});
    while (rows.next()) {
        Block block{rows.value(0).toLongLong(), {}};
        if (series::unpackTimes(bytesOf(rows.value(1).toByteArray()), block.times)) {
            blocks.push_back(std::move(block));
        }
    }
    rows.finish();
    return blocks;
}

void ReadSession::readRaw(std::span<const Entry> entries, const Segment& segment, const SamplesSink& sink)
{
    OpenBlock::Column column;
    std::vector<series::Sample> samples;
    for (const Block& block : blocksWithin(segment.from, segment.to)) {
        for (std::size_t place = 0; place < entries.size(); ++place) {
            const Entry& entry = entries[place];
            if (entry.first > block.times.back() || entry.last < block.times.front()) {
                continue;
            }
            QSqlQuery& rows = m_database.rows("SELECT data FROM chunk WHERE key = ?",
                                              {qint64(block.id << 24) + qint64(entry.id)});
            column.values.clear();
            const bool found = rows.next() && unpackChunk(bytesOf(rows.value(0).toByteArray()), column);
            rows.finish();
            samples.clear();
            for (std::size_t i = 0;
                 found && i < column.values.size() && column.first + i < block.times.size(); ++i) {
                const std::int64_t at = block.times[column.first + i];
                if (at >= segment.from && at <= segment.to && !series::isGap(column.values[i])) {
                    samples.push_back({at, column.values[i]});
                }
            }
            sink(place, samples);
        }
    }
}

void ReadSession::readRows(const Entry& entry, const Segment& segment, series::Use::Kind kind, std::vector<Cell>& out)
{
    const bool hours = segment.level == Level::Hour;
    // A row of minutes never reaches into the next hour: from the hour's beginning on all are found.
    const std::int64_t first = segment.from / 1000 / kHour * kHour;
    QSqlQuery& rows = m_database.rows(hours ? kHours : kMinutes,
                                      {qint64(entry.id), qint64(first), qint64(segment.to / 1000)});
    const std::int64_t width = widthOf(segment.level);
    while (rows.next()) {
        Cell cell{rows.value(0).toLongLong() * 1000, width, bucketOf(rows, kind, entry.counter ? Peaks::Read : Peaks::LeftOut)};
        const std::int64_t span = std::clamp<std::int64_t>(rows.value(1).toLongLong(), 1, kHour / kMinute);
        for (std::int64_t i = 0; i < span && cell.bucket.count > 0; ++i) {
            if (cell.stamp() >= segment.from && cell.stamp() <= segment.to) {
                out.push_back(cell);
            }
            cell.at += width;
            cell.bucket.increase = 0;
            cell.bucket.peak = 0;
        }
    }
    rows.finish();
}

void ReadSession::readPages(const Entry& entry, const Segment& segment, std::vector<Cell>& out)
{
    std::vector<PageCell> cells;
    for (std::int64_t day = segment.from / 1000 / kDay; day <= segment.to / 1000 / kDay; ++day) {
        QSqlQuery& rows =
            m_database.rows("SELECT cells FROM page WHERE key = ?", {qint64(day << 24) + qint64(entry.id)});
        cells.clear();
        if (rows.next()) {
            static_cast<void>(unpackPage(bytesOf(rows.value(0).toByteArray()), cells));
        }
        rows.finish();
        for (const PageCell& page : cells) {
            const Cell cell{(day * kDay + page.slot * kCell) * 1000, kCell * 1000, page.bucket};
            if (cell.stamp() >= segment.from && cell.stamp() <= segment.to && cell.bucket.count > 0) {
                out.push_back(cell);
            }
        }
    }
}

void ReadSession::readCells(std::span<const Entry> entries, const Segment& segment, series::Use::Kind kind,
                            const CellsSink& sink)
{
    std::vector<Cell> cells;
    for (std::size_t place = 0; place < entries.size(); ++place) {
        cells.clear();
        if (segment.level == Level::TenMinutes) {
            readPages(entries[place], segment, cells);
        } else {
            const bool counts = kind == series::Use::Kind::Counter && entries[place].counter;
            readRows(entries[place], segment, counts ? kind : series::Use::Kind::Exact, cells);
        }
        sink(place, cells);
    }
}

std::vector<series::SeriesData> ReadSession::sampled(std::span<const series::Matcher> matchers,
                                                     std::int64_t from, std::int64_t to,
                                                     const series::Use& use)
{
    refresh();
    const std::vector<Entry> entries = matching(matchers, from, to);
    std::vector<series::SeriesData> all;
    all.reserve(entries.size());
    for (const Entry& entry : entries) {
        all.push_back({entry.labels, {}});
    }
    std::size_t held = 0;
    const auto charge = [&held](std::size_t samples) {
        held += samples;
        if (held > kMaxSamples) {
            throw series::TooManySamples();
        }
    };
    // A counter's totals go back from its last value through all roll-ups, whatever their width.
    std::vector<std::vector<Cell>> counted(entries.size());
    const auto segments = planLevels(from, to, coarsestWithin(usefulWidth(use)), m_coverage);
    for (const Segment& segment : segments) {
        if (segment.level == Level::Raw) { // the last one, if there is one
            break;
        }
        // Two buckets more: what held before.
        const Segment wider{segment.level, segment.from - 2 * widthOf(segment.level), segment.to};
        readCells(entries, wider, use.kind, [&](std::size_t place, std::span<const Cell> cells) {
            if (use.kind == series::Use::Kind::Counter && entries[place].counter) {
                const auto late = [&](const Cell& cell) {
                    return counted[place].empty() || counted[place].back().stamp() < cell.stamp();
                };
                std::copy_if(cells.begin(), cells.end(), std::back_inserter(counted[place]), late);
                return;
            }
            series::Use mine = use;
            if (use.kind == series::Use::Kind::Counter) {
                mine.kind = series::Use::Kind::Value; // its name does not say that it counts
            }
            const std::size_t before = all[place].samples.size();
            appendSamples(cells, mine, segment.from, segment.to, all[place].samples);
            charge(all[place].samples.size() - before);
        });
    }
    for (std::size_t place = 0; place < entries.size(); ++place) {
        appendSamples(counted[place], use, from, to, all[place].samples);
        charge(all[place].samples.size());
    }
    if (!segments.empty() && segments.back().level == Level::Raw) {
        std::vector<std::size_t> rolledUp(all.size());
        std::transform(all.begin(), all.end(), rolledUp.begin(), [](const auto& data) { return data.samples.size(); });
        readRaw(entries, segments.back(), [&](std::size_t place, std::span<const series::Sample> samples) {
            charge(samples.size());
            all[place].samples.insert(all[place].samples.end(), samples.begin(), samples.end());
        });
        for (std::size_t place = 0; use.kind == series::Use::Kind::Value && place < all.size(); ++place) {
            series::endAtBreaks(all[place].samples, rolledUp[place]);
        }
    }
    std::erase_if(all, [](const series::SeriesData& data) { return data.samples.empty(); });
    return all;
}

std::vector<series::Envelope> ReadSession::envelope(std::span<const series::Matcher> matchers,
                                                    const series::ColumnGrid& grid, std::int64_t from,
                                                    std::int64_t to)
{
    refresh();
    from = std::max(from, grid.from);
    to = std::min(to, grid.to - 1);
    const std::vector<Entry> entries = matching(matchers, from, to);
    std::vector<series::Envelope> all;
    all.reserve(entries.size());
    for (const Entry& entry : entries) {
        all.push_back({entry.labels, std::vector<series::EnvelopeColumn>(grid.columns)});
    }
    const auto put = [&](std::size_t place, std::int64_t at, const series::EnvelopeColumn& what) {
        if (const std::size_t column = grid.at(at); column < grid.columns) {
            all[place].columns[column].add(what);
        }
    };
    for (const Segment& segment : planLevels(from, to, coarsestWithin(grid.width()), m_coverage)) {
        if (segment.level == Level::Raw) {
            std::vector<series::RatePeak> rates(entries.size());
            readRaw(entries, segment, [&](std::size_t place, std::span<const series::Sample> samples) {
                for (const series::Sample& sample : samples) {
                    if (!std::isnan(sample.value)) {
                        const double rate = entries[place].counter ? rates[place].add(sample.at, sample.value) : 0;
                        put(place, sample.at, {1, sample.value, sample.value, sample.value, sample.value, rate});
                    }
                }
            });
            continue;
        }
        readCells(entries, segment, series::Use::Kind::Exact, [&](std::size_t place, std::span<const Cell> cells) {
            for (const Cell& cell : cells) {
                put(place, std::clamp(cell.at + cell.width / 2, from, to), columnOf(cell.bucket));
            }
        });
    }
    std::erase_if(all, [](const series::Envelope& envelope) {
        return std::all_of(envelope.columns.begin(), envelope.columns.end(),
                           [](const series::EnvelopeColumn& column) { return column.count == 0; });
    });
    return all;
}

std::vector<series::LabelsPtr> ReadSession::list(std::span<const series::Matcher> matchers, std::int64_t from,
                                                 std::int64_t to)
{
    refresh();
    std::vector<series::LabelsPtr> all;
    for (Entry& entry : matching(matchers, from, to)) {
        all.push_back(std::move(entry.labels));
    }
    return all;
}

} // namespace store
