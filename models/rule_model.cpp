#include "models/rule_model.h"

#include "models/text.h"
#include "models/zone.h"

#include <array>

namespace models {

namespace {

using Row = metrics::RuleRow;

Level levelOf(const Row& row)
{
    if (!row.error.empty()) {
        return Level::Error;
    }
    if (row.disabled) {
        return Level::None;
    }
    switch (row.state) {
    case metrics::AlertState::Pending:
        return Level::Pending;
    case metrics::AlertState::Firing:
    case metrics::AlertState::Recovering:
        return row.severity == metrics::Severity::Critical ? Level::Critical : Level::Warning;
    case metrics::AlertState::Inactive:
    case metrics::AlertState::Resolved:
        return Level::Ok;
    }
    return Level::None;
}

QString stateOf(const Row& row)
{
    return !row.error.empty() ? QCoreApplication::translate("models", "error")
           : row.disabled     ? QCoreApplication::translate("models", "disabled")
                              : word(row.state);
}

// Whose it is, and whether it is as its file has it.
QString originOf(const Row& row)
{
    return row.own       ? QCoreApplication::translate("models", "your own")
           : row.shipped ? QCoreApplication::translate("models", "changed by you")
                         : QCoreApplication::translate("models", "as in its file");
}

const char* originName(const Row& row)
{
    return row.own ? "own" : row.shipped ? "changed" : "file";
}

// Whose word counts, and where that is not as it should be or both sides differ.
QString ownerOf(const Row& row)
{
    using Watch = metrics::RuleStanding::Watch;
    const metrics::RuleStanding& standing = row.standing;
    const QString server = standing.server.empty() ? QStringLiteral("Prometheus") : text(standing.server);
    const QString since = Zone::of().clock(standing.since);
    switch (row.owner) {
    case metrics::RuleOwner::Local:
        return QCoreApplication::translate("models", "local");
    case metrics::RuleOwner::Prometheus:
        break;
    case metrics::RuleOwner::Shadow:
        if (!standing.known) {
            return QCoreApplication::translate("models", "shadow, not at %1").arg(server);
        }
        return standing.differences.empty()
                   ? QCoreApplication::translate("models", "shadow, same as %1").arg(server)
                   : QCoreApplication::translate("models", "shadow, differs since %1")
                         .arg(Zone::of().clock(standing.differences.front().since));
    }
    switch (standing.watch) {
    case Watch::There:
        return server;
    case Watch::Nobody:
        return QCoreApplication::translate("models", "%1, unwatched since %2").arg(server, since);
    case Watch::TakenOver:
        return QCoreApplication::translate("models", "%1, told here since %2").arg(server, since);
    case Watch::Here: // not evaluated: disabled
        break;
    }
    return server;
}

QVariant ownerRank(const Row& row)
{
    return static_cast<int>(row.owner) * 10 + static_cast<int>(row.standing.watch) +
           (row.standing.differences.empty() ? 0 : 5);
}

Level ownerLevel(const Row& row)
{
    using Watch = metrics::RuleStanding::Watch;
    const bool wrong = row.standing.watch == Watch::Nobody || row.standing.watch == Watch::TakenOver ||
                       !row.standing.differences.empty();
    return wrong ? Level::Warning : Level::None;
}

constexpr std::array<Column<Row>, 10> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None,
     stateOf,
     [](const Row& r) { return QVariant(-static_cast<int>(r.state) - (r.error.empty() ? 0 : 10)); }, levelOf,
     false,
     [](const Row& r) {
         return QVariant(QString::fromLatin1(!r.error.empty() ? "error"
                                             : r.disabled     ? "disabled"
                                                              : metrics::alertStateName(r.state)));
     }},
    {"rule", QT_TRANSLATE_NOOP("models", "Rule"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.name); }},
    {"value", QT_TRANSLATE_NOOP("models", "Now"), Align::Right, core::Unit::None,
     [](const Row& r) { return valueText(r.value, r.unit); }, [](const Row& r) { return QVariant(r.value); }},
    {"threshold", QT_TRANSLATE_NOOP("models", "Threshold"), Align::Right, core::Unit::None,
     [](const Row& r) { return thresholdText(r.op, r.threshold, r.unit); },
     [](const Row& r) { return r.threshold ? QVariant(*r.threshold) : QVariant(); }},
    {"for", QT_TRANSLATE_NOOP("models", "Must hold"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(r.holdFor); },
     [](const Row& r) { return QVariant(core::seconds(r.holdFor)); }},
    {"severity", QT_TRANSLATE_NOOP("models", "Severity"), Align::Left, core::Unit::None,
     [](const Row& r) { return word(r.severity); },
     [](const Row& r) { return QVariant(-static_cast<int>(r.severity)); }, nullptr, false,
     [](const Row& r) { return QVariant(QString::fromLatin1(metrics::severityName(r.severity))); }},
    {"group", QT_TRANSLATE_NOOP("models", "Group"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.group); }},
    {"owner", QT_TRANSLATE_NOOP("models", "Owner"), Align::Left, core::Unit::None, ownerOf, ownerRank, ownerLevel,
     false, [](const Row& r) { return QVariant(QString::fromLatin1(metrics::ruleOwnerName(r.owner))); }},
    {"origin", QT_TRANSLATE_NOOP("models", "Whose"), Align::Left, core::Unit::None, originOf, nullptr, nullptr, false,
     [](const Row& r) { return QVariant(QString::fromLatin1(originName(r))); }},
    {"expression", QT_TRANSLATE_NOOP("models", "Expression"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.error.empty() ? r.expr : r.error); },
     [](const Row& r) { return QVariant(text(r.expr)); }},
}};

} // namespace

RuleModel::RuleModel(QObject* parent)
    : KeyedTableModel(
          kColumns, [](const Row& row) { return row.file + '\n' + row.group + '\n' + row.name + '\n' + std::to_string(row.number); }, parent)
{
}

QVariant RuleModel::rowData(const metrics::RuleRow& row, int role) const
{
    return role == NameRole ? QVariant(text(row.name)) : QVariant();
}

} // namespace models
