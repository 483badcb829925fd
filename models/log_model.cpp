#include "models/log_model.h"

#include "models/text.h"
#include "models/zone.h"
#include "monitor/core/format.h"

#include <QDateTime>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

namespace models {

namespace {

constexpr std::chrono::milliseconds kShowEvery{200};
constexpr std::array kIds{"time", "level", "logger", "text"};
constexpr std::array kTitles{QT_TRANSLATE_NOOP("models", "Time"), QT_TRANSLATE_NOOP("models", "Level"),
                             QT_TRANSLATE_NOOP("models", "Logger"), QT_TRANSLATE_NOOP("models", "Message")};

Level levelOf(metrics::LogLevel level)
{
    switch (level) {
    case metrics::LogLevel::Trace:
    case metrics::LogLevel::Debug:
    case metrics::LogLevel::Info:
        return Level::None;
    case metrics::LogLevel::Warning:
        return Level::Warning;
    case metrics::LogLevel::Error:
    case metrics::LogLevel::Critical:
        return Level::Critical;
    }
    return Level::None;
}

QString lineOf(const metrics::LogEntry& entry, const QTimeZone& zone)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(core::epochMillis(entry.at), zone);
    return at.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss,zzz")) + QStringLiteral(" - ") + text(entry.logger) +
           QStringLiteral(" - ") + word(entry.level) + QStringLiteral(" - ") + text(entry.text);
}

} // namespace

LogModel::LogModel(QObject* parent)
    : TableModel(parent)
{
    m_flush.setSingleShot(true);
    m_flush.setInterval(kShowEvery);
    connect(&m_flush, &QTimer::timeout, this, &LogModel::flush);
}

void LogModel::append(std::vector<metrics::LogEntry> batch)
{
    m_waiting.insert(m_waiting.end(), std::make_move_iterator(batch.begin()),
                     std::make_move_iterator(batch.end()));
    if (m_waiting.size() > 2 * kCapacity) { // only the newest can ever be seen
        m_waiting.erase(m_waiting.begin(), m_waiting.end() - kCapacity);
    }
    if (!m_waiting.empty() && !m_flush.isActive()) {
        m_flush.start();
    }
}

void LogModel::flush()
{
    m_flush.stop();
    std::vector<metrics::LogEntry> fresh;
    fresh.swap(m_waiting);
    if (fresh.size() > kCapacity) {
        fresh.erase(fresh.begin(), fresh.end() - kCapacity);
    }
    if (fresh.empty()) {
        return;
    }
    const int count = static_cast<int>(fresh.size());
    const int over = rowCount() + count - kCapacity;
    if (over > 0 && rowCount() > 0) {
        const int gone = std::min(over, rowCount());
        beginRemoveRows({}, 0, gone - 1);
        m_rows.erase(m_rows.begin(), m_rows.begin() + gone);
        endRemoveRows();
    }
    beginInsertRows({}, rowCount(), rowCount() + count - 1);
    m_rows.insert(m_rows.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
    endInsertRows();
}

void LogModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_waiting.clear();
    endResetModel();
}

bool writeLog(const std::vector<metrics::LogEntry>& lines, const QTimeZone& zone, const TextSink& sink)
{
    const auto line = [&](std::size_t i) { return lineOf(lines[i], zone).toUtf8() + '\n'; };
    return writeLines(lines.size(), line, sink);
}

int LogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString LogModel::cell(const metrics::LogEntry& entry, int column) const
{
    switch (column) {
    case Time:
        return Zone::of().clockMillis(entry.at);
    case LevelName:
        return word(entry.level);
    case Logger:
        return text(entry.logger);
    default:
        return text(entry.text);
    }
}

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const metrics::LogEntry& entry = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cell(entry, index.column());
    case Qt::ToolTipRole:
        return index.column() == Text ? QVariant(text(entry.text)) : QVariant();
    case SortRole:
    case RawRole:
        return index.column() == Time ? QVariant(text(core::isoUtc(entry.at)))
                                      : QVariant(cell(entry, index.column()));
    case LevelRole:
        return index.column() == LevelName ? QVariant(static_cast<int>(levelOf(entry.level))) : QVariant();
    default:
        return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const bool ours = orientation == Qt::Horizontal && section >= 0 && section < ColumnCount;
    if (ours && role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter));
    }
    return ours && role == Qt::DisplayRole
               ? QVariant(QCoreApplication::translate("models", kTitles[static_cast<std::size_t>(section)]))
               : QVariant();
}

QString LogModel::csvHead(int column) const
{
    return column == Time ? QStringLiteral("ts_utc") : columnId(column);
}

QString LogModel::columnId(int column) const
{
    return QString::fromLatin1(kIds[static_cast<std::size_t>(column)]);
}

} // namespace models
