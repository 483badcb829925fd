#include "models/slot_model.h"

#include "models/text.h"

#include <algorithm>
#include <array>

namespace models {

namespace {

using Row = metrics::SlotRow;

QVariant secondsOf(core::Nanos span)
{
    return core::seconds(span);
}

constexpr Column<Row> kSlot{"slot",
                            QT_TRANSLATE_NOOP("models", "Slot"),
                            Align::Right,
                            core::Unit::None,
                            [](const Row& r) { return QString::number(r.slot); },
                            [](const Row& r) { return QVariant(r.slot); }};
constexpr Column<Row> kState{
    "state",
    QT_TRANSLATE_NOOP("models", "State"),
    Align::Left,
    core::Unit::None,
    [](const Row& r) { return word(r.state); },
    [](const Row& r) { return QVariant(QString::fromLatin1(metrics::slotStateName(r.state))); },
    [](const Row& r) { return SlotModel::levelOf(r.state); }};
constexpr Column<Row> kPid{
    "backend_pid",
    QT_TRANSLATE_NOOP("models", "Backend"),
    Align::Right,
    core::Unit::None,
    [](const Row& r) { return r.backendPid > 0 ? QString::number(r.backendPid) : QStringLiteral("–"); },
    [](const Row& r) { return QVariant(r.backendPid); }};
constexpr Column<Row> kAge{"age",
                           QT_TRANSLATE_NOOP("models", "Age"),
                           Align::Right,
                           core::Unit::Seconds,
                           [](const Row& r) { return spanText(r.age); },
                           [](const Row& r) { return secondsOf(r.age); }};
constexpr Column<Row> kUses{"uses",
                            QT_TRANSLATE_NOOP("models", "Uses"),
                            Align::Right,
                            core::Unit::None,
                            [](const Row& r) { return QString::number(r.uses); },
                            [](const Row& r) { return QVariant(qulonglong(r.uses)); }};
constexpr Column<Row> kHeld{"held",
                            QT_TRANSLATE_NOOP("models", "Held for"),
                            Align::Right,
                            core::Unit::Seconds,
                            [](const Row& r) -> QString {
                                return r.longUse ? QStringLiteral("▲ ") + spanText(r.heldFor)
                                                 : spanText(r.heldFor);
                            },
                            [](const Row& r) { return secondsOf(r.heldFor); }};
constexpr Column<Row> kIdleHeld{"idle_held",
                                QT_TRANSLATE_NOOP("models", "Idle-held"),
                                Align::Right,
                                core::Unit::Seconds,
                                [](const Row& r) { return spanText(r.idleHeldFor); },
                                [](const Row& r) { return secondsOf(r.idleHeldFor); }};
constexpr Column<Row> kTransaction{"transaction_age",
                                   QT_TRANSLATE_NOOP("models", "Transaction"),
                                   Align::Right,
                                   core::Unit::Seconds,
                                   [](const Row& r) { return spanText(r.transactionAge); },
                                   [](const Row& r) { return secondsOf(r.transactionAge); }};
constexpr Column<Row> kTag{"tag", QT_TRANSLATE_NOOP("models", "Taken by"), Align::Left, core::Unit::None,
                           [](const Row& r) { return text(r.tag); }};
constexpr Column<Row> kSite{"site", QT_TRANSLATE_NOOP("models", "Where"), Align::Left, core::Unit::None,
                            [](const Row& r) { return text(r.site); }};
constexpr Column<Row> kStatement{"statement", QT_TRANSLATE_NOOP("models", "Last statement"), Align::Left,
                                 core::Unit::None, [](const Row& r) { return text(r.statement); }};

constexpr std::array kSlotColumns{kSlot, kState, kPid,  kAge, kUses, kHeld, kIdleHeld,
                                  kTransaction, kTag,  kSite, kStatement};
constexpr std::array kHolderColumns{kSlot, kState, kTag, kHeld, kIdleHeld, kTransaction, kPid, kSite, kStatement};

std::span<const Column<Row>> columnsOf(SlotModel::View view)
{
    return view == SlotModel::View::Slots ? std::span<const Column<Row>>(kSlotColumns)
                                          : std::span<const Column<Row>>(kHolderColumns);
}

} // namespace

SlotModel::SlotModel(View view, QObject* parent)
    : KeyedTableModel(
          columnsOf(view), [](const Row& row) { return row.slot; }, parent)
    , m_view(view)
{
}

void SlotModel::show(const metrics::PoolView& pool)
{
    if (m_view == View::Slots) {
        merge(pool.slots);
        return;
    }
    std::vector<Row> held;
    std::copy_if(pool.slots.begin(), pool.slots.end(), std::back_inserter(held),
                 [](const Row& row) { return leased(row.state); });
    merge(held);
}

bool SlotModel::leased(metrics::SlotState state) noexcept
{
    using metrics::SlotState;
    return state == SlotState::Active || state == SlotState::IdleInTransaction || state == SlotState::Held ||
           state == SlotState::Leaked;
}

Level SlotModel::levelOf(metrics::SlotState state) noexcept
{
    switch (state) {
    case metrics::SlotState::Leaked:
        return Level::Critical;
    case metrics::SlotState::Held:
    case metrics::SlotState::IdleInTransaction:
        return Level::Warning;
    case metrics::SlotState::Idle:
    case metrics::SlotState::Active:
        return Level::Ok;
    case metrics::SlotState::Connecting:
    case metrics::SlotState::Validating:
    case metrics::SlotState::Resetting:
    case metrics::SlotState::Closing:
        return Level::Pending;
    case metrics::SlotState::NotOpened:
        return Level::None;
    }
    return Level::None;
}

QVariant SlotModel::rowData(const metrics::SlotRow& row, int role) const
{
    switch (role) {
    case SlotRole:
        return row.slot;
    case SlotStateRole:
        return static_cast<int>(row.state);
    case OverflowRole:
        return row.overflow;
    default:
        return {};
    }
}

} // namespace models
