// One connection to the history's SQLite file through Qt Sql.
#pragma once

#include "monitor/core/result.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace store {

enum class OpenMode { ReadWrite, ReadOnly };

// Thrown inside this folder when SQLite says no; leaves it as core::Error.
struct SqlFailure : std::exception {
    explicit SqlFailure(std::string text, int sqlCode = 0)
        : message(std::move(text))
        , code(sqlCode)
    {
    }
    [[nodiscard]] const char* what() const noexcept override { return message.c_str(); }

    std::string message;
    int code; // SQLite's primary result code (https://sqlite.org/rescode.html); 0 = not known
};

inline constexpr int kBusy = 5;
inline constexpr int kCorrupt = 11;
inline constexpr int kFull = 13;
inline constexpr int kNotADatabase = 26;

// Belongs to the thread that made it. Statements are prepared once and kept.
class Database {
public:
    // Throws SqlFailure. A reader waits at most 200 ms for a lock, a writer 2 s.
    Database(const std::filesystem::path& file, OpenMode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // One statement, run at once, not kept. Throws SqlFailure.
    void execute(const QString& sql);
    // The first column of the first row; 0 when there is none.
    [[nodiscard]] std::int64_t number(const QString& sql, std::initializer_list<QVariant> values = {});
    // Runs a kept statement that gives no rows.
    void run(const char* sql, std::initializer_list<QVariant> values);
    // A kept statement, run; step through it with next(). Reset by the caller with finish() or by the next
    // use.
    [[nodiscard]] QSqlQuery& rows(const char* sql, std::initializer_list<QVariant> values);
    [[nodiscard]] std::int64_t lastId();

    void begin();
    void commit();
    void rollback() noexcept; // well too when nothing was begun

private:
    QSqlQuery& prepared(const char* sql);

    QString m_name;
    QSqlDatabase m_database;
    std::map<const char*, std::unique_ptr<QSqlQuery>> m_kept; // by address: the texts are literals
    bool m_begun = false;
};

// What a transaction begins with and, unless it is committed, ends with.
class Transaction {
public:
    explicit Transaction(Database& database)
        : m_database(database)
    {
        database.begin();
    }
    ~Transaction() { m_database.rollback(); }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() { m_database.commit(); }

private:
    Database& m_database;
};

// Of a blob column.
[[nodiscard]] std::span<const std::uint8_t> bytesOf(const QByteArray& blob);
[[nodiscard]] QByteArray blobOf(std::span<const std::uint8_t> bytes);

} // namespace store
