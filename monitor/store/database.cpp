#include "monitor/store/database.h"

#include <QSqlError>

#include <atomic>

namespace store {

namespace {

// Names of connections are the process' own; each is used once.
QString freshName()
{
    static std::atomic<std::uint64_t> next{0};
    return QStringLiteral("poolscope-history-%1").arg(next.fetch_add(1));
}

SqlFailure failureOf(const QSqlError& error)
{
    // The driver's text says the most ("database or disk is full"); an extended code carries the primary one
    // below.
    const QString text = error.databaseText().isEmpty() ? error.driverText() : error.databaseText();
    return SqlFailure{text.simplified().toStdString(), error.nativeErrorCode().toInt() & 0xff};
}

} // namespace

Database::Database(const std::filesystem::path& file, OpenMode mode)
    : m_name(freshName())
    , m_database(QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name))
{
    const bool reader = mode == OpenMode::ReadOnly;
    m_database.setDatabaseName(QString::fromStdString(file.string()));
    m_database.setConnectOptions(reader ? QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=200")
                                        : QStringLiteral("QSQLITE_BUSY_TIMEOUT=2000"));
    if (!m_database.open()) {
        const SqlFailure failure = failureOf(m_database.lastError());
        m_database = QSqlDatabase();
        QSqlDatabase::removeDatabase(m_name);
        throw failure;
    }
}

Database::~Database()
{
    m_kept.clear();
    if (m_begun) {
        m_database.rollback();
    }
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

void Database::execute(const QString& sql)
{
    QSqlQuery query(m_database);
    if (!query.exec(sql)) {
        throw failureOf(query.lastError());
    }
}

std::int64_t Database::number(const QString& sql, std::initializer_list<QVariant> values)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    bool well = query.prepare(sql);
    for (const QVariant& value : values) {
        query.addBindValue(value);
    }
    well = well && query.exec();
    if (!well) {
        throw failureOf(query.lastError());
    }
    return query.next() ? query.value(0).toLongLong() : 0;
}

QSqlQuery& Database::prepared(const char* sql)
{
    auto& kept = m_kept[sql];
    if (!kept) {
        auto query = std::make_unique<QSqlQuery>(m_database);
        query->setForwardOnly(true);
        if (!query->prepare(QString::fromUtf8(sql))) {
            throw failureOf(query->lastError());
        }
        kept = std::move(query);
    }
    return *kept;
}

QSqlQuery& Database::rows(const char* sql, std::initializer_list<QVariant> values)
{
    QSqlQuery& query = prepared(sql);
    int place = 0;
    for (const QVariant& value : values) {
        query.bindValue(place++, value);
    }
    if (!query.exec()) {
        const SqlFailure failure = failureOf(query.lastError());
        query.finish();
        throw failure;
    }
    return query;
}

void Database::run(const char* sql, std::initializer_list<QVariant> values)
{
    rows(sql, values).finish();
}

std::int64_t Database::lastId()
{
    return number(QStringLiteral("SELECT last_insert_rowid()")); // a finished query has forgotten it
}

void Database::begin()
{
    execute(QStringLiteral("BEGIN IMMEDIATE"));
    m_begun = true;
}

void Database::commit()
{
    execute(QStringLiteral("COMMIT"));
    m_begun = false;
}

void Database::rollback() noexcept
{
    if (m_begun) {
        m_begun = false;
        for (const auto& kept : m_kept) {
            kept.second->finish();
        }
        QSqlQuery query(m_database);
        query.exec(
            QStringLiteral("ROLLBACK")); // SQLite may have done it already: then this fails, which is well
    }
}

std::span<const std::uint8_t> bytesOf(const QByteArray& blob)
{
    return {reinterpret_cast<const std::uint8_t*>(blob.constData()), static_cast<std::size_t>(blob.size())};
}

QByteArray blobOf(std::span<const std::uint8_t> bytes)
{
    // No bytes are an empty blob; a null QByteArray would be NULL.
    return bytes.empty() ? QByteArray("", 0)
                         : QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                      static_cast<qsizetype>(bytes.size()));
}

} // namespace store
