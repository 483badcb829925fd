#include "monitor/store/schema.h"

#include "monitor/store/sample_writer.h"

#include <span>

namespace store {

namespace {

// Qt's driver runs one statement at a time (a text of two fails, and runs none): a step is a list.
constexpr const char* kStep1[] = {
    // Labels are JSON without the name: json_extract(labels, '$.mountpoint') works. Times of samples are ms
    // since the
    // epoch, those of roll-ups seconds.
    R"(CREATE TABLE series (
         id       INTEGER PRIMARY KEY,
         name     TEXT NOT NULL,
         labels   TEXT NOT NULL,
         kind     TEXT NOT NULL CHECK (kind IN ('gauge', 'counter')),
         first_at INTEGER NOT NULL,
         last_at  INTEGER NOT NULL,
         UNIQUE (name, labels)))",
    // The ticks of the block that is still open; what each changed against the one before.
    "CREATE TABLE tail (at INTEGER PRIMARY KEY, changes BLOB NOT NULL)",
    // Sealed ticks, at most ten minutes of them, and per block and series one chunk of values.
    R"(CREATE TABLE block (
         id       INTEGER PRIMARY KEY,
         first_at INTEGER NOT NULL,
         last_at  INTEGER NOT NULL,
         times    BLOB NOT NULL))",
    "CREATE INDEX block_by_time ON block (last_at)",
    // key = block << 24 | series: written at the end, deleted from the front, never split.
    "CREATE TABLE chunk (key INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    // A row stands for `span` minutes that were all the same; it never reaches into the next hour.
    R"(CREATE TABLE minute (
         series_id INTEGER NOT NULL,
         at        INTEGER NOT NULL,
         span      INTEGER NOT NULL,
         count     INTEGER NOT NULL,
         min       REAL NOT NULL,
         max       REAL NOT NULL,
         sum       REAL NOT NULL,
         first     REAL NOT NULL,
         last      REAL NOT NULL,
         increase  REAL,
         PRIMARY KEY (series_id, at)) WITHOUT ROWID)",
    R"(CREATE TABLE hour (
         series_id INTEGER NOT NULL,
         at        INTEGER NOT NULL,
         count     INTEGER NOT NULL,
         min       REAL NOT NULL,
         max       REAL NOT NULL,
         sum       REAL NOT NULL,
         first     REAL NOT NULL,
         last      REAL NOT NULL,
         increase  REAL,
         PRIMARY KEY (series_id, at)) WITHOUT ROWID)",
    // The same figures for every ten minutes, a day in a packed row: for looking at weeks of many series at
    // once.
    // key = day since the epoch << 24 | series.
    "CREATE TABLE page (key INTEGER PRIMARY KEY, cells BLOB NOT NULL)",
    "CREATE TABLE number (i INTEGER PRIMARY KEY)",
    R"(INSERT INTO number WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59)
       SELECT i FROM n)",
    R"(CREATE VIEW history_1m AS
         SELECT s.name, s.labels, s.kind, datetime(m.at + 60 * n.i, 'unixepoch') AS time, m.at + 60 * n.i AS at,
                m.count, m.min, m.max, m.sum / m.count AS avg, m.sum, m.first, m.last,
                CASE WHEN n.i = 0 THEN m.increase WHEN m.increase IS NULL THEN NULL ELSE 0 END AS increase,
                m.series_id
         FROM minute m JOIN number n ON n.i < m.span JOIN series s ON s.id = m.series_id)",
    R"(CREATE VIEW history_1h AS
         SELECT s.name, s.labels, s.kind, datetime(h.at, 'unixepoch') AS time, h.at,
                h.count, h.min, h.max, h.sum / h.count AS avg, h.sum, h.first, h.last, h.increase, h.series_id
         FROM hour h JOIN series s ON s.id = h.series_id)",
};

// What happened. Times are ms since the epoch.
constexpr const char* kStep2[] = {
    R"(CREATE TABLE alert_transition (
         id INTEGER PRIMARY KEY, at INTEGER NOT NULL, name TEXT NOT NULL, labels TEXT NOT NULL,
         from_state TEXT NOT NULL, to_state TEXT NOT NULL, incident_key TEXT NOT NULL, value REAL,
         reason TEXT NOT NULL))",
    "CREATE INDEX alert_transition_by_time ON alert_transition (at)",
    R"(CREATE TABLE incident (
         id INTEGER PRIMARY KEY, at INTEGER NOT NULL, incident_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
         labels TEXT NOT NULL, severity TEXT NOT NULL, ended_at INTEGER, peak REAL, summary TEXT NOT NULL,
         details TEXT NOT NULL))",
    "CREATE INDEX incident_by_time ON incident (at)",
    R"(CREATE TABLE event (
         id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, slot INTEGER NOT NULL,
         backend_pid INTEGER NOT NULL, lease INTEGER NOT NULL, seconds REAL, tag TEXT NOT NULL, site TEXT NOT NULL,
         detail TEXT NOT NULL, sqlstate TEXT NOT NULL))",
    "CREATE INDEX event_by_time ON event (at)",
    R"(CREATE TABLE slow_statement (
         id INTEGER PRIMARY KEY, at INTEGER NOT NULL, fingerprint INTEGER NOT NULL, text TEXT NOT NULL, seconds REAL,
         tag TEXT NOT NULL, backend_pid INTEGER NOT NULL, sqlstate TEXT NOT NULL))",
    "CREATE INDEX slow_statement_by_time ON slow_statement (at)",
    R"(CREATE TABLE scenario_run (
         id INTEGER PRIMARY KEY, at INTEGER NOT NULL, ended_at INTEGER NOT NULL, name TEXT NOT NULL,
         state TEXT NOT NULL, parameters TEXT NOT NULL, requests INTEGER NOT NULL, failures INTEGER NOT NULL,
         alerts TEXT NOT NULL, message TEXT NOT NULL))",
    "CREATE INDEX scenario_run_by_time ON scenario_run (at)",
    R"(CREATE TABLE annotation (
         id INTEGER PRIMARY KEY, at INTEGER NOT NULL, until INTEGER, kind TEXT NOT NULL, text TEXT NOT NULL,
         author TEXT NOT NULL))",
    "CREATE INDEX annotation_by_time ON annotation (at)",
    R"(CREATE TABLE setting_change (
         id INTEGER PRIMARY KEY, at INTEGER NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL, before TEXT NOT NULL,
         after TEXT NOT NULL, author TEXT NOT NULL))",
    "CREATE INDEX setting_change_by_time ON setting_change (at)",
};

// The same for people: times as text (UTC), spans in seconds. The names are documented (README.md): they stay.
constexpr const char* kStep3[] = {
    R"(CREATE VIEW history_marks AS
         SELECT datetime(at / 1000, 'unixepoch') AS time, kind, text, (until - at) / 1000.0 AS seconds, author, at / 1000 AS at
         FROM annotation)",
    R"(CREATE VIEW history_gaps AS
         SELECT datetime(at / 1000, 'unixepoch') AS time, text AS reason, (until - at) / 1000.0 AS seconds, at / 1000 AS at
         FROM annotation WHERE kind = 'gap')",
    R"(CREATE VIEW history_alerts AS
         SELECT datetime(at / 1000, 'unixepoch') AS time, name, labels, from_state, to_state, value, reason,
                incident_key, at / 1000 AS at
         FROM alert_transition)",
    R"(CREATE VIEW history_incidents AS
         SELECT datetime(at / 1000, 'unixepoch') AS time, datetime(ended_at / 1000, 'unixepoch') AS ended, name, labels,
                severity, (ended_at - at) / 1000.0 AS seconds, peak, summary, details, incident_key, at / 1000 AS at
         FROM incident)",
    R"(CREATE VIEW history_statements AS
         SELECT datetime(at / 1000, 'unixepoch') AS time, text, seconds, tag, backend_pid, sqlstate,
                printf('%016x', fingerprint) AS fingerprint, at / 1000 AS at
         FROM slow_statement)",
    R"(CREATE VIEW history_scenarios AS
         SELECT datetime(at / 1000, 'unixepoch') AS time, name, state, (ended_at - at) / 1000.0 AS seconds, parameters,
                requests, failures, alerts, message, at / 1000 AS at
         FROM scenario_run)",
    R"(CREATE VIEW history_settings AS
         SELECT datetime(at / 1000, 'unixepoch') AS time, scope, name, before, after, author, at / 1000 AS at
         FROM setting_change)",
    R"(CREATE VIEW history_events AS
         SELECT datetime(at / 1000, 'unixepoch') AS time, kind, slot, backend_pid, lease, seconds, tag, site, detail,
                sqlstate, at / 1000 AS at
         FROM event)",
};

// The steepest second of a counter: a burst is seen in a chart of a year.
constexpr const char* kStep4[] = {
    "ALTER TABLE minute ADD COLUMN peak REAL",
    "ALTER TABLE hour ADD COLUMN peak REAL",
    "DROP VIEW history_1m",
    "DROP VIEW history_1h",
    R"(CREATE VIEW history_1m AS
         SELECT s.name, s.labels, s.kind, datetime(m.at + 60 * n.i, 'unixepoch') AS time, m.at + 60 * n.i AS at,
                m.count, m.min, m.max, m.sum / m.count AS avg, m.sum, m.first, m.last,
                CASE WHEN n.i = 0 THEN m.increase WHEN m.increase IS NULL THEN NULL ELSE 0 END AS increase,
                CASE WHEN n.i = 0 THEN m.peak WHEN m.peak IS NULL THEN NULL ELSE 0 END AS peak, m.series_id
         FROM minute m JOIN number n ON n.i < m.span JOIN series s ON s.id = m.series_id)",
    R"(CREATE VIEW history_1h AS
         SELECT s.name, s.labels, s.kind, datetime(h.at, 'unixepoch') AS time, h.at,
                h.count, h.min, h.max, h.sum / h.count AS avg, h.sum, h.first, h.last, h.increase, h.peak, h.series_id
         FROM hour h JOIN series s ON s.id = h.series_id)",
};

constexpr int kPeaksSince = 4; // the version

using Step = std::span<const char* const>;
constexpr Step kSteps[] = {kStep1, kStep2, kStep3, kStep4};

void copyAside(Database& database, const std::filesystem::path& file, int version)
{
    std::filesystem::path copy = file;
    copy += ".before-" + std::to_string(version);
    std::error_code error;
    std::filesystem::remove(copy, error); // VACUUM INTO wants no file there
    QString name = QString::fromStdString(copy.string());
    name.replace(QLatin1Char('\''), QLatin1String("''"));
    database.execute(QStringLiteral("VACUUM INTO '%1'").arg(name));
}

} // namespace

int schemaVersion()
{
    return static_cast<int>(std::size(kSteps));
}

bool upgradeSchema(Database& database, const std::filesystem::path& file, int version)
{
    const auto have = static_cast<int>(database.number(QStringLiteral("PRAGMA user_version")));
    if (have > schemaVersion()) {
        return false;
    }
    if (have > 0 && have < version) {
        copyAside(database, file, have);
    }
    if (have >= version) {
        return true;
    }
    Transaction transaction(database); // all steps or none, whenever it ends
    for (int step = have; step < version; ++step) {
        for (const char* sql : kSteps[static_cast<std::size_t>(step)]) {
            database.execute(QString::fromUtf8(sql));
        }
    }
    if (have > 0 && have < kPeaksSince && version >= kPeaksSince) {
        SampleWriter(database).rollUpAgain(); // peaks, as far back as there are samples to find them in
    }
    database.execute(QStringLiteral("PRAGMA user_version = %1").arg(version));
    transaction.commit();
    return true;
}

} // namespace store
