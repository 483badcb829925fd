#include "widgets/health.h"

#include "models/text.h"

#include <QCoreApplication>

namespace widgets {

namespace {

constexpr double kWarningUsage = 0.8;  // contract section 1: > 80 % warning
constexpr double kCriticalUsage = 0.9; // contract section 1: > 90 % critical

QString words(const char* english)
{
    return QCoreApplication::translate("widgets::Health", english);
}

void worsen(Health& health, StatusLevel level, const QString& cause, core::WallTime since)
{
    if (rankOf(level) > rankOf(health.level)) {
        health.level = level;
        health.cause = cause;
        health.since = since;
    }
}

void judgeServer(Health& health, const metrics::ServerView& server)
{
    using State = metrics::ServerView::State;
    switch (server.state) {
    case State::Unknown:
        break;
    case State::Starting:
        health.level = StatusLevel::Pending;
        health.cause = words(QT_TRANSLATE_NOOP("widgets::Health", "PostgreSQL is starting"));
        health.since = server.since;
        break;
    case State::Up:
        health.level = StatusLevel::Ok;
        break;
    case State::Down:
        worsen(health, StatusLevel::Critical,
               words(QT_TRANSLATE_NOOP("widgets::Health", "PostgreSQL does not answer")), server.since);
        break;
    }
}

void judgePool(Health& health, const metrics::PoolView& pool)
{
    if (!pool.present) {
        return;
    }
    if (health.level == StatusLevel::NoData) {
        health.level = StatusLevel::Ok;
    }
    health.value = models::valueText(pool.usage, core::Unit::Ratio);
    if (pool.state == "down") {
        worsen(health, StatusLevel::Critical,
               words(QT_TRANSLATE_NOOP("widgets::Health", "pool cannot connect")), pool.stateSince);
    } else if (pool.state == "suspended") {
        worsen(health, StatusLevel::Warning, words(QT_TRANSLATE_NOOP("widgets::Health", "pool is suspended")),
               pool.stateSince);
    } else if (pool.state == "draining") {
        worsen(health, StatusLevel::Warning, words(QT_TRANSLATE_NOOP("widgets::Health", "pool is draining")),
               pool.stateSince);
    }
}

void judgeUsage(Health& health, const metrics::PoolView& pool)
{
    if (pool.present && pool.usage > kCriticalUsage) {
        worsen(health, StatusLevel::Critical,
               words(QT_TRANSLATE_NOOP("widgets::Health", "pool usage over 90 %")), {});
    } else if (pool.present && pool.usage > kWarningUsage) {
        worsen(health, StatusLevel::Warning,
               words(QT_TRANSLATE_NOOP("widgets::Health", "pool usage over 80 %")), {});
    }
}

void judgeAlert(Health& health, const metrics::AlertRow& alert)
{
    const QString name = models::text(alert.name);
    if (alert.state == metrics::AlertState::Pending) {
        worsen(health, StatusLevel::Pending, name, alert.activeSince);
    } else if (metrics::isOpen(alert.state) && !alert.muted() &&
               alert.severity != metrics::Severity::Info) {
        const bool critical = alert.severity == metrics::Severity::Critical;
        worsen(health, critical ? StatusLevel::Critical : StatusLevel::Warning, name, alert.firedAt);
    }
}

} // namespace

Health healthOf(const metrics::Snapshot& snapshot)
{
    Health health;
    judgeServer(health, snapshot.server);
    judgePool(health, snapshot.pool);
    for (const metrics::AlertRow& alert : shownAlerts(snapshot)) {
        judgeAlert(health, alert);
    }
    judgeUsage(health, snapshot.pool);
    return health;
}

std::vector<metrics::AlertRow> shownAlerts(const metrics::Snapshot& snapshot, Shadows shadows)
{
    std::vector<metrics::AlertRow> shown = snapshot.alerts;
    for (const metrics::AlertRow& row : snapshot.otherAlerts) {
        if (shadows == Shadows::Too || row.owner != metrics::RuleOwner::Shadow) {
            shown.push_back(row);
        }
    }
    return shown;
}

AlertCounts countAlerts(const std::vector<metrics::AlertRow>& alerts) noexcept
{
    AlertCounts counts;
    for (const metrics::AlertRow& alert : alerts) {
        switch (alert.state) {
        case metrics::AlertState::Inactive:
            break;
        case metrics::AlertState::Pending:
            ++counts.pending;
            break;
        case metrics::AlertState::Firing:
        case metrics::AlertState::Recovering:
            ++(alert.muted() ? counts.covered : counts.firing);
            break;
        case metrics::AlertState::Resolved:
            ++counts.resolved;
            break;
        }
    }
    return counts;
}

int rankOf(StatusLevel level) noexcept
{
    switch (level) {
    case StatusLevel::NoData:
        return 0;
    case StatusLevel::Ok:
        return 1;
    case StatusLevel::Pending:
        return 2;
    case StatusLevel::Warning:
        return 3;
    case StatusLevel::Error:
        return 4;
    case StatusLevel::Critical:
        return 5;
    }
    return 0;
}

} // namespace widgets
