// What is too old, or too much, goes.
#pragma once

#include "monitor/store/database.h"
#include "monitor/store/options.h"

#include <cstdint>
#include <filesystem>

namespace store {

// Of the file and its write-ahead log on disk.
[[nodiscard]] std::uint64_t bytesOnDisk(const std::filesystem::path& file);

// Not thread-safe; throws SqlFailure.
class Keeper {
public:
    Keeper(Database& database, std::filesystem::path file, const Retention& retention)
        : m_database(database)
        , m_file(std::move(file))
        , m_retention(retention)
    {
    }

    // Inside a transaction: removes what is past its time, seen from `newest` (ms). A little at a time.
    void expire(std::int64_t newest);
    // Inside a transaction: makes room while the file is near its limit: raw samples first, the oldest first,
    // but the last day of them after the minutes, and hours last. True when there may be more to do.
    [[nodiscard]] bool shrink();
    // Outside a transaction: gives free pages back to the disk when the file is over its limit.
    void giveBack();

private:
    [[nodiscard]] std::int64_t used(); // bytes in pages that hold something
    void eraseBlocksBefore(std::int64_t at, int atMost);
    void eraseMinutesBefore(std::int64_t at);
    void eraseHoursBefore(std::int64_t at);
    void eraseSeries();

    Database& m_database;
    const std::filesystem::path m_file;
    const Retention m_retention;
    std::int64_t m_nextRollUps = 0; // ms: minutes and hours are looked at once an hour
};

} // namespace store
