#include "models/incident_model.h"

#include "models/text.h"
#include "models/zone.h"

#include <array>

namespace models {

namespace {

using Row = metrics::Incident;

Level levelOf(const Row& row)
{
    return !row.open()                                   ? Level::Ok
           : row.severity == metrics::Severity::Critical ? Level::Critical
                                                         : Level::Warning;
}

QVariant secondsOf(core::WallTime at)
{
    return static_cast<double>(core::epochMillis(at)) / 1000.0;
}

// What came of it and when, counted from the moment it fired; "–" when it did not.
core::Nanos after(const Row& row, core::WallTime at)
{
    return at != core::WallTime{} ? core::Nanos(at - row.firedAt) : core::Nanos(0);
}

QVariant spanOf(const Row& row, core::WallTime at)
{
    return at != core::WallTime{} ? QVariant(core::seconds(after(row, at))) : QVariant();
}

// From the moment the condition began to hold.
core::Nanos whole(const Row& row)
{
    return row.open() ? core::Nanos(0) : core::Nanos(row.resolvedAt - row.activeSince);
}

constexpr std::array<Column<Row>, 9> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None,
     [](const Row& r) {
         return r.open() ? word(metrics::AlertState::Firing) : word(metrics::AlertState::Resolved);
     },
     [](const Row& r) { return QVariant(r.open() ? 0 : 1); }, levelOf, false,
     [](const Row& r) { return QVariant(QString::fromLatin1(r.open() ? "firing" : "resolved")); }},
    {"alert", QT_TRANSLATE_NOOP("models", "Alert"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.rule); }},
    {"severity", QT_TRANSLATE_NOOP("models", "Severity"), Align::Left, core::Unit::None,
     [](const Row& r) { return word(r.severity); },
     [](const Row& r) { return QVariant(-static_cast<int>(r.severity)); }, nullptr, false,
     [](const Row& r) { return QVariant(QString::fromLatin1(metrics::severityName(r.severity))); }},
    {"fired", QT_TRANSLATE_NOOP("models", "Fired"), Align::Left, core::Unit::None,
     [](const Row& r) { return Zone::of().full(r.firedAt); },
     [](const Row& r) { return secondsOf(r.firedAt); }},
    {"duration", QT_TRANSLATE_NOOP("models", "Lasted"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(whole(r)); },
     [](const Row& r) { return r.open() ? QVariant() : QVariant(core::seconds(whole(r))); }},
    {"acked_after", QT_TRANSLATE_NOOP("models", "Ack. after"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(after(r, r.ackedAt)); },
     [](const Row& r) { return spanOf(r, r.ackedAt); }},
    {"resolved_after", QT_TRANSLATE_NOOP("models", "Resolved after"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(after(r, r.resolvedAt)); },
     [](const Row& r) { return spanOf(r, r.resolvedAt); }},
    {"acked_by", QT_TRANSLATE_NOOP("models", "By"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.ackedBy); }},
    {"summary", QT_TRANSLATE_NOOP("models", "What it means"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.description.empty() ? r.summary : r.description); }},
}};

} // namespace

IncidentModel::IncidentModel(QObject* parent)
    : KeyedTableModel(
          kColumns, [](const Row& row) { return row.id; }, parent)
{
}

QVariant IncidentModel::rowData(const metrics::Incident& row, int role) const
{
    return role == NameRole ? QVariant(text(row.rule)) : QVariant();
}

} // namespace models
