#include "monitor/store/record_tables.h"

#include "monitor/store/sample_writer.h"

#include <algorithm>
#include <cmath>

namespace store {

namespace {

constexpr std::int64_t kMostEvents = 1'000'000;

// The columns of a kind, `at` first. An incident is one row under its key, whatever it became.
struct Table {
    const char* insert;
    const char* select;
    const char* expire;
};

// NOLINTBEGIN(bugprone-macro-parentheses): texts only
#define POOLSCOPE_TABLE(name, columns, places, conflict)                                                     \
    Table                                                                                                    \
    {                                                                                                        \
        "INSERT INTO " name " (" columns ") VALUES (" places ") " conflict,                                  \
            "SELECT id, " columns " FROM " name                                                              \
            " WHERE at BETWEEN ? AND ? AND id < ? ORDER BY id DESC LIMIT ?",                                 \
            "DELETE FROM " name " WHERE at < ?"                                                              \
    }
// NOLINTEND(bugprone-macro-parentheses)

constexpr Table kTables[] = {
    POOLSCOPE_TABLE("alert_transition", "at, name, labels, from_state, to_state, incident_key, value, reason",
                    "?, ?, ?, ?, ?, ?, ?, ?", ""),
    POOLSCOPE_TABLE("incident", "at, incident_key, name, labels, severity, ended_at, peak, summary, details",
                    "?, ?, ?, ?, ?, ?, ?, ?, ?",
                    "ON CONFLICT (incident_key) DO UPDATE SET severity = excluded.severity, ended_at = "
                    "excluded.ended_at, "
                    "peak = excluded.peak, summary = excluded.summary, details = excluded.details"),
    POOLSCOPE_TABLE("event", "at, kind, slot, backend_pid, lease, seconds, tag, site, detail, sqlstate",
                    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?", ""),
    POOLSCOPE_TABLE("slow_statement", "at, fingerprint, text, seconds, tag, backend_pid, sqlstate",
                    "?, ?, ?, ?, ?, ?, ?", ""),
    POOLSCOPE_TABLE("scenario_run",
                    "at, ended_at, name, state, parameters, requests, failures, alerts, message",
                    "?, ?, ?, ?, ?, ?, ?, ?, ?", ""),
    Table{"INSERT INTO annotation (at, until, kind, text, author) VALUES (?, ?, ?, ?, ?)",
          "SELECT id, at, until, kind, text, author FROM annotation WHERE coalesce(until, at) >= ? AND at <= ? "
          "AND id < ? ORDER BY id DESC LIMIT ?",
          "DELETE FROM annotation WHERE at < ?"},
    POOLSCOPE_TABLE("setting_change", "at, scope, name, before, after, author", "?, ?, ?, ?, ?, ?", ""),
};
#undef POOLSCOPE_TABLE
static_assert(std::size(kTables) == kRecordKinds);

QVariant text(const std::string& value)
{
    // Never NULL: a null QString would be.
    return value.empty() ? QString(QLatin1String("")) : QString::fromStdString(value);
}

QVariant time(core::WallTime at)
{
    return qint64(core::epochMillis(at));
}

QVariant time(const std::optional<core::WallTime>& at)
{
    return at ? time(*at) : QVariant(QMetaType(QMetaType::LongLong));
}

QVariant number(double value)
{
    return std::isnan(value) ? QVariant(QMetaType(QMetaType::Double)) : QVariant(value);
}

// Steps through the columns of a row.
class Row {
public:
    explicit Row(const QSqlQuery& query)
        : m_query(query)
    {
    }
    std::int64_t whole() { return m_query.value(m_column++).toLongLong(); }
    std::string text() { return m_query.value(m_column++).toString().toStdString(); }
    core::WallTime time() { return core::WallTime(std::chrono::milliseconds(whole())); }
    std::optional<core::WallTime> maybeTime()
    {
        const QVariant value = m_query.value(m_column++);
        return value.isNull() ? std::nullopt
                              : std::optional(core::WallTime(std::chrono::milliseconds(value.toLongLong())));
    }
    double number()
    {
        const QVariant value = m_query.value(m_column++);
        return value.isNull() ? std::numeric_limits<double>::quiet_NaN() : value.toDouble();
    }
    metrics::Labels labels()
    {
        metrics::Labels read;
        if (!readLabelsJson("", text(), read)) {
            read.clear();
        }
        return read;
    }

private:
    const QSqlQuery& m_query;
    int m_column = 1; // the id stands first
};

struct Writer {
    Database& database;
    const Table& table; // of a change of a note: none

    void operator()(const AlertTransition& r) const
    {
        database.run(table.insert, {time(r.at), text(r.name), text(labelsJson(r.labels)), text(r.from),
                                    text(r.to), text(r.incident), number(r.value), text(r.reason)});
    }
    void operator()(const Incident& r) const
    {
        database.run(table.insert,
                     {time(r.at), text(r.key), text(r.name), text(labelsJson(r.labels)), text(r.severity),
                      time(r.ended), number(r.peak), text(r.summary), text(r.details)});
    }
    void operator()(const Event& r) const
    {
        database.run(table.insert,
                     {time(r.at), text(r.kind), r.slot, r.backendPid, qint64(r.lease), number(r.seconds),
                      text(r.tag), text(r.site), text(r.detail), text(r.sqlstate)});
    }
    void operator()(const SlowStatement& r) const
    {
        database.run(table.insert, {time(r.at), qint64(r.fingerprint), text(r.text), number(r.seconds),
                                    text(r.tag), r.backendPid, text(r.sqlstate)});
    }
    void operator()(const ScenarioRun& r) const
    {
        database.run(table.insert,
                     {time(r.at), time(r.ended), text(r.name), text(r.state), text(r.parameters),
                      qint64(r.requests), qint64(r.failures), text(r.alerts), text(r.message)});
    }
    void operator()(const Annotation& r) const
    {
        database.run(table.insert, {time(r.at), time(r.until), text(r.kind), text(r.text), text(r.author)});
    }
    void operator()(const SettingChange& r) const
    {
        database.run(table.insert, {time(r.at), text(r.scope), text(r.name), text(r.before), text(r.after),
                                    text(r.author)});
    }
    void operator()(const NoteChange& r) const
    {
        if (r.after.empty()) {
            database.run("DELETE FROM annotation WHERE at = ? AND text = ? AND kind = 'note'",
                         {time(r.at), text(r.before)});
        } else {
            database.run("UPDATE annotation SET text = ? WHERE at = ? AND text = ? AND kind = 'note'",
                         {text(r.after), time(r.at), text(r.before)});
        }
    }
};

Record recordOf(RecordKind kind, Row row)
{
    // Braces: their parts are evaluated in order.
    switch (kind) {
    case RecordKind::AlertTransition:
        return AlertTransition{row.time(), row.text(), row.labels(), row.text(),
                               row.text(), row.text(), row.number(), row.text()};
    case RecordKind::Incident:
        return Incident{row.time(),      row.text(),   row.text(), row.labels(), row.text(),
                        row.maybeTime(), row.number(), row.text(), row.text()};
    case RecordKind::Event:
        return Event{row.time(),
                     row.text(),
                     static_cast<int>(row.whole()),
                     static_cast<int>(row.whole()),
                     static_cast<std::uint64_t>(row.whole()),
                     row.number(),
                     row.text(),
                     row.text(),
                     row.text(),
                     row.text()};
    case RecordKind::SlowStatement:
        return SlowStatement{row.time(), static_cast<std::uint64_t>(row.whole()), row.text(), row.number(),
                             row.text(), static_cast<int>(row.whole()),           row.text()};
    case RecordKind::ScenarioRun:
        return ScenarioRun{row.time(),
                           row.time(),
                           row.text(),
                           row.text(),
                           row.text(),
                           static_cast<std::uint64_t>(row.whole()),
                           static_cast<std::uint64_t>(row.whole()),
                           row.text(),
                           row.text()};
    case RecordKind::Annotation:
        return Annotation{row.time(), row.maybeTime(), row.text(), row.text(), row.text()};
    case RecordKind::SettingChange:
        break;
    }
    return SettingChange{row.time(), row.text(), row.text(), row.text(), row.text(), row.text()};
}

} // namespace

void writeRecord(Database& database, const Record& record)
{
    std::visit(Writer{database, kTables[std::min(record.index(), std::size(kTables) - 1)]}, record);
}

Page readPage(Database& database, const PageRequest& request)
{
    Page page;
    if (static_cast<std::size_t>(request.kind) >= kRecordKinds) {
        return page;
    }
    const int limit = std::clamp(request.limit, 1, 10'000);
    QSqlQuery& rows =
        database.rows(kTables[static_cast<std::size_t>(request.kind)].select,
                      {time(request.from), time(request.to), qint64(request.before), limit + 1});
    while (rows.next()) {
        if (page.rows.size() == static_cast<std::size_t>(limit)) {
            page.more = true;
            break;
        }
        page.rows.push_back({rows.value(0).toLongLong(), recordOf(request.kind, Row(rows))});
    }
    rows.finish();
    return page;
}

void expireRecords(Database& database, std::int64_t at)
{
    for (const Table& table : kTables) {
        database.run(table.expire, {qint64(at)});
    }
    database.run("DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?", {qint64(kMostEvents)});
    database.run("DELETE FROM slow_statement WHERE id <= (SELECT max(id) FROM slow_statement) - ?",
                 {qint64(kMostEvents)});
}

} // namespace store
