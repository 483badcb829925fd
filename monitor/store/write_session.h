// The history's file while it is open for writing: the lock, the connection, the schema, what writes into it.
#pragma once

#include "monitor/store/database.h"
#include "monitor/store/file_lock.h"
#include "monitor/store/options.h"
#include "monitor/store/records.h"
#include "monitor/store/retention.h"
#include "monitor/store/sample_writer.h"

#include <cstdint>
#include <span>

namespace store {

// Codes of SqlFailure beyond SQLite's own.
inline constexpr int kLockedElsewhere = -1;
inline constexpr int kNewerFile = -2;

// Belongs to one thread. Everything throws SqlFailure; then the session is of no use any more, and what was
// not committed is not in the file.
class WriteSession {
public:
    // Makes the file when there is none, upgrades an older one.
    explicit WriteSession(const StoreOptions& options);

    // In one transaction. Removes what is too old now and then.
    void write(std::span<const TickSamples> ticks, std::span<const Record> records = {});
    // Seals the open block.
    void close();

    [[nodiscard]] const SampleWriter& samples() const noexcept { return m_samples; }

private:
    void tidy();

    FileLock m_lock;
    Database m_database;
    SampleWriter m_samples;
    Keeper m_keeper;
    std::uint64_t m_tidied = 0; // blocks sealed at the last look
};

} // namespace store
