#include "models/response_models.h"

#include "models/text.h"
#include "models/zone.h"

#include <QCoreApplication>

#include <array>

namespace models {

namespace {

using Step = metrics::ResponseStep;
using Note = metrics::ResponseNote;
using metrics::StepState;

Level levelOf(const Step& step)
{
    switch (step.state) {
    case StepState::Open:
    case StepState::Undone:
        return Level::NoData;
    case StepState::Running:
    case StepState::WouldDo:
        return Level::Pending;
    case StepState::Done:
        return Level::Ok;
    case StepState::Failed:
        return Level::Error;
    }
    return Level::None;
}

QString stateWord(const Step& step)
{
    switch (step.state) {
    case StepState::Open:
        return QCoreApplication::translate("models", "not its turn");
    case StepState::Running:
        return QCoreApplication::translate("models", "under way");
    case StepState::Done:
        return QCoreApplication::translate("models", "in force");
    case StepState::WouldDo:
        return QCoreApplication::translate("models", "rehearsed");
    case StepState::Failed:
        return QCoreApplication::translate("models", "failed");
    case StepState::Undone:
        break;
    }
    return QCoreApplication::translate("models", "taken back");
}

constexpr std::array<Column<Step>, 4> kSteps{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, stateWord,
     [](const Step& s) { return QVariant(static_cast<int>(s.state)); }, levelOf, false,
     [](const Step& s) { return QVariant(QString::fromLatin1(metrics::stepStateName(s.state))); }},
    {"step", QT_TRANSLATE_NOOP("models", "Step"), Align::Left, core::Unit::None,
     [](const Step& s) { return text(s.title); }},
    {"since", QT_TRANSLATE_NOOP("models", "Since"), Align::Right, core::Unit::None,
     [](const Step& s) { return Zone::of().clock(s.since); },
     [](const Step& s) { return QVariant(static_cast<qlonglong>(s.since.time_since_epoch().count())); }},
    {"outcome", QT_TRANSLATE_NOOP("models", "Outcome"), Align::Left, core::Unit::None,
     [](const Step& s) { return text(s.detail); }},
}};

constexpr std::array<Column<Note>, 2> kNotes{{
    {"time", QT_TRANSLATE_NOOP("models", "Time"), Align::Left, core::Unit::None,
     [](const Note& n) { return Zone::of().clock(n.at); },
     [](const Note& n) { return QVariant(static_cast<qlonglong>(n.at.time_since_epoch().count())); }},
    {"event", QT_TRANSLATE_NOOP("models", "Event"), Align::Left, core::Unit::None,
     [](const Note& n) { return text(n.text); }},
}};

} // namespace

StepModel::StepModel(QObject* parent)
    : KeyedTableModel(
          kSteps, [](const Step& step) { return step.id; }, parent)
{
}

ResponseLogModel::ResponseLogModel(QObject* parent)
    : KeyedTableModel(
          kNotes,
          [](const Note& note) {
              return std::to_string(note.at.time_since_epoch().count()) + ' ' + note.text;
          },
          parent)
{
}

} // namespace models
