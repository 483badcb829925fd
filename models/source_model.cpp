#include "models/source_model.h"

#include "models/text.h"

#include <array>

namespace models {

namespace {

using Row = metrics::SourceStatus;

Level levelOf(const Row& row)
{
    switch (row.state) {
    case metrics::SourceState::Ok:
        return Level::Ok;
    case metrics::SourceState::Stale:
        return Level::Warning;
    case metrics::SourceState::Failed:
        return Level::Error;
    case metrics::SourceState::Unavailable:
        return Level::NoData;
    }
    return Level::None;
}

const char* stateName(metrics::SourceState state)
{
    switch (state) {
    case metrics::SourceState::Ok:
        return "ok";
    case metrics::SourceState::Stale:
        return "stale";
    case metrics::SourceState::Failed:
        return "failed";
    case metrics::SourceState::Unavailable:
        return "unavailable";
    }
    return "";
}

constexpr std::array<Column<Row>, 5> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None,
     [](const Row& r) { return word(r.state); },
     [](const Row& r) { return QVariant(-static_cast<int>(r.state)); }, levelOf, false,
     [](const Row& r) { return QVariant(QString::fromLatin1(stateName(r.state))); }},
    {"source", QT_TRANSLATE_NOOP("models", "Source"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.name); }},
    {"age", QT_TRANSLATE_NOOP("models", "Age"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return spanText(r.age); },
     [](const Row& r) { return QVariant(core::seconds(r.age)); }},
    {"cost", QT_TRANSLATE_NOOP("models", "Cost"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return valueText(core::seconds(r.cost), core::Unit::Seconds); },
     [](const Row& r) { return QVariant(core::seconds(r.cost)); }},
    {"reason", QT_TRANSLATE_NOOP("models", "Reason"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.text); }},
}};

} // namespace

SourceModel::SourceModel(QObject* parent)
    : KeyedTableModel(
          kColumns, [](const Row& row) { return row.name; }, parent)
{
}

} // namespace models
