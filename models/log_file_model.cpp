#include "models/log_file_model.h"

#include "models/text.h"

#include <QCoreApplication>

#include <array>

namespace models {

namespace {

using Row = metrics::LogFileRow;

Level stateLevel(const Row& row)
{
    switch (row.state) {
    case metrics::LogFileState::Following:
        return Level::Ok;
    case metrics::LogFileState::Waiting:
        return Level::NoData;
    case metrics::LogFileState::Unreadable:
        return Level::Error;
    }
    return Level::None;
}

QString stateWord(const Row& row)
{
    switch (row.state) {
    case metrics::LogFileState::Following:
        return QCoreApplication::translate("models", "followed");
    case metrics::LogFileState::Waiting:
        return QCoreApplication::translate("models", "not there yet");
    case metrics::LogFileState::Unreadable:
        break;
    }
    return QCoreApplication::translate("models", "unreadable");
}

// The limit of the rule: more than ten a minute.
Level errorLevel(const Row& row)
{
    return row.errorsPerMinute > 10  ? Level::Critical
           : row.errorsPerMinute > 0 ? Level::Warning
                                     : Level::None;
}

Level leakLevel(const Row& row)
{
    return row.suspectedLeaks > 0 ? Level::Warning : Level::None;
}

QString whereText(const Row& row)
{
    if (row.path.empty()) {
        return QCoreApplication::translate("models", "this program's own log");
    }
    return row.reason.empty() ? text(row.path) : text(row.path) + QStringLiteral(": ") + text(row.reason);
}

constexpr std::array<Column<Row>, 8> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, stateWord,
     [](const Row& r) { return QVariant(-static_cast<int>(r.state)); }, stateLevel, false,
     [](const Row& r) { return QVariant(QString::fromLatin1(metrics::logFileStateName(r.state))); }},
    {"log", QT_TRANSLATE_NOOP("models", "Log file"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.name); }},
    {"lines", QT_TRANSLATE_NOOP("models", "Lines/s"), Align::Right, core::Unit::None,
     [](const Row& r) { return QString::number(r.linesPerSecond, 'f', 1); },
     [](const Row& r) { return QVariant(r.linesPerSecond); }},
    {"errors", QT_TRANSLATE_NOOP("models", "Errors/min"), Align::Right, core::Unit::None,
     [](const Row& r) { return QString::number(r.errorsPerMinute); },
     [](const Row& r) { return QVariant(r.errorsPerMinute); }, errorLevel},
    {"sessions", QT_TRANSLATE_NOOP("models", "Open sessions"), Align::Right, core::Unit::None,
     [](const Row& r) { return QString::number(r.openSessions); },
     [](const Row& r) { return QVariant(r.openSessions); }},
    {"leaks", QT_TRANSLATE_NOOP("models", "Suspected leaks"), Align::Right, core::Unit::None,
     [](const Row& r) { return QString::number(r.suspectedLeaks); },
     [](const Row& r) { return QVariant(r.suspectedLeaks); }, leakLevel},
    {"quiet", QT_TRANSLATE_NOOP("models", "Last line"), Align::Right, core::Unit::Seconds,
     [](const Row& r) {
         return r.lines == 0 ? QStringLiteral("–")
                             : QCoreApplication::translate("models", "%1 ago")
                                   .arg(valueText(core::seconds(r.quietFor), core::Unit::Seconds));
     },
     [](const Row& r) { return QVariant(core::seconds(r.quietFor)); }},
    {"where", QT_TRANSLATE_NOOP("models", "Where"), Align::Left, core::Unit::None, whereText},
}};

} // namespace

LogFileModel::LogFileModel(QObject* parent)
    : KeyedTableModel(
          kColumns, [](const Row& row) { return row.name; }, parent)
{
}

} // namespace models
