#include "models/alert_model.h"

#include "models/text.h"
#include "models/zone.h"

#include <array>

namespace models {

namespace {

using Row = metrics::AlertRow;

QVariant number(double value)
{
    return QVariant(value);
}

// Firing before recovering before pending before resolved, critical before warning.
QVariant rank(const Row& row)
{
    const int state = row.state == metrics::AlertState::Firing       ? 0
                      : row.state == metrics::AlertState::Recovering ? 1
                      : row.state == metrics::AlertState::Pending    ? 2
                                                                     : 3;
    return state * 10 + (2 - static_cast<int>(row.severity)) * 2 + (row.muted() ? 1 : 0);
}

QString stateText(const Row& row)
{
    if (row.state == metrics::AlertState::Firing && row.inhibited) {
        return QCoreApplication::translate("models", "inhibited by %1").arg(text(row.inhibitedBy));
    }
    if (row.state == metrics::AlertState::Firing) {
        return word(row.severity);
    }
    if (row.state == metrics::AlertState::Recovering) {
        return QCoreApplication::translate("models", "resolves in %1").arg(spanText(row.resolvesIn));
    }
    return row.state == metrics::AlertState::Pending && row.firesIn.count() > 0
               ? QCoreApplication::translate("models", "fires in %1").arg(spanText(row.firesIn))
               : word(row.state);
}

core::WallTime sinceOf(const Row& row)
{
    return row.state == metrics::AlertState::Resolved ? row.resolvedAt
           : metrics::isOpen(row.state)                   ? row.firedAt
                                                          : row.activeSince;
}

// Who says so: a server's name, or whether it is ours to tell.
QString sourceOf(const Row& row)
{
    if (!row.source.empty()) {
        return text(row.source);
    }
    return row.owner == metrics::RuleOwner::Shadow && row.quiet
               ? QCoreApplication::translate("models", "shadow")
           : row.quiet ? QCoreApplication::translate("models", "here, not told")
                       : QCoreApplication::translate("models", "here");
}

constexpr std::array<Column<Row>, 8> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, stateText, rank,
     AlertModel::levelOf, true,
     [](const Row& r) { return QVariant(QString::fromLatin1(metrics::alertStateName(r.state))); }},
    {"alert", QT_TRANSLATE_NOOP("models", "Alert"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.name); }},
    {"value", QT_TRANSLATE_NOOP("models", "Value"), Align::Right, core::Unit::None,
     [](const Row& r) { return valueText(r.value, r.unit); }, [](const Row& r) { return number(r.value); }},
    {"threshold", QT_TRANSLATE_NOOP("models", "Threshold"), Align::Right, core::Unit::None,
     [](const Row& r) { return thresholdText(r.op, r.threshold, r.unit); },
     [](const Row& r) { return r.threshold ? number(*r.threshold) : QVariant(); }},
    {"since", QT_TRANSLATE_NOOP("models", "Since"), Align::Right, core::Unit::None,
     [](const Row& r) { return Zone::of().clock(sinceOf(r)); },
     [](const Row& r) { return number(static_cast<double>(core::epochMillis(sinceOf(r))) / 1000.0); }},
    {"active", QT_TRANSLATE_NOOP("models", "For"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(r.activeFor); },
     [](const Row& r) { return number(core::seconds(r.activeFor)); }},
    {"source", QT_TRANSLATE_NOOP("models", "Told by"), Align::Left, core::Unit::None, sourceOf, nullptr, nullptr,
     false,
     [](const Row& r) {
         return QVariant(r.source.empty() ? QString::fromLatin1(r.quiet ? metrics::ruleOwnerName(r.owner) : "local")
                                          : text(r.source));
     }},
    {"summary", QT_TRANSLATE_NOOP("models", "What it means"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.description.empty() ? r.summary : r.description); }},
}};

std::string keyOf(const Row& row)
{
    std::string key = row.name + '\0' + row.source;
    for (const auto& [name, value] : row.labels) {
        key.append(1, '\0').append(name).append(1, '\0').append(value);
    }
    return key;
}

} // namespace

AlertModel::AlertModel(QObject* parent)
    : KeyedTableModel(kColumns, keyOf, parent)
{
}

Level AlertModel::levelOf(const metrics::AlertRow& row) noexcept
{
    switch (row.state) {
    case metrics::AlertState::Pending:
        return Level::Pending;
    case metrics::AlertState::Recovering:
    case metrics::AlertState::Firing:
        return row.muted() || (row.quiet && row.owner == metrics::RuleOwner::Shadow) ? Level::NoData
               : row.severity == metrics::Severity::Critical ? Level::Critical
               : row.severity == metrics::Severity::Warning  ? Level::Warning
                                                             : Level::Ok;
    case metrics::AlertState::Inactive:
    case metrics::AlertState::Resolved:
        return Level::Ok;
    }
    return Level::None;
}

QVariant AlertModel::rowData(const metrics::AlertRow& row, int role) const
{
    if (role == NameRole) {
        return text(row.name);
    }
    const double whole = core::seconds(row.activeFor + row.firesIn);
    if (role == ProgressRole && row.state == metrics::AlertState::Pending && whole > 0) {
        return core::seconds(row.activeFor) / whole;
    }
    return {};
}

} // namespace models
