#include "models/event_model.h"

#include "models/event_words.h"
#include "models/text.h"
#include "models/zone.h"
#include "monitor/core/format.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <iterator>

namespace models {

namespace {

using Row = metrics::PoolEventRow;

Level levelOf(const Row& row)
{
    const EventWord* word = eventWord(row.kind);
    return word != nullptr ? word->level : Level::None;
}

QString numberOrNone(qlonglong value, bool present)
{
    return present ? QString::number(value) : QStringLiteral("–");
}

constexpr std::array<Column<Row>, 9> kColumns{{
    {"ts_utc", QT_TRANSLATE_NOOP("models", "Time"), Align::Left, core::Unit::None,
     [](const Row& r) { return Zone::of().clockMillis(r.at); },
     [](const Row& r) { return QVariant(text(core::isoUtc(r.at))); }},
    {"kind", QT_TRANSLATE_NOOP("models", "Event"), Align::Left, core::Unit::None,
     [](const Row& r) { return eventText(r.kind); }, [](const Row& r) { return QVariant(text(r.kind)); },
     levelOf},
    {"slot", QT_TRANSLATE_NOOP("models", "Slot"), Align::Right, core::Unit::None,
     [](const Row& r) { return numberOrNone(r.slot, r.slot >= 0); },
     [](const Row& r) { return r.slot >= 0 ? QVariant(r.slot) : QVariant(); }},
    {"backend_pid", QT_TRANSLATE_NOOP("models", "Backend"), Align::Right, core::Unit::None,
     [](const Row& r) { return numberOrNone(r.backendPid, r.backendPid > 0); },
     [](const Row& r) { return r.backendPid > 0 ? QVariant(r.backendPid) : QVariant(); }},
    {"duration", QT_TRANSLATE_NOOP("models", "Took"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(r.duration); },
     [](const Row& r) { return QVariant(core::seconds(r.duration)); }},
    {"request", QT_TRANSLATE_NOOP("models", "Request"), Align::Right, core::Unit::None,
     [](const Row& r) { return numberOrNone(static_cast<qlonglong>(r.lease), r.lease > 0); },
     [](const Row& r) { return QVariant(static_cast<qulonglong>(r.lease)); }},
    {"tag", QT_TRANSLATE_NOOP("models", "Caller"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.tag); }},
    {"site", QT_TRANSLATE_NOOP("models", "Where"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.site); }},
    {"detail", QT_TRANSLATE_NOOP("models", "Details"), Align::Left, core::Unit::None,
     [](const Row& r) {
         return r.sqlstate.empty() ? text(r.detail)
                                   : text(r.detail) + QStringLiteral(" (%1)").arg(text(r.sqlstate));
     }},
}};

const Column<Row>& columnAt(int column)
{
    return kColumns[static_cast<std::size_t>(column)];
}

std::string lower(std::string_view text)
{
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    });
    return small;
}

QJsonObject jsonOf(const Row& row)
{
    QJsonObject object{{QStringLiteral("number"), static_cast<qint64>(row.number)},
                       {QStringLiteral("timestamp"), text(core::isoUtcMicros(row.at))},
                       {QStringLiteral("kind"), text(row.kind)},
                       {QStringLiteral("duration_seconds"), core::seconds(row.duration)}};
    const auto add = [&object](const char* name, const QJsonValue& value, bool present) {
        if (present) {
            object.insert(QLatin1String(name), value);
        }
    };
    add("slot", row.slot, row.slot >= 0);
    add("backend_pid", row.backendPid, row.backendPid > 0);
    add("request", static_cast<qint64>(row.lease), row.lease > 0);
    add("tag", text(row.tag), !row.tag.empty());
    add("site", text(row.site), !row.site.empty());
    add("detail", text(row.detail), !row.detail.empty());
    add("sqlstate", text(row.sqlstate), !row.sqlstate.empty());
    return object;
}

} // namespace

EventModel::EventModel(QObject* parent)
    : TableModel(parent)
{
}

bool EventModel::wanted(const Row& row) const
{
    if (m_kind == "attention") {
        const Level level = levelOf(row);
        if (level != Level::Warning && level != Level::Critical && level != Level::Error) {
            return false;
        }
    } else if (!m_kind.empty() && m_kind != row.kind) {
        return false;
    }
    if (m_needle.empty()) {
        return true;
    }
    const std::array fields{&row.tag, &row.site, &row.detail, &row.sqlstate};
    return std::any_of(fields.begin(), fields.end(), [this](const std::string* field) {
        return lower(*field).find(m_needle) != std::string::npos;
    });
}

void EventModel::dropOldest(std::size_t room)
{
    const std::size_t over = m_rows.size() + room > kCapacity ? m_rows.size() + room - kCapacity : 0;
    if (over == 0) {
        return;
    }
    const std::uint64_t firstKept = over < m_rows.size() ? m_rows[over].number : m_last + 1;
    const auto gone = static_cast<int>(std::count_if(
        m_shown.begin(), m_shown.end(), [firstKept](const Row* row) { return row->number < firstKept; }));
    if (gone > 0) {
        beginRemoveRows({}, rowCount() - gone, rowCount() - 1);
        m_shown.erase(m_shown.end() - gone, m_shown.end());
    }
    m_rows.erase(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(over));
    if (gone > 0) {
        endRemoveRows();
    }
}

void EventModel::append(std::vector<Row> events)
{
    std::erase_if(events, [this](const Row& row) { return row.number <= m_last; });
    if (events.empty()) {
        return;
    }
    if (events.size() > kCapacity) {
        events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(kCapacity));
    }
    dropOldest(events.size());
    m_last = events.back().number;
    const auto fresh = static_cast<int>(
        std::count_if(events.begin(), events.end(), [this](const Row& row) { return wanted(row); }));
    if (fresh > 0) {
        beginInsertRows({}, 0, fresh - 1);
    }
    for (Row& row : events) {
        m_rows.push_back(std::move(row));
        if (wanted(m_rows.back())) {
            m_shown.push_front(&m_rows.back());
        }
    }
    if (fresh > 0) {
        endInsertRows();
    }
}

void EventModel::setFilter(const std::string& kind, const QString& needle)
{
    beginResetModel();
    m_kind = kind;
    m_needle = lower(needle.toUtf8().toStdString());
    m_shown.clear();
    for (const Row& row : m_rows) {
        if (wanted(row)) {
            m_shown.push_front(&row);
        }
    }
    endResetModel();
}

std::vector<metrics::PoolEventRow> EventModel::shown() const
{
    std::vector<metrics::PoolEventRow> rows;
    rows.reserve(m_shown.size());
    std::transform(m_shown.rbegin(), m_shown.rend(), std::back_inserter(rows),
                   [](const metrics::PoolEventRow* row) { return *row; });
    return rows;
}

bool writeEvents(const std::vector<metrics::PoolEventRow>& events, const TextSink& sink)
{
    const auto line = [&events](std::size_t i) {
        return QJsonDocument(jsonOf(events[i])).toJson(QJsonDocument::Compact) + '\n';
    };
    return writeLines(events.size(), line, sink);
}

int EventModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int EventModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(kColumns.size());
}

QVariant EventModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const QVariant said = columnData(at(index.row()), columnAt(index.column()), role);
    return role == SlotRole ? QVariant(at(index.row()).slot) : said;
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return orientation == Qt::Horizontal && section >= 0 && section < columnCount()
               ? columnHead(columnAt(section), role)
               : QVariant();
}

QString EventModel::csvHead(int column) const
{
    return columnCsvHead(columnAt(column));
}

QString EventModel::columnId(int column) const
{
    return QString::fromLatin1(columnAt(column).id);
}

} // namespace models
