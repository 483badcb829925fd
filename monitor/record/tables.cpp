#include "monitor/record/tables.h"

#include <utility>

namespace record {

namespace {

constexpr const char* kTables[] = {
    "CREATE TABLE recording (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    // SELECT sqlar_uncompress(data, size) FROM frame: JSON, only what has changed unless it is whole.
    "CREATE TABLE frame (at INTEGER PRIMARY KEY, whole INTEGER NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL)",
    "CREATE INDEX frame_whole ON frame (at) WHERE whole",
    R"(CREATE TABLE rule_file (
         at INTEGER NOT NULL, place INTEGER NOT NULL, path TEXT NOT NULL, text TEXT NOT NULL,
         PRIMARY KEY (at, place)) WITHOUT ROWID)",
};

QString text(const std::string& value)
{
    return value.empty() ? QString(QLatin1String("")) : QString::fromStdString(value);
}

} // namespace

void makeTables(store::Database& database)
{
    for (const char* sql : kTables) {
        database.execute(QString::fromUtf8(sql));
    }
    database.execute(QStringLiteral("PRAGMA application_id = %1").arg(kApplicationId));
}

void writeFact(store::Database& database, const std::string& name, const std::string& value)
{
    database.run("INSERT OR REPLACE INTO recording (name, value) VALUES (?, ?)", {text(name), text(value)});
}

Facts readFacts(store::Database& database)
{
    Facts facts;
    QSqlQuery& rows = database.rows("SELECT name, value FROM recording LIMIT 1000", {});
    while (rows.next()) {
        facts.emplace(rows.value(0).toString().toStdString(), rows.value(1).toString().toStdString());
    }
    rows.finish();
    return facts;
}

void writeFrame(store::Database& database, const Frame& frame)
{
    database.run("INSERT OR REPLACE INTO frame (at, whole, size, data) VALUES (?, ?, ?, ?)",
                 {qint64(frame.at), frame.whole ? 1 : 0, qint64(frame.size),
                  QByteArray(frame.data.data(), static_cast<qsizetype>(frame.data.size()))});
}

void readFrames(store::Database& database, std::int64_t from, std::int64_t to,
                const std::function<bool(const Frame&)>& sink)
{
    const std::int64_t whole =
        database.number(QStringLiteral("SELECT max(at) FROM frame WHERE whole AND at <= ?"), {qint64(from)});
    QSqlQuery& rows = database.rows("SELECT at, whole, size, data FROM frame WHERE at BETWEEN ? AND ? ORDER BY at",
                                    {qint64(whole != 0 ? whole : from), qint64(to)});
    while (rows.next()) {
        const QByteArray data = rows.value(3).toByteArray();
        const Frame frame{rows.value(0).toLongLong(), rows.value(1).toBool(),
                          static_cast<std::size_t>(std::max<qint64>(0, rows.value(2).toLongLong())),
                          data.toStdString()};
        if (!sink(frame)) {
            break;
        }
    }
    rows.finish();
}

void writeRules(store::Database& database, const RuleTexts& rules)
{
    int place = 0;
    for (const RuleText& file : rules.files) {
        database.run("INSERT OR REPLACE INTO rule_file (at, place, path, text) VALUES (?, ?, ?, ?)",
                     {qint64(rules.at), place++, text(file.path), text(file.text)});
    }
}

std::vector<RuleTexts> readRules(store::Database& database)
{
    std::vector<RuleTexts> all;
    QSqlQuery& rows = database.rows("SELECT at, path, text FROM rule_file ORDER BY at, place LIMIT 10000", {});
    while (rows.next()) {
        const std::int64_t at = rows.value(0).toLongLong();
        if (all.empty() || all.back().at != at) {
            all.push_back({at, {}});
        }
        all.back().files.push_back({rows.value(1).toString().toStdString(), rows.value(2).toString().toStdString()});
    }
    rows.finish();
    return all;
}

} // namespace record
