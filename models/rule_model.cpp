#include "models/rule_model.h"

#include "models/text.h"

#include <array>

namespace models {

namespace {

using Row = metrics::RuleRow;

Level levelOf(const Row& row)
{
    if (!row.error.empty()) {
        return Level::Error;
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

constexpr std::array<Column<Row>, 8> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None,
     [](const Row& r) {
         return r.error.empty() ? word(r.state) : QCoreApplication::translate("models", "error");
     },
     [](const Row& r) { return QVariant(-static_cast<int>(r.state) - (r.error.empty() ? 0 : 10)); }, levelOf,
     false,
     [](const Row& r) {
         return QVariant(QString::fromLatin1(r.error.empty() ? metrics::alertStateName(r.state) : "error"));
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
    {"expression", QT_TRANSLATE_NOOP("models", "Expression"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.error.empty() ? r.expr : r.error); },
     [](const Row& r) { return QVariant(text(r.expr)); }},
}};

} // namespace

RuleModel::RuleModel(QObject* parent)
    : KeyedTableModel(
          kColumns, [](const Row& row) { return row.group + '\0' + row.name; }, parent)
{
}

QVariant RuleModel::rowData(const metrics::RuleRow& row, int role) const
{
    return role == NameRole ? QVariant(text(row.name)) : QVariant();
}

} // namespace models
