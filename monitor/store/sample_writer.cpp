#include "monitor/store/sample_writer.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

#include <spdlog/spdlog.h>

namespace store {

namespace {

constexpr std::int64_t kBlockMillis = kCell * 1000;

std::int64_t blockOf(std::int64_t at) noexcept
{
    return at / kBlockMillis;
}

} // namespace

std::string labelsJson(const series::Labels& labels)
{
    QJsonObject object;
    for (const auto& [name, value] : labels) {
        if (name != series::kNameLabel) {
            object.insert(QString::fromStdString(name), QString::fromStdString(value));
        }
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

bool readLabelsJson(std::string_view name, std::string_view json, series::Labels& out)
{
    const auto document =
        QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())));
    if (!document.isObject()) {
        return false;
    }
    out = {{std::string(series::kNameLabel), std::string(name)}};
    const QJsonObject object = document.object();
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        if (!entry.value().isString()) {
            return false;
        }
        out.emplace_back(entry.key().toStdString(), entry.value().toString().toStdString());
    }
    out = series::normalized(std::move(out));
    return true;
}

SampleWriter::SampleWriter(Database& database)
    : m_database(database)
    , m_rollUp(database, [this](std::int64_t id) { return isCounter(id); })
{
}

bool SampleWriter::isCounter(std::int64_t id)
{
    const auto known = m_counters.find(id);
    if (known != m_counters.end()) {
        return known->second;
    }
    const bool counter = m_database.number(QStringLiteral("SELECT kind = 'counter' FROM series WHERE id = ?"),
                                           {qint64(id)}) != 0;
    m_counters.emplace(id, counter);
    return counter;
}

// What the last block says of each series is where increases go on from.
void SampleWriter::recover()
{
    const std::int64_t last = m_database.number(QStringLiteral("SELECT max(id) FROM block"));
    if (last != 0) {
        const OpenBlock block = loadBlock(last);
        m_newest = m_database.number(QStringLiteral("SELECT max(last_at) FROM block"));
        m_rollUp.add(block, BlockEnd::Early, m_newest + 1);
    }
    QSqlQuery& rows = m_database.rows("SELECT at, changes FROM tail ORDER BY at", {});
    while (rows.next()) {
        const std::int64_t at = rows.value(0).toLongLong();
        if (!m_open.empty() && blockOf(at) != blockOf(m_open.times().front())) {
            break; // cannot be: the tail is of one block
        }
        if (!m_open.replay(at, bytesOf(rows.value(1).toByteArray()))) {
            spdlog::warn("history: a damaged tick at {} ends the open block", at);
            break;
        }
    }
    rows.finish();
    m_newest = m_open.empty() ? m_newest : m_open.times().back();
    seal(BlockEnd::Early);
}

void SampleWriter::rollUpAgain()
{
    const std::int64_t first = m_database.number(QStringLiteral("SELECT first_at FROM block ORDER BY id LIMIT 1")) / 1000;
    if (first == 0) {
        return;
    }
    // Where nothing is older than the samples, they make the hour that they begin in whole.
    const bool all = m_database.number(QStringLiteral("SELECT EXISTS (SELECT 1 FROM minute WHERE at < ?)"),
                                       {qint64(first / kMinute * kMinute)}) == 0;
    const std::int64_t hour = (all ? first : first + kHour - 1) / kHour * kHour;
    std::vector<std::int64_t> blocks;
    QSqlQuery& rows = m_database.rows("SELECT id FROM block ORDER BY id", {});
    while (rows.next()) {
        blocks.push_back(rows.value(0).toLongLong());
    }
    rows.finish();
    m_rollUp.cut(hour);
    for (const std::int64_t id : blocks) {
        m_rollUp.add(loadBlock(id), BlockEnd::Early, hour * 1000);
    }
}

std::int64_t SampleWriter::findOrAdd(const series::Labels& labels, std::int64_t at)
{
    const auto name = QString::fromStdString(std::string(series::labelValue(labels, series::kNameLabel)));
    const auto json = QString::fromStdString(labelsJson(labels));
    const std::int64_t known = m_database.number(
        QStringLiteral("SELECT id FROM series WHERE name = ? AND labels = ?"), {name, json});
    if (known != 0) {
        return known;
    }
    const bool counter = isCounterName(series::labelValue(labels, series::kNameLabel));
    m_database.run(
        "INSERT INTO series (name, labels, kind, first_at, last_at) VALUES (?, ?, ?, ?, ?)",
        {name, json, counter ? QStringLiteral("counter") : QStringLiteral("gauge"), qint64(at), qint64(at)});
    const std::int64_t id = m_database.lastId();
    m_counters.insert_or_assign(id, counter);
    return id;
}

std::int64_t SampleWriter::idOf(const series::LabelsPtr& labels, std::int64_t at)
{
    Known& known = m_known[labels.get()];
    if (known.id == 0) {
        known = {labels, findOrAdd(*labels, at), 0};
    }
    known.used = m_sealed;
    return known.id;
}

void SampleWriter::append(const TickSamples& tick)
{
    if (m_newest != 0 && tick.at <= m_newest) {
        stepBack(tick.at);
    }
    if (!m_open.empty()) {
        if (blockOf(tick.at) != blockOf(m_open.times().front())) {
            seal(BlockEnd::Whole);
        } else if (m_open.size() >= kMaxValues || m_open.times().size() >= series::kMaxPacked) {
            seal(BlockEnd::Early);
        }
    }
    m_values.clear();
    for (const series::LatestSample& sample : tick.samples) {
        m_values.push_back({idOf(sample.labels, tick.at), sample.sample.value});
    }
    m_open.append(tick.at, m_values);
    m_newest = tick.at;
    m_samples += m_values.size();
}

void SampleWriter::flush()
{
    for (const OpenBlock::Tick& tick : m_open.takeNew()) {
        m_database.run("INSERT OR REPLACE INTO tail (at, changes) VALUES (?, ?)",
                       {qint64(tick.at), blobOf(tick.changes)});
    }
}

void SampleWriter::seal(BlockEnd end)
{
    if (m_open.empty()) {
        return;
    }
    writeBlock(m_open);
    m_rollUp.add(m_open, end);
    m_database.run("DELETE FROM tail", {});
    m_open.clear();
    ++m_sealed;
    std::erase_if(m_known, [this](const auto& entry) { return entry.second.used + 1 < m_sealed; });
}

void SampleWriter::writeBlock(const OpenBlock& block)
{
    m_database.run("INSERT INTO block (first_at, last_at, times) VALUES (?, ?, ?)",
                   {qint64(block.times().front()), qint64(block.times().back()),
                    blobOf(series::packTimes(block.times()))});
    const qint64 first = m_database.lastId() << 24;
    std::vector<const OpenBlock::Column*> ordered;
    for (const OpenBlock::Column& column : block.columns()) {
        ordered.push_back(&column);
    }
    std::sort(ordered.begin(), ordered.end(),
              [](const auto* a, const auto* b) { return a->series < b->series; });
    for (const OpenBlock::Column* column : ordered) {
        m_database.run("INSERT INTO chunk (key, data) VALUES (?, ?)",
                       {first + qint64(column->series), blobOf(packChunk(*column))});
        m_database.run("UPDATE series SET last_at = max(last_at, ?) WHERE id = ?",
                       {qint64(block.times().back()), qint64(column->series)});
    }
}

OpenBlock SampleWriter::loadBlock(std::int64_t id)
{
    OpenBlock block;
    QSqlQuery& times = m_database.rows("SELECT times FROM block WHERE id = ?", {qint64(id)});
    std::vector<std::int64_t> read;
    if (times.next()) {
        static_cast<void>(series::unpackTimes(bytesOf(times.value(0).toByteArray()), read));
    }
    times.finish();
    block.restore(std::move(read));
    QSqlQuery& chunks = m_database.rows("SELECT key, data FROM chunk WHERE key >= ? AND key < ?",
                                        {qint64(id << 24), qint64((id + 1) << 24)});
    while (chunks.next()) {
        OpenBlock::Column column;
        if (unpackChunk(bytesOf(chunks.value(1).toByteArray()), column)) {
            column.series = chunks.value(0).toLongLong() & 0xffffff;
            block.restoreColumn(std::move(column));
        }
    }
    chunks.finish();
    return block;
}

void SampleWriter::eraseBlock(std::int64_t id)
{
    m_database.run("DELETE FROM chunk WHERE key >= ? AND key < ?",
                   {qint64(id << 24), qint64((id + 1) << 24)});
    m_database.run("DELETE FROM block WHERE id = ?", {qint64(id)});
}

void SampleWriter::stepBack(std::int64_t at)
{
    m_open.truncate(at);
    seal(BlockEnd::Early);
    m_database.run("DELETE FROM tail", {});
    const std::int64_t hour = at / 1000 / kHour * kHour;
    std::vector<std::int64_t> touched;
    // One block more, which tells what came before the first of them.
    QSqlQuery& rows = m_database.rows(
        "SELECT id FROM block WHERE id >= coalesce((SELECT max(id) FROM block WHERE last_at < ?), 0) "
        "ORDER BY id",
        {qint64(std::min(at, hour * 1000))});
    while (rows.next()) {
        touched.push_back(rows.value(0).toLongLong());
    }
    rows.finish();
    m_rollUp.cut(hour);
    for (const std::int64_t id : touched) {
        OpenBlock block = loadBlock(id);
        const bool whole = block.empty() || block.times().back() < at;
        block.truncate(at);
        if (!whole) {
            eraseBlock(id);
            if (!block.empty()) {
                writeBlock(block);
            }
        }
        m_rollUp.add(block, BlockEnd::Early, hour * 1000);
    }
    m_newest = m_database.number(QStringLiteral("SELECT max(last_at) FROM block"));
}

} // namespace store
