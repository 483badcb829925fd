#include "models/autopsy_model.h"

#include "models/text.h"
#include "models/zone.h"
#include "monitor/core/format.h"

#include <array>

namespace models {

namespace {

using Row = AutopsyRowPtr;

QString outcomeWord(const std::string& outcome)
{
    if (outcome == "timeout") {
        return QCoreApplication::translate("models", "timed out");
    }
    return outcome == "queue_full" ? QCoreApplication::translate("models", "queue full") : text(outcome);
}

constexpr std::array<Column<Row>, 7> kColumns{{
    {"ts_utc", QT_TRANSLATE_NOOP("models", "Time"), Align::Left, core::Unit::None,
     [](const Row& r) { return Zone::of().clockMillis(r->at); },
     [](const Row& r) { return QVariant(static_cast<qulonglong>(r->number)); }, nullptr, false,
     [](const Row& r) { return QVariant(text(core::isoUtc(r->at))); }},
    {"outcome", QT_TRANSLATE_NOOP("models", "Outcome"), Align::Left, core::Unit::None,
     [](const Row& r) { return outcomeWord(r->outcome); },
     [](const Row& r) { return QVariant(text(r->outcome)); }},
    {"waited", QT_TRANSLATE_NOOP("models", "Waited"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(r->waited); },
     [](const Row& r) { return QVariant(core::seconds(r->waited)); }},
    {"in_use", QT_TRANSLATE_NOOP("models", "In use"), Align::Right, core::Unit::None,
     [](const Row& r) { return QString::number(r->checkedOut); },
     [](const Row& r) { return QVariant(r->checkedOut); }},
    {"waiting", QT_TRANSLATE_NOOP("models", "Waiting"), Align::Right, core::Unit::None,
     [](const Row& r) { return QString::number(r->waiting); },
     [](const Row& r) { return QVariant(r->waiting); }},
    {"tag", QT_TRANSLATE_NOOP("models", "Caller"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r->tag); }},
    {"site", QT_TRANSLATE_NOOP("models", "Where"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r->site); }},
}};

} // namespace

AutopsyModel::AutopsyModel(QObject* parent)
    : SharedRowsModel(kColumns, parent)
{
}

} // namespace models
