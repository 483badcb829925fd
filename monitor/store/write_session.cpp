#include "monitor/store/write_session.h"

#include "monitor/store/record_tables.h"
#include "monitor/store/schema.h"

namespace store {

namespace {

constexpr int kShrinkRounds = 64; // at a time: then samples are written again

// Takes the lock before the connection is made.
const std::filesystem::path& locked(FileLock& lock, const std::filesystem::path& file)
{
    std::filesystem::path name = file;
    name += ".lock";
    if (auto taken = lock.take(name); !taken) {
        throw SqlFailure{taken.error().message, taken.error().code == "locked" ? kLockedElsewhere : 0};
    }
    return file;
}

Database& prepare(Database& database, const std::filesystem::path& file)
{
    // Statements and names are in it: nobody else's business. Its log takes the file's mode.
    std::error_code error;
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    if (database.number(QStringLiteral("PRAGMA user_version")) > schemaVersion()) {
        throw SqlFailure{"the history was written by a newer Poolscope: it is read, and not written",
                         kNewerFile};
    }
    database.execute(QStringLiteral("PRAGMA auto_vacuum = INCREMENTAL")); // takes effect in a new file only
    static_cast<void>(database.number(QStringLiteral("PRAGMA journal_mode = WAL")));
    database.execute(QStringLiteral("PRAGMA synchronous = NORMAL"));
    static_cast<void>(database.number(QStringLiteral("PRAGMA journal_size_limit = 4194304")));
    static_cast<void>(upgradeSchema(database, file));
    return database;
}

} // namespace

WriteSession::WriteSession(const StoreOptions& options)
    : m_database(locked(m_lock, options.file), OpenMode::ReadWrite)
    , m_samples(prepare(m_database, options.file))
    , m_keeper(m_database, options.file, options.retention)
{
    Transaction transaction(m_database);
    m_samples.recover();
    transaction.commit();
}

void WriteSession::write(std::span<const TickSamples> ticks, std::span<const Record> records)
{
    {
        Transaction transaction(m_database);
        for (const TickSamples& tick : ticks) {
            m_samples.append(tick);
        }
        m_samples.flush();
        for (const Record& record : records) {
            writeRecord(m_database, record);
        }
        transaction.commit();
    }
    if (m_samples.sealed() != m_tidied) {
        tidy();
    }
}

void WriteSession::tidy()
{
    m_tidied = m_samples.sealed();
    {
        Transaction transaction(m_database);
        m_keeper.expire(m_samples.newest());
        for (int round = 0; round < kShrinkRounds && m_keeper.shrink(); ++round) {
        }
        transaction.commit();
    }
    m_keeper.giveBack();
}

void WriteSession::close()
{
    Transaction transaction(m_database);
    m_samples.seal();
    transaction.commit();
}

} // namespace store
