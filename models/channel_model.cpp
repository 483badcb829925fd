#include "models/channel_model.h"

#include "models/text.h"
#include "models/zone.h"

#include <array>

namespace models {

namespace {

using Row = metrics::ChannelRow;

bool failing(const Row& row)
{
    return row.lastFailure > row.lastSent && !row.lastError.empty();
}

QString state(const Row& row)
{
    if (!row.enabled) {
        return QCoreApplication::translate("models", "off");
    }
    if (failing(row)) {
        return QCoreApplication::translate("models", "failing");
    }
    return row.quiet ? QCoreApplication::translate("models", "quiet")
                     : QCoreApplication::translate("models", "ready");
}

Level levelOf(const Row& row)
{
    if (!row.enabled) {
        return Level::NoData;
    }
    return failing(row) ? Level::Error : Level::Ok;
}

QString timeText(core::WallTime at)
{
    return at.time_since_epoch().count() == 0 ? QStringLiteral("–") : Zone::of().full(at);
}

constexpr std::array<Column<Row>, 8> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, state, {}, levelOf},
    {"channel", QT_TRANSLATE_NOOP("models", "Channel"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.name); }},
    {"kind", QT_TRANSLATE_NOOP("models", "Kind"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.kind); }},
    {"sent", QT_TRANSLATE_NOOP("models", "Sent"), Align::Right, core::Unit::Count,
     [](const Row& r) { return QString::number(r.sent); },
     [](const Row& r) { return QVariant::fromValue(quint64(r.sent)); }},
    {"failed", QT_TRANSLATE_NOOP("models", "Failed"), Align::Right, core::Unit::Count,
     [](const Row& r) { return QString::number(r.failed + r.expired); },
     [](const Row& r) { return QVariant::fromValue(quint64(r.failed + r.expired)); }},
    {"queued", QT_TRANSLATE_NOOP("models", "Queued"), Align::Right, core::Unit::Count,
     [](const Row& r) { return QString::number(r.queued); },
     [](const Row& r) { return QVariant::fromValue(quint64(r.queued)); }},
    {"last_sent", QT_TRANSLATE_NOOP("models", "Last sent"), Align::Left, core::Unit::None,
     [](const Row& r) { return timeText(r.lastSent); },
     [](const Row& r) { return QVariant::fromValue(qint64(r.lastSent.time_since_epoch().count())); }},
    {"last_error", QT_TRANSLATE_NOOP("models", "Last error"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.lastError); }},
}};

} // namespace

ChannelModel::ChannelModel(QObject* parent)
    : KeyedTableModel(
          kColumns, [](const Row& row) { return row.name; }, parent)
{
}

} // namespace models
