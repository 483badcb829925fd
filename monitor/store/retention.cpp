#include "monitor/store/retention.h"

#include "monitor/store/bucket.h"
#include "monitor/store/record_tables.h"

#include <algorithm>
#include <chrono>
#include <system_error>

namespace store {

namespace {

constexpr int kBlocksAtATime = 144; // a day
constexpr std::int64_t kDayMillis = kDay * 1000;
constexpr double kFullAt = 0.92; // of the limit: room for the log and for what is being written
constexpr double kShrinkTo = 0.88;
constexpr int kPagesAtATime = 2'000;

std::int64_t millis(core::Nanos span)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

} // namespace

std::uint64_t bytesOnDisk(const std::filesystem::path& file)
{
    std::uint64_t bytes = 0;
    for (const char* suffix : {"", "-wal"}) {
        std::filesystem::path part = file;
        part += suffix;
        std::error_code error;
        const std::uintmax_t size = std::filesystem::file_size(part, error);
        bytes += error ? 0 : size;
    }
    return bytes;
}

std::int64_t Keeper::used()
{
    const std::int64_t pages = m_database.number(QStringLiteral("PRAGMA page_count")) -
                               m_database.number(QStringLiteral("PRAGMA freelist_count"));
    return pages * m_database.number(QStringLiteral("PRAGMA page_size"));
}

void Keeper::eraseBlocksBefore(std::int64_t at, int atMost)
{
    const std::int64_t last = m_database.number(
        QStringLiteral("SELECT max(id) FROM (SELECT id FROM block WHERE last_at < ? ORDER BY id LIMIT ?)"),
        {qint64(at), atMost});
    if (last != 0) {
        m_database.run("DELETE FROM chunk WHERE key < ?", {qint64((last + 1) << 24)});
        m_database.run("DELETE FROM block WHERE id <= ?", {qint64(last)});
    }
}

void Keeper::eraseMinutesBefore(std::int64_t at)
{
    // Series by series: the table is kept by series, so each loses the beginning of its part.
    m_database.run(
        "DELETE FROM minute WHERE series_id IN (SELECT id FROM series WHERE first_at < ?) AND at < ?",
        {qint64(at * 1000), qint64(at)});
    m_database.run("DELETE FROM page WHERE key < ?", {qint64(at / kDay) << 24});
}

void Keeper::eraseHoursBefore(std::int64_t at)
{
    m_database.run(
        "DELETE FROM hour WHERE series_id IN (SELECT id FROM series WHERE first_at < ?) AND at < ?",
        {qint64(at * 1000), qint64(at)});
}

// Series of which nothing is left.
void Keeper::eraseSeries()
{
    m_database.run("DELETE FROM series WHERE last_at < (SELECT coalesce(min(first_at), 0) FROM block) "
                   "AND NOT EXISTS (SELECT 1 FROM minute WHERE series_id = series.id) "
                   "AND NOT EXISTS (SELECT 1 FROM hour WHERE series_id = series.id)",
                   {});
}

void Keeper::expire(std::int64_t newest)
{
    eraseBlocksBefore(newest - millis(m_retention.raw), kBlocksAtATime);
    if (newest < m_nextRollUps) {
        return;
    }
    m_nextRollUps = newest + kHour * 1000;
    eraseMinutesBefore((newest - millis(m_retention.minutes)) / 1000);
    eraseHoursBefore((newest - millis(m_retention.hours)) / 1000);
    eraseSeries();
    expireRecords(m_database, newest - millis(m_retention.hours));
}

bool Keeper::shrink()
{
    const auto limit = static_cast<double>(m_retention.maxBytes);
    const auto now = static_cast<double>(used());
    if (now < limit * kFullAt) {
        return false;
    }
    const std::int64_t oldestRaw = m_database.number(QStringLiteral("SELECT min(last_at) FROM block"));
    const std::int64_t newestRaw = m_database.number(QStringLiteral("SELECT max(last_at) FROM block"));
    // Both tables are kept by series: of each its first row, not a look at all of them.
    const std::int64_t oldestMinute = m_database.number(
        QStringLiteral("SELECT min((SELECT min(at) FROM minute WHERE series_id = series.id)) FROM series"));
    const std::int64_t oldestHour = m_database.number(
        QStringLiteral("SELECT min((SELECT min(at) FROM hour WHERE series_id = series.id)) FROM series"));
    if (newestRaw - oldestRaw > kDayMillis) {
        eraseBlocksBefore(newestRaw - kDayMillis, 6); // an hour
    } else if (oldestMinute != 0 && newestRaw / 1000 - oldestMinute > kDay) {
        eraseMinutesBefore(oldestMinute + std::max(kHour, (newestRaw / 1000 - oldestMinute) / 16));
    } else if (newestRaw - oldestRaw > kHour * 1000) {
        eraseBlocksBefore(newestRaw - kHour * 1000, 6);
    } else if (oldestHour != 0 && newestRaw / 1000 - oldestHour > kDay) {
        eraseHoursBefore(oldestHour + std::max(kDay, (newestRaw / 1000 - oldestHour) / 16));
    } else {
        return false; // what is left is the present
    }
    eraseSeries();
    return static_cast<double>(used()) > limit * kShrinkTo;
}

void Keeper::giveBack()
{
    if (bytesOnDisk(m_file) <= m_retention.maxBytes) {
        return;
    }
    static_cast<void>(m_database.number(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)")));
    // Qt's driver does not step through a statement without columns: one page each.
    const auto freePages = static_cast<int>(m_database.number(QStringLiteral("PRAGMA freelist_count")));
    for (int i = 0; i < std::min(freePages, kPagesAtATime); ++i) {
        m_database.execute(QStringLiteral("PRAGMA incremental_vacuum(1)"));
    }
    static_cast<void>(m_database.number(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)")));
}

} // namespace store
