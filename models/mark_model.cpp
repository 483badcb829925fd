#include "models/mark_model.h"

#include "models/text.h"
#include "models/zone.h"
#include "monitor/core/format.h"

#include <array>

namespace models {

namespace {

using Row = metrics::DiaryEntry;

core::Nanos lasted(const Row& row)
{
    return row.mark.until > row.mark.at ? core::Nanos(row.mark.until - row.mark.at) : core::Nanos(0);
}

Level levelOf(const Row& row)
{
    switch (row.mark.kind) {
    case metrics::Mark::Kind::AlertFired:
        return Level::Warning;
    case metrics::Mark::Kind::ServerDown:
        return Level::Critical;
    case metrics::Mark::Kind::AlertResolved:
    case metrics::Mark::Kind::ServerUp:
        return Level::Ok;
    case metrics::Mark::Kind::ScenarioStarted:
    case metrics::Mark::Kind::ScenarioEnded:
    case metrics::Mark::Kind::SettingChanged:
    case metrics::Mark::Kind::Note:
    case metrics::Mark::Kind::Restarted:
    case metrics::Mark::Kind::Gap:
        break;
    }
    return Level::None;
}

constexpr std::array<Column<Row>, 4> kColumns{{
    {"time_utc", QT_TRANSLATE_NOOP("models", "Time"), Align::Left, core::Unit::None,
     [](const Row& r) { return Zone::of().full(r.mark.at); },
     [](const Row& r) { return QVariant(qlonglong(core::epochMillis(r.mark.at))); }, nullptr, false,
     [](const Row& r) { return QVariant(QString::fromStdString(core::isoUtc(r.mark.at))); }},
    {"kind", QT_TRANSLATE_NOOP("models", "What"), Align::Left, core::Unit::None,
     [](const Row& r) { return word(r.mark.kind); }, nullptr, levelOf, false,
     [](const Row& r) {
         const std::string_view name = metrics::markKindName(r.mark.kind);
         return QVariant(QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())));
     }},
    {"lasted", QT_TRANSLATE_NOOP("models", "Lasted"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(lasted(r)); },
     [](const Row& r) { return lasted(r).count() > 0 ? QVariant(core::seconds(lasted(r))) : QVariant(); }},
    {"text", QT_TRANSLATE_NOOP("models", "Text"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.mark); }, nullptr, nullptr, false,
     [](const Row& r) { return QVariant(text(r.mark.text)); }},
}};

} // namespace

MarkModel::MarkModel(QObject* parent)
    : KeyedTableModel(
          kColumns,
          [](const Row& row) {
              return std::to_string(core::epochMillis(row.mark.at)) +
                     std::string(metrics::markKindName(row.mark.kind)) + row.mark.text;
          },
          parent)
{
}

} // namespace models
