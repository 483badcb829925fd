#include "widgets/panels/pool_knobs.h"

#include "models/text.h"

#include <QCoreApplication>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <string_view>

namespace widgets {

namespace {

using Kind = PoolKnob::Kind;

constexpr double kDay = 86'400;

constexpr std::array<const char*, 2> kOrders{QT_TRANSLATE_NOOP("widgets::PoolKnobs", "first in, first out"),
                                             QT_TRANSLATE_NOOP("widgets::PoolKnobs", "last in, first out")};
constexpr std::array<const char*, 4> kResets{QT_TRANSLATE_NOOP("widgets::PoolKnobs", "nothing"),
                                             QT_TRANSLATE_NOOP("widgets::PoolKnobs", "roll back"),
                                             QT_TRANSLATE_NOOP("widgets::PoolKnobs", "roll back and clean"),
                                             QT_TRANSLATE_NOOP("widgets::PoolKnobs", "DISCARD ALL")};

constexpr std::array<PoolKnob, 18> kKnobs{{
    {"pool_size", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Size"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs",
                       "Connections kept open. 0 keeps all and limits those in use to the overflow."),
     Kind::Whole, 0, 10'000},
    {"max_overflow", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Overflow"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs",
                       "Further connections, closed when they come back. -1 means no limit."),
     Kind::Whole, -1, 10'000},
    {"pool_timeout", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Timeout"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs",
                       "How long a caller waits for a connection: queue, connect and validate together."),
     Kind::Seconds, 0.001, 3600},
    {"pool_recycle", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Recycle after"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs",
                       "Age at which a connection is replaced at its next use. 0 means never."),
     Kind::Seconds, 0, 365 * kDay},
    {"pre_ping", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Pre-ping"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs",
                       "Looks whether a connection still lives before it is handed out."),
     Kind::Switch, 0, 1},
    {"idle_order", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Idle order"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Which idle connection is handed out next."), Kind::Choice, 0, 1,
     kOrders},
    {"overflow_linger", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Overflow lingers"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "How long an idle overflow connection stays open."),
     Kind::Seconds, 0, kDay},
    {"min_idle", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Idle at least"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Idle connections kept ready."), Kind::Whole, 0, 10'000},
    {"max_waiters", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Waiters at most"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Callers beyond it are turned away at once. 0 means no bound."),
     Kind::Whole, 0, 1'000'000},
    {"reset", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "On return"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "What is done to a connection when it comes back."),
     Kind::Choice, 0, 3, kResets},
    {"connect_timeout", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Connect within"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Time to open a connection."), Kind::Seconds, 0.05, 600},
    {"validate_after", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Validate after"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Idle for longer: a query, not only a look at the socket."),
     Kind::Seconds, 0, kDay},
    {"validate_timeout", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Validate within"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Time for that query."), Kind::Seconds, 0.01, 600},
    {"reset_timeout", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Reset within"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Time to make a returned connection ready again."),
     Kind::Seconds, 0.01, 600},
    {"slow_acquire", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Slow wait"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "A longer wait for a connection is logged."), Kind::Seconds, 0,
     3600},
    {"slow_query", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Slow query"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "A longer statement counts as slow and is logged."),
     Kind::Seconds, 0, 3600},
    {"long_use", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Long use"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "A connection held for longer is logged."), Kind::Seconds, 0,
     kDay},
    {"leak_after", QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Leak after"),
     QT_TRANSLATE_NOOP("widgets::PoolKnobs", "Held without a statement for longer: suspected leak."),
     Kind::Seconds, 0.1, kDay},
}};

QString words(const char* english)
{
    return QCoreApplication::translate("widgets::PoolKnobs", english);
}

// The ten that the pool's own view carries.
double viewValue(std::string_view name, const metrics::PoolConfigView& config)
{
    const struct {
        std::string_view name;
        double value;
    } known[] = {{"pool_size", static_cast<double>(config.size)},
                 {"max_overflow", static_cast<double>(config.maxOverflow)},
                 {"pool_timeout", core::seconds(config.timeout)},
                 {"pool_recycle", core::seconds(config.recycle)},
                 {"pre_ping", config.prePing ? 1.0 : 0.0},
                 {"idle_order", config.lifo ? 1.0 : 0.0},
                 {"slow_acquire", core::seconds(config.slowAcquire)},
                 {"slow_query", core::seconds(config.slowQuery)},
                 {"long_use", core::seconds(config.longUse)},
                 {"leak_after", core::seconds(config.leakAfter)}};
    for (const auto& entry : known) {
        if (entry.name == name) {
            return entry.value;
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace

std::span<const PoolKnob> poolKnobs()
{
    return kKnobs;
}

double knobValue(const PoolKnob& knob, const metrics::Snapshot& snapshot)
{
    if (!snapshot.pool.present) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double told = snapshot.value("db_pool_config", {{"key", knob.name}});
    return std::isnan(told) ? viewValue(knob.name, snapshot.pool.config) : told;
}

QString knobText(const PoolKnob& knob, double value)
{
    if (std::isnan(value)) {
        return QStringLiteral("–");
    }
    switch (knob.kind) {
    case Kind::Whole:
        return QString::number(value, 'f', 0);
    case Kind::Seconds:
        return QString::number(value) + QStringLiteral(" s");
    case Kind::Switch:
        return value >= 0.5 ? words(QT_TRANSLATE_NOOP("widgets::PoolKnobs", "on"))
                            : words(QT_TRANSLATE_NOOP("widgets::PoolKnobs", "off"));
    case Kind::Choice:
        break;
    }
    const auto index = static_cast<std::size_t>(std::max(0.0, value));
    return index < knob.choices.size() ? words(knob.choices[index]) : QString::number(value);
}

QString knobTitle(const PoolKnob& knob)
{
    return words(knob.title);
}

QString knobHelp(const PoolKnob& knob)
{
    return words(knob.help);
}

} // namespace widgets
