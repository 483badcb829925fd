#include "monitor/record/box_file.h"

#include "monitor/store/record_tables.h"
#include "monitor/store/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace record {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostRuleSets = 50;

void putAway(const fs::path& file)
{
    std::error_code error;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        fs::path one = file;
        one += suffix;
        fs::remove(one, error);
    }
}

} // namespace

BoxFile::BoxFile(const fs::path& file)
{
    try {
        open(file);
    } catch (const store::SqlFailure& failure) {
        const bool useless = failure.code == store::kCorrupt || failure.code == store::kNotADatabase || failure.code == 0 ||
                             failure.code == 1; // SQLITE_ERROR: other tables than ours
        m_database.reset();
        if (file.empty() || !useless) {
            throw;
        }
        putAway(file); // it is only the last minutes
        open(file);
    }
}

void BoxFile::open(const fs::path& file)
{
    m_wholes.clear();
    m_bytes = 0;
    m_database = std::make_unique<store::Database>(file.empty() ? fs::path(":memory:") : file,
                                                   store::OpenMode::ReadWrite);
    prepare(file);
    QSqlQuery& rows = m_database->rows("SELECT at, whole, size, length(data) FROM frame ORDER BY at", {});
    while (rows.next()) {
        const bool whole = rows.value(1).toBool();
        const auto size = static_cast<std::uint64_t>(rows.value(3).toLongLong());
        if (whole) {
            m_wholes.emplace_back(rows.value(0).toLongLong(), 0);
        }
        if (!m_wholes.empty()) {
            m_wholes.back().second += size;
        }
        m_bytes += size;
    }
    rows.finish();
}

void BoxFile::prepare(const fs::path& file)
{
    store::Database& database = *m_database;
    if (!file.empty()) { // statements and names are in it: nobody else's business
        std::error_code error;
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
        static_cast<void>(database.number(QStringLiteral("PRAGMA journal_mode = WAL")));
        static_cast<void>(database.number(QStringLiteral("PRAGMA journal_size_limit = 4194304")));
    }
    // A power failure may cost the last minutes; a killed program loses nothing.
    database.execute(QStringLiteral("PRAGMA synchronous = OFF"));
    const std::int64_t version = database.number(QStringLiteral("PRAGMA user_version"));
    const bool foreign = version != 0 && (database.number(QStringLiteral("PRAGMA application_id")) != kApplicationId ||
                                          version != store::schemaVersion());
    if (foreign) {
        throw store::SqlFailure("a black box of another version");
    }
    if (version == 0) {
        static_cast<void>(store::upgradeSchema(database, file));
        store::Transaction transaction(database);
        makeTables(database);
        transaction.commit();
    }
}

void BoxFile::count(const Frame& frame)
{
    if (frame.whole || m_wholes.empty()) {
        m_wholes.emplace_back(frame.at, 0);
    }
    m_wholes.back().second += frame.data.size();
    m_bytes += frame.data.size();
}

void BoxFile::write(std::span<const Frame> frames, std::span<const store::Record> records)
{
    store::Transaction transaction(*m_database);
    if (m_wholes.empty() && !frames.empty()) { // from here on the records are all there
        writeFact(*m_database, "complete_from", std::to_string(frames.front().at));
    }
    for (const Frame& frame : frames) {
        writeFrame(*m_database, frame);
    }
    for (const store::Record& record : records) {
        store::writeRecord(*m_database, record);
    }
    transaction.commit();
    for (const Frame& frame : frames) {
        count(frame);
    }
}

void BoxFile::keepRules(const RuleTexts& rules)
{
    std::vector<RuleTexts> known = readRules(*m_database);
    if (!known.empty() && known.back().files == rules.files) {
        return;
    }
    store::Transaction transaction(*m_database);
    writeRules(*m_database, rules);
    if (known.size() >= kMostRuleSets) {
        m_database->run("DELETE FROM rule_file WHERE at <= ?", {qint64(known[known.size() - kMostRuleSets].at)});
    }
    transaction.commit();
}

bool BoxFile::expire(std::int64_t at, std::uint64_t maxBytes)
{
    std::uint64_t bytes = m_bytes;
    std::size_t keep = 0; // the first whole frame that stays
    bool tooLarge = false;
    while (keep + 1 < m_wholes.size()) {
        const bool old = m_wholes[keep + 1].first <= at;
        if (!old && bytes <= maxBytes) {
            break;
        }
        tooLarge = tooLarge || !old;
        bytes -= m_wholes[keep].second;
        ++keep;
    }
    if (keep != 0) {
        removeBefore(m_wholes[keep].first);
        m_wholes.erase(m_wholes.begin(), m_wholes.begin() + static_cast<std::ptrdiff_t>(keep));
        m_bytes = bytes;
    }
    return tooLarge;
}

void BoxFile::removeBefore(std::int64_t at)
{
    store::Transaction transaction(*m_database);
    m_database->run("DELETE FROM frame WHERE at < ?", {qint64(at)});
    store::expireRecords(*m_database, at);
    writeFact(*m_database, "complete_from", std::to_string(at));
    transaction.commit();
}

} // namespace record
