#include "models/exemplar_model.h"

#include "models/text.h"
#include "models/zone.h"
#include "monitor/core/format.h"

#include <array>
#include <string_view>

namespace models {

namespace {

using Row = metrics::Exemplar;

QString labelOf(const Row& row, std::string_view name)
{
    for (const auto& [key, value] : row.labels) {
        if (key == name) {
            return text(value);
        }
    }
    return {};
}

constexpr std::array<Column<Row>, 6> kColumns{{
    {"ts_utc", QT_TRANSLATE_NOOP("models", "Time"), Align::Left, core::Unit::None,
     [](const Row& r) { return Zone::of().clockMillis(r.at); },
     [](const Row& r) { return QVariant(text(core::isoUtc(r.at))); }},
    {"value", QT_TRANSLATE_NOOP("models", "Took"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return valueText(r.value, core::Unit::Seconds); },
     [](const Row& r) { return QVariant(r.value); }},
    {"tag", QT_TRANSLATE_NOOP("models", "Caller"), Align::Left, core::Unit::None,
     [](const Row& r) { return labelOf(r, "tag"); }},
    {"slot", QT_TRANSLATE_NOOP("models", "Slot"), Align::Right, core::Unit::None,
     [](const Row& r) {
         const QString slot = labelOf(r, "slot");
         return slot.isEmpty() ? QStringLiteral("–") : slot; // it got none
     },
     [](const Row& r) { return QVariant(labelOf(r, "slot").toInt()); }},
    {"site", QT_TRANSLATE_NOOP("models", "Where"), Align::Left, core::Unit::None,
     [](const Row& r) { return labelOf(r, "site"); }},
    {"fingerprint", QT_TRANSLATE_NOOP("models", "Fingerprint"), Align::Left, core::Unit::None,
     [](const Row& r) { return labelOf(r, "fingerprint"); }},
}};

} // namespace

ExemplarModel::ExemplarModel(QObject* parent)
    : SharedRowsModel(kColumns, parent)
{
}

} // namespace models
