#include "models/waiter_model.h"

#include "models/text.h"

#include <array>

namespace models {

namespace {

using Row = metrics::WaiterRow;

QString phaseWord(const std::string& phase)
{
    if (phase == "queue") {
        return QCoreApplication::translate("models", "in the queue");
    }
    if (phase == "connect") {
        return QCoreApplication::translate("models", "connecting");
    }
    return phase == "validate" ? QCoreApplication::translate("models", "validating") : text(phase);
}

constexpr std::array<Column<Row>, 6> kColumns{{
    {"position", QT_TRANSLATE_NOOP("models", "#"), Align::Right, core::Unit::None,
     [](const Row& r) { return QString::number(r.position); },
     [](const Row& r) { return QVariant(r.position); }},
    {"tag", QT_TRANSLATE_NOOP("models", "Caller"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.tag); }},
    {"waiting", QT_TRANSLATE_NOOP("models", "Waits for"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(r.waitingFor); },
     [](const Row& r) { return QVariant(core::seconds(r.waitingFor)); }},
    {"deadline_left", QT_TRANSLATE_NOOP("models", "Gives up in"), Align::Right, core::Unit::Seconds,
     [](const Row& r) {
         return r.deadlineLeft == core::Nanos::max() ? QStringLiteral("–") : spanText(r.deadlineLeft);
     },
     [](const Row& r) { return QVariant(core::seconds(r.deadlineLeft)); }, nullptr, true},
    {"phase", QT_TRANSLATE_NOOP("models", "Phase"), Align::Left, core::Unit::None,
     [](const Row& r) { return phaseWord(r.phase); }, [](const Row& r) { return QVariant(text(r.phase)); }},
    {"site", QT_TRANSLATE_NOOP("models", "Where"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.site); }},
}};

} // namespace

WaiterModel::WaiterModel(QObject* parent)
    : SharedRowsModel(kColumns, parent)
{
}

QVariant WaiterModel::rowData(const metrics::WaiterRow& row, int role) const
{
    const double whole = core::seconds(row.waitingFor) + core::seconds(row.deadlineLeft);
    return role == ProgressRole && whole > 0 ? QVariant(core::seconds(row.waitingFor) / whole) : QVariant();
}

} // namespace models
